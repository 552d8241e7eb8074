"""The request server: `nats.micro` endpoints, each answering a model or a problem."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Any, TypeVar

import nats.errors
import nats.micro
from asgi_correlation_id import correlation_id
from nats.micro.request import Request as MicroRequest
from nats.micro.service import EndpointConfig, Service, ServiceConfig
from pydantic import BaseModel, ValidationError
from sqlmodel.ext.asyncio.session import AsyncSession

from services.kit.bus import CORRELATION_HEADER, PROBLEM_HEADER, decode_headers, encode
from services.kit.context import Context
from services.kit.database import OUTAGES
from services.kit.logs import get_logger
from services.kit.problems import Problem, Unavailable

AT_ONCE = 64
# Longer than callers wait for an answer.
STOP_SECONDS = 6.0

log = get_logger(__name__)

RequestHandler = Callable[[Context, Any], Awaitable[BaseModel]]
RequestT = TypeVar("RequestT", bound=BaseModel)
ReplyT = TypeVar("ReplyT", bound=BaseModel)


def in_transaction(use_case: Callable[[AsyncSession, RequestT], Awaitable[ReplyT]]) -> Callable[[Context, RequestT], Awaitable[ReplyT]]:
    """Make a use case answer requests, in one transaction of its own."""

    async def handler(context: Context, request: RequestT) -> ReplyT:
        async with context.database.transaction() as session:
            return await use_case(session, request)

    return handler


class RequestServer:
    """Answers the requests of one service until stopped; those under way are answered first."""

    def __init__(self, context: Context, handlers: Mapping[Any, RequestHandler]) -> None:
        self._context = context
        self._handlers = handlers
        self._gate = asyncio.Semaphore(AT_ONCE)
        self._under_way: set[asyncio.Task[None]] = set()
        self._service: Service | None = None

    async def run(self) -> None:
        """Answer until cancelled."""
        try:
            await self.start()
            await asyncio.Event().wait()
        finally:
            await self.stop()

    async def start(self) -> None:
        name = self._context.settings.service
        self._service = await nats.micro.add_service(self._context.bus.nc, ServiceConfig(name=name, version="1.0.0"))
        for model, handler in self._handlers.items():
            await self._service.add_endpoint(
                EndpointConfig(name=model.subject.replace(".", "-"), subject=model.subject, handler=self._endpoint(model, handler))
            )

    async def stop(self) -> None:
        if self._service is not None and self._context.bus.nc.is_connected:
            # Bounded: a connection that no longer takes bytes must not hold the process back.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(STOP_SECONDS):
                    await self._service.stop()
        if self._under_way:
            _, late = await asyncio.wait(self._under_way, timeout=STOP_SECONDS)
            for task in late:
                task.cancel()

    def _endpoint(self, model: type[BaseModel], handler: RequestHandler) -> Callable[[MicroRequest], Awaitable[None]]:
        async def on_request(request: MicroRequest) -> None:
            # nats-py hands messages one by one: a task each lets requests be answered side by side.
            task = asyncio.create_task(self._answer(model, handler, request))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)

        return on_request

    async def _answer(self, model: type[BaseModel], handler: RequestHandler, request: MicroRequest) -> None:
        async with self._gate:
            correlation = decode_headers(request.headers)
            correlation_id.set(correlation)
            headers = {CORRELATION_HEADER: correlation}
            try:
                body = encode(await handler(self._context, model.model_validate_json(request.data)))
                if len(body) > self._context.bus.nc.max_payload:
                    raise OverflowError(f"the reply has {len(body)} bytes, more than NATS carries")  # noqa: TRY301 -- answered below as any bug
            except Exception as error:
                problem = _as_problem(error)
                if problem.status == HTTPStatus.INTERNAL_SERVER_ERROR:
                    log.exception("request.failed", subject=request.subject)
                body = encode(problem.body(request.subject, correlation))
                headers[PROBLEM_HEADER] = problem.slug
            try:
                await request.respond(body, headers)
            except (nats.errors.Error, OSError) as error:
                log.warning("request.unanswered", subject=request.subject, error=repr(error))


def _as_problem(error: Exception) -> Problem:
    if isinstance(error, Problem):
        return error
    if isinstance(error, ValidationError):
        return Problem("requete-malformee", "La requête n’a pas la forme attendue.", status=HTTPStatus.BAD_REQUEST)
    if isinstance(error, OUTAGES):
        return Unavailable("La base de données ne répond pas pour le moment.", detail="Réessayez dans un instant.")
    return Problem("erreur-interne", "Le service a rencontré une erreur.", status=HTTPStatus.INTERNAL_SERVER_ERROR)
