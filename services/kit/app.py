"""Assembly of a service: one process, its HTTP, its consumers, its requests, its background tasks."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import uvicorn
from asgi_correlation_id import CorrelationIdMiddleware
from fastapi import APIRouter, FastAPI

from services.kit import logs
from services.kit.auth import Verifier
from services.kit.bus import Bus
from services.kit.consumer import BareHandler, Durable, Handler, Handlers, consume
from services.kit.context import Context
from services.kit.database import Database
from services.kit.dead_letters import DeadLetters
from services.kit.health import Check, health_router
from services.kit.http import install_problems
from services.kit.outbox import Relay
from services.kit.requests import RequestHandler, RequestServer
from services.kit.settings import ServiceSettings

Task = Callable[[Context], Awaitable[None]]

log = logs.get_logger(__name__)


def build_app(
    settings: ServiceSettings,
    *,
    router: APIRouter,
    consumers: Sequence[Durable] = (),
    events: Mapping[Any, Handler | BareHandler] | None = None,
    requests: Mapping[Any, RequestHandler] | None = None,
    tasks: Sequence[Task] = (),
    ready: Mapping[str, Callable[[Context], Awaitable[None]]] | None = None,
) -> FastAPI:
    """A service ready to run.

    `consumers` are the durables it reads, `events` their handlers by event model, `requests` the answers by request
    model, `tasks` coroutines run until shutdown, `ready` further readiness checks by name.
    """
    logs.configure(settings.service, settings.log_level)
    database = Database(settings.database_url, settings.database_pool) if settings.database_url else None
    context = Context(settings, Bus(settings), database)
    checks: dict[str, Check] = {"nats": context.bus.ping}
    if database is not None:
        checks["postgresql"] = database.ping
    for name, check in (ready or {}).items():
        checks[name] = lambda check=check: check(context)  # type: ignore[misc]

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        running = asyncio.create_task(_run(context, consumers, Handlers(events or {}), requests or {}, tasks))
        try:
            yield
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            await context.bus.close()
            if database is not None:
                await database.dispose()

    app = FastAPI(
        title=f"Inscription en ligne – {settings.service}",
        version="1",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=f"/api/{settings.service}/v1/openapi.json",
    )
    app.state.context = context
    app.state.verifier = Verifier(settings.jwks_url)
    app.add_middleware(CorrelationIdMiddleware, header_name="X-Correlation-Id", validator=None)
    install_problems(app)
    app.include_router(health_router(checks))
    app.include_router(router)
    return app


async def _run(
    context: Context,
    consumers: Sequence[Durable],
    handlers: Handlers,
    requests: Mapping[Any, RequestHandler],
    tasks: Sequence[Task],
) -> None:
    """All that runs beside HTTP. HTTP answers before NATS is there: a deposit waits for nobody."""
    await _connect(context)
    server = RequestServer(context, requests)
    try:
        async with asyncio.TaskGroup() as group:
            if context.has_database:
                group.create_task(Relay(context.database, context.bus.js).run())
            if context.has_database and consumers:
                dead_letters = DeadLetters(context, handlers)
                group.create_task(dead_letters.collect())
                requests = {**requests, **dead_letters.requests()}
                server = RequestServer(context, requests)
            for durable in consumers:
                group.create_task(consume(context, durable, handlers))
            for task in tasks:
                group.create_task(task(context))  # type: ignore[arg-type]
            if requests:
                await server.start()
    finally:
        await server.stop()


async def _connect(context: Context) -> None:
    while True:
        try:
            await context.bus.connect()
        except OSError as error:
            log.warning("bus.waiting", error=repr(error))
            await asyncio.sleep(0.5)
        else:
            return


def serve(app: FastAPI, settings: ServiceSettings) -> None:
    """Serve until SIGTERM or SIGINT; requests under way are answered first."""
    uvicorn.run(app, host=settings.host, port=settings.port, log_config=None, access_log=False, timeout_graceful_shutdown=10)
