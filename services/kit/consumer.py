"""The consumer loop: durable pull consumers of JetStream, each effect once.

An event and its inbox row share the handler's transaction. A transient error is nak'ed with a growing delay (a plain nak
would burn the tries at once); a poison message is terminated; NATS then raises an advisory, which `dead_letters` keeps.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Protocol

import nats.errors
import nats.js.errors
from asgi_correlation_id import correlation_id
from nats.aio.msg import Msg
from nats.js import JetStreamContext
from pydantic import BaseModel, ValidationError
from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from services.kit.bus import decode_headers
from services.kit.context import Context
from services.kit.logs import get_logger

BATCH = 50
AT_ONCE = 8
FETCH_SECONDS = 5.0
# Notices a restarted server between two messages of a long fetch.
HEARTBEAT_SECONDS = 1.0
FIRST_DELAY_SECONDS = 0.5
LONGEST_DELAY_SECONDS = 60.0

log = get_logger(__name__)

Handler = Callable[[AsyncSession, Any], Awaitable[None]]
BareHandler = Callable[[Context, Any], Awaitable[None]]


class Durable(Protocol):
    """What the loop needs to know of a consumer that was declared at provisioning."""

    @property
    def durable(self) -> str: ...
    @property
    def stream(self) -> str: ...


class PoisonError(Exception):
    """This message can never be handled: no use in delivering it again."""


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
    while True:
        try:
            subscription = await context.bus.js.pull_subscribe_bind(durable.durable, stream=durable.stream)
            await _pump(context, durable, handlers, subscription)
        except (nats.errors.Error, nats.js.errors.Error, OSError) as error:
            log.warning("consumer.lost", consumer=durable.durable, error=repr(error))
            await asyncio.sleep(FIRST_DELAY_SECONDS)


async def _pump(context: Context, durable: Durable, handlers: Handlers, subscription: JetStreamContext.PullSubscription) -> None:
    gate = asyncio.Semaphore(AT_ONCE)
    try:
        while True:
            try:
                messages: Sequence[Msg] = await subscription.fetch(BATCH, timeout=FETCH_SECONDS, heartbeat=HEARTBEAT_SECONDS)
            except nats.errors.TimeoutError:
                continue
            async with asyncio.TaskGroup() as group:
                for message in messages:
                    group.create_task(_deliver(context, durable, handlers, message, gate))
    finally:
        if context.bus.nc.is_connected:
            await subscription.unsubscribe()


async def _deliver(context: Context, durable: Durable, handlers: Handlers, message: Msg, gate: asyncio.Semaphore) -> None:
    async with gate:
        correlation_id.set(decode_headers(message.headers))
        try:
            await handle(context, durable.durable, handlers, message.subject, message.data)
        except PoisonError as error:
            log.error("consumer.poison", consumer=durable.durable, subject=message.subject, reason=str(error))  # noqa: TRY400 -- no trace to show
            await message.term()
        except Exception:
            tries = message.metadata.num_delivered
            delay = min(FIRST_DELAY_SECONDS * 2 ** (tries - 1), LONGEST_DELAY_SECONDS)
            log.exception("consumer.retry", consumer=durable.durable, subject=message.subject, tries=tries, delay=delay)
            await message.nak(delay=delay)
        else:
            await message.ack()
