"""NATS as the services use it: one connection, requests that answer a model or raise a problem, JetStream."""

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
        self.nc: Client = Client()
        self.js: JetStreamContext = self.nc.jetstream()

    async def connect(self) -> None:
        """Connect, or keep trying in the background: a service starts, and accepts deposits, without NATS."""
        user = self._settings.nats_user or self._settings.service
        await self.nc.connect(
            self._settings.nats_url,
            name=self._settings.service,
            user=self._settings.nats_user,
            password=self._settings.nats_password,
            inbox_prefix=f"_INBOX.{user}".encode(),
            allow_reconnect=True,
            max_reconnect_attempts=-1,
            reconnect_time_wait=1,
            # What is published while disconnected must fail at once, not wait in a buffer and be believed sent.
            pending_size=-1,
            error_cb=self._on_error,
            disconnected_cb=self._on_disconnect,
            reconnected_cb=self._on_reconnect,
        )
        self.js = self.nc.jetstream(timeout=5)

    async def close(self) -> None:
        if self.nc.is_connected:
            await self.nc.drain()
        else:
            await self.nc.close()

    async def ping(self) -> None:
        await self.nc.flush(timeout=2)

    async def request(self, request: Requestable[ReplyT_co], timeout: float = 5.0) -> ReplyT_co:  # noqa: ASYNC109 -- NATS keeps the clock
        """Ask the service that owns the data.

        A problem of that service is raised here as it was there; no answer within `timeout` seconds is `Unavailable`.
        """
        try:
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
        log.warning("bus.disconnected")

    async def _on_reconnect(self) -> None:
        log.info("bus.reconnected")


def decode_headers(headers: dict[str, str] | None) -> str:
    """The correlation id that came with a message, or nothing."""
    return (headers or {}).get(CORRELATION_HEADER, "")


def encode(body: BaseModel) -> bytes:
    return json.dumps(body.model_dump(mode="json"), ensure_ascii=False).encode()
