"""The consumer loop: durable pull consumers of JetStream, each effect once.

An event and its inbox row share the handler's transaction. An error is nak'ed with a growing delay (a plain nak would burn
the tries at once); a poison message is terminated; NATS then raises an advisory, which `dead_letters` keeps.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

from nats.aio.msg import Msg
from pydantic import BaseModel, ValidationError
from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from services.kit.context import Context
from services.kit.pull import PoisonError, work

AT_ONCE = 8

Handler = Callable[[AsyncSession, Any], Awaitable[None]]
BareHandler = Callable[[Context, Any], Awaitable[None]]


class Durable(Protocol):
    """What the loop needs to know of a consumer that was declared at provisioning."""

    @property
    def durable(self) -> str: ...
    @property
    def stream(self) -> str: ...


class Handlers:
    """The handlers of a service, found by the subject of the event."""

    def __init__(self, handlers: Mapping[Any, Handler | BareHandler]) -> None:
        self._by_prefix: dict[str, tuple[type[BaseModel], Any]] = {model.subject_prefix: (model, f) for model, f in handlers.items()}

    def read(self, subject: str, data: bytes) -> tuple[BaseModel, Any]:
        """The event and its handler; PoisonError when nobody here knows it or it is malformed."""
        prefix = subject.rsplit(".", 1)[0]
        if prefix not in self._by_prefix:
            raise PoisonError(f"no handler for {prefix}")
        model, handler = self._by_prefix[prefix]
        try:
            return model.model_validate_json(data), handler
        except ValidationError as error:
            raise PoisonError(f"malformed {prefix}: {error.error_count()} error(s)") from error


async def handle(context: Context, consumer: str, handlers: Handlers, subject: str, data: bytes) -> None:
    """Handle one event, once: with a database the inbox row is in the handler's own transaction."""
    event, handler = handlers.read(subject, data)
    if not context.has_database:
        await handler(context, event)
        return
    async with context.database.transaction() as session:
        fresh = await session.execute(
            text("insert into inbox (consumer, event_id) values (:consumer, :event_id) on conflict do nothing returning event_id"),
            {"consumer": consumer, "event_id": event.event_id},  # type: ignore[attr-defined]
        )
        if fresh.first() is not None:
            await handler(session, event)


async def consume(context: Context, durable: Durable, handlers: Handlers) -> None:
    """Run one consumer until cancelled, through restarts of NATS."""

    async def deliver(message: Msg) -> None:
        await handle(context, durable.durable, handlers, message.subject, message.data)

    await work(context.bus, stream=durable.stream, durable=durable.durable, do=deliver, at_once=AT_ONCE)
