"""NATS as the services use it: one connection, requests that answer a model or raise a problem, JetStream."""

import asyncio
import contextlib
import json
from typing import Any, ClassVar, Protocol, TypeVar

import nats
import nats.errors
from asgi_correlation_id import correlation_id
from nats.aio.client import Client
from nats.js import JetStreamContext
from pydantic import BaseModel

from services.kit.logs import get_logger
from services.kit.problems import Problem, ProblemBody, Unavailable
from services.kit.settings import ServiceSettings

CORRELATION_HEADER = "Correlation-Id"
PING_SECONDS = 2.0
CLOSE_SECONDS = 3.0
# Twice this without an answer, and a connection that is only half open is made again.
PING_INTERVAL_SECONDS = 20
PROBLEM_HEADER = "Problem"
"""Present on the answer of a request that failed: the body is then a problem."""

log = get_logger(__name__)

ReplyT_co = TypeVar("ReplyT_co", bound=BaseModel, covariant=True)


class Requestable(Protocol[ReplyT_co]):
    """A request model: its subject and the model of its answer stand on its class."""

    subject: ClassVar[str]
    reply: ClassVar[type[Any]]

    def model_dump_json(self) -> str: ...


class Bus:
    """The connection of one process to NATS. It reconnects for ever; requests made meanwhile are `Unavailable`."""

    def __init__(self, settings: ServiceSettings) -> None:
        self._settings = settings
        self._closed = asyncio.Event()
        self._leaving = False
        self.nc: Client = Client()
        self.js: JetStreamContext = self.nc.jetstream()

    async def connect(self) -> None:
        """Connect, trying until there is a server: a service starts, and accepts deposits, without NATS."""
        user = self._settings.nats_user or self._settings.service
        self.nc = Client()
        self.js = self.nc.jetstream(timeout=5)
        self._closed.clear()
        self._leaving = False
        await self.nc.connect(
            self._settings.nats_url,
            name=self._settings.service,
            user=self._settings.nats_user,
            password=self._settings.nats_password,
            inbox_prefix=f"_INBOX.{user}".encode(),
            allow_reconnect=True,
            max_reconnect_attempts=-1,
            reconnect_time_wait=1,
            ping_interval=PING_INTERVAL_SECONDS,
            # What is published while disconnected must fail at once, not wait in a buffer and be believed sent.
            pending_size=-1,
            error_cb=self._on_error,
            disconnected_cb=self._on_disconnect,
            reconnected_cb=self._on_reconnect,
            closed_cb=self._on_close,
        )

    async def close(self) -> None:
        """Send what was written, then close. Nothing happens when there is no connection."""
        self._leaving = True
        if self.nc.is_connected or self.nc.is_connecting or self.nc.is_reconnecting:
            # Bounded: a server that reads nothing more must not hold the process back.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(CLOSE_SECONDS):
                    await self.nc.close()

    async def until_closed(self) -> None:
        """Wait until the server sends us away (credentials revoked, for one): nats-py does not come back from that."""
        await self._closed.wait()

    async def ping(self) -> None:
        """Raises when the server does not answer.

        nats-py's `flush` succeeds while it reconnects; and a PONG that comes after its time is over breaks its read loop, for
        it sets the result of a cancelled future: so this one is not cancelled.
        """
        if not self.nc.is_connected:
            raise ConnectionError("not connected")
        pong: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        await self.nc._send_ping(pong)  # noqa: SLF001 -- the public ways cancel the future
        done, _ = await asyncio.wait({pong}, timeout=PING_SECONDS)
        if not done:
            raise TimeoutError("no pong")

    async def request(self, request: Requestable[ReplyT_co], timeout: float = 5.0) -> ReplyT_co:  # noqa: ASYNC109 -- NATS keeps the clock
        """Ask the service that owns the data.

        A problem of that service is raised here as it was there; no answer within `timeout` seconds is `Unavailable`.
        """
        try:
            if not self.nc.is_connected:
                # Before nats-py notes that it waits for an answer: it would do so for ever.
                raise ConnectionError("not connected")
            message = await self.nc.request(
                request.subject,
                request.model_dump_json().encode(),
                timeout=timeout,
                headers={CORRELATION_HEADER: correlation_id.get() or ""},
            )
        except (nats.errors.Error, TimeoutError, OSError) as error:
            log.warning("bus.no_answer", subject=request.subject, error=repr(error))
            raise Unavailable(
                "Un service nécessaire ne répond pas pour le moment.",
                detail="Rien n’a été perdu. Réessayez dans quelques instants.",
            ) from error
        if message.headers and PROBLEM_HEADER in message.headers:
            raise Problem.from_body(ProblemBody.model_validate_json(message.data))
        return request.reply.model_validate_json(message.data)  # type: ignore[no-any-return]

    async def _on_error(self, error: Exception) -> None:
        log.warning("bus.error", error=repr(error))

    async def _on_disconnect(self) -> None:
        if not self._leaving:
            log.warning("bus.disconnected")

    async def _on_reconnect(self) -> None:
        log.info("bus.reconnected")

    async def _on_close(self) -> None:
        if not self._leaving:
            log.error("bus.closed")
        self._closed.set()


def decode_headers(headers: dict[str, str] | None) -> str:
    """The correlation id that came with a message, or nothing."""
    return (headers or {}).get(CORRELATION_HEADER, "")


def encode(body: BaseModel) -> bytes:
    return json.dumps(body.model_dump(mode="json"), ensure_ascii=False).encode()
