"""Assembly of a service: one process, its HTTP, its consumers, its requests, its background tasks."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import uvicorn
from asgi_correlation_id import CorrelationIdMiddleware
from fastapi import APIRouter, FastAPI

from services.kit import logs
from services.kit.auth import Verifier
from services.kit.background import Background
from services.kit.bus import Bus
from services.kit.consumer import BareHandler, Durable, Handler, Handlers, consume
from services.kit.context import Context
from services.kit.database import Database
from services.kit.dead_letters import DeadLetters
from services.kit.health import Check, health_router
from services.kit.http import correlation_is_valid, install_problems
from services.kit.outbox import Relay
from services.kit.requests import RequestHandler, RequestServer
from services.kit.settings import ServiceSettings

Task = Callable[[Context], Awaitable[None]]
Work = Callable[[], Awaitable[None]]


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
    on_nats = _works_on_nats(context, consumers, Handlers(events or {}), requests or {})
    own_tasks: dict[str, Work] = {f"{n} {_task_name(task)}": partial(task, context) for n, task in enumerate(tasks, 1)}
    background = Background({*on_nats, *own_tasks})
    checks: dict[str, Check] = {"nats": context.bus.ping, "tâches de fond": background.check}
    if database is not None:
        checks["postgresql"] = database.ping
    for name, check in (ready or {}).items():
        checks[name] = partial(check, context)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        running = asyncio.create_task(_run(context, background, on_nats, own_tasks))
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
    install_problems(app)
    app.add_middleware(CorrelationIdMiddleware, header_name="X-Correlation-Id", validator=correlation_is_valid)
    app.include_router(health_router(checks))
    app.include_router(router)
    return app


def _works_on_nats(
    context: Context, consumers: Sequence[Durable], handlers: Handlers, requests: Mapping[Any, RequestHandler]
) -> dict[str, Work]:
    """What needs a connection to NATS, by name."""
    works: dict[str, Work] = {durable.durable: partial(consume, context, durable, handlers) for durable in consumers}
    if context.has_database:
        works["outbox"] = lambda: Relay(context.database, context.bus.js).run()
    if consumers:
        dead_letters = DeadLetters(context, handlers)
        works["dead letters"] = dead_letters.collect
        if context.has_database:
            requests = {**requests, **dead_letters.requests()}
    if requests:
        works["requests"] = lambda: RequestServer(context, requests).run()
    return works


def _task_name(task: Task) -> str:
    function = task.func if isinstance(task, partial) else task
    return str(getattr(function, "__name__", function))


async def _run(context: Context, background: Background, on_nats: Mapping[str, Work], tasks: Mapping[str, Work]) -> None:
    """All that runs beside HTTP. HTTP answers before NATS is there: a deposit waits for nobody."""
    async with asyncio.TaskGroup() as group:
        group.create_task(background.keep("nats", partial(_run_on_nats, context, background, on_nats)))
        for name, task in tasks.items():
            group.create_task(background.keep(name, task))


async def _run_on_nats(context: Context, background: Background, works: Mapping[str, Work]) -> None:
    await context.bus.connect()
    async with asyncio.TaskGroup() as group:
        for name, work in works.items():
            group.create_task(background.keep(name, work))
        await context.bus.until_closed()
        raise ConnectionError("sent away by NATS")


def serve(app: FastAPI, settings: ServiceSettings) -> None:
    """Serve until SIGTERM or SIGINT; requests under way are answered first."""
    uvicorn.run(app, host=settings.host, port=settings.port, log_config=None, access_log=False, timeout_graceful_shutdown=10)
