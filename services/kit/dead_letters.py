"""Dead letters: messages that NATS gave up, kept in the service's database with why, until replayed.

NATS raises an advisory when a message is terminated or reaches its last try; the stream DEAD_LETTERS keeps advisories, so
that none is missed while the service is down. `python -m services.kit.dead_letters list|replay` is the operator's side.
"""

import asyncio
import json
from collections.abc import Mapping
from typing import Any, ClassVar

import nats.errors
import nats.js.errors
from nats.aio.msg import Msg
from pydantic import BaseModel
from sqlalchemy import text

from services.kit.consumer import FETCH_SECONDS, HEARTBEAT_SECONDS, Handlers, handle
from services.kit.context import Context
from services.kit.logs import get_logger
from services.kit.requests import RequestHandler

STREAM = "DEAD_LETTERS"
BETWEEN_TRIES_SECONDS = 1.0

log = get_logger(__name__)


class DeadLetterPublic(BaseModel):
    id: int
    consumer: str
    subject: str
    reason: str
    received_at: str
    replayed_at: str | None


class DeadLetterList(BaseModel):
    elements: list[DeadLetterPublic]


class ListDeadLetters(BaseModel):
    """All those not replayed yet, oldest first."""

    subject: ClassVar[str]
    reply: ClassVar[type[Any]] = DeadLetterList


class Replayed(BaseModel):
    replayed: bool
    reason: str = ""


class ReplayDeadLetter(BaseModel):
    """Handle one dead letter again, as if it had just been delivered."""

    subject: ClassVar[str]
    reply: ClassVar[type[Any]] = Replayed

    id: int


def requests_of(service: str) -> tuple[type[ListDeadLetters], type[ReplayDeadLetter]]:
    """The two request models, addressed to `service`."""
    listing = type("ListDeadLettersOf", (ListDeadLetters,), {"subject": f"rpc.{service}.v1.deadletters.list"})
    replay = type("ReplayDeadLetterOf", (ReplayDeadLetter,), {"subject": f"rpc.{service}.v1.deadletters.replay"})
    return listing, replay


class DeadLetters:
    """Collects the advisories of this service's consumers, and replays on demand."""

    def __init__(self, context: Context, handlers: Handlers) -> None:
        self._context = context
        self._handlers = handlers

    def requests(self) -> Mapping[Any, RequestHandler]:
        listing, replay = requests_of(self._context.settings.service)
        return {listing: self._list, replay: self._replay}

    async def collect(self) -> None:
        """Turn advisories into rows until cancelled."""
        durable = f"dead-letters-{self._context.settings.service}"
        while True:
            try:
                subscription = await self._context.bus.js.pull_subscribe_bind(durable, stream=STREAM)
                while True:
                    try:
                        for message in await subscription.fetch(10, timeout=FETCH_SECONDS, heartbeat=HEARTBEAT_SECONDS):
                            await self._keep(message)
                    except nats.errors.TimeoutError:
                        continue
            except (nats.errors.Error, nats.js.errors.Error, OSError) as error:
                log.warning("dead_letters.lost", error=repr(error))
                await asyncio.sleep(BETWEEN_TRIES_SECONDS)

    async def _keep(self, message: Msg) -> None:
        advisory = json.loads(message.data)
        try:
            original = await self._context.bus.js.get_msg(advisory["stream"], advisory["stream_seq"])
        except nats.js.errors.NotFoundError:
            await message.ack()
            return
        reason = advisory.get("reason") or f"abandonné après {advisory.get('deliveries', 'un')} essai(s)"
        async with self._context.database.transaction() as session:
            await session.execute(
                text(
                    "insert into dead_letters (consumer, stream, stream_seq, subject, payload, reason)"
                    " values (:consumer, :stream, :seq, :subject, :payload, :reason) on conflict (consumer, stream_seq) do nothing"
                ),
                {
                    "consumer": advisory["consumer"],
                    "stream": advisory["stream"],
                    "seq": advisory["stream_seq"],
                    "subject": original.subject or "",
                    "payload": (original.data or b"").decode(errors="replace"),
                    "reason": reason,
                },
            )
        log.error("dead_letters.kept", consumer=advisory["consumer"], subject=original.subject, reason=reason)
        await message.ack()

    async def _list(self, context: Context, _: ListDeadLetters) -> DeadLetterList:
        async with context.database.transaction() as session:
            rows = await session.execute(
                text(
                    "select id, consumer, subject, reason, received_at::text, replayed_at::text from dead_letters"
                    " where replayed_at is null order by id limit 1000"
                )
            )
            return DeadLetterList(elements=[DeadLetterPublic.model_validate(dict(row._mapping)) for row in rows])  # noqa: SLF001 -- SQLAlchemy's name

    async def _replay(self, context: Context, request: ReplayDeadLetter) -> Replayed:
        async with context.database.transaction() as session:
            row = (
                await session.execute(text("select consumer, subject, payload from dead_letters where id = :id"), {"id": request.id})
            ).one_or_none()
        if row is None:
            return Replayed(replayed=False, reason="aucun message de ce numéro")
        try:
            await handle(context, row.consumer, self._handlers, row.subject, row.payload.encode())
        except Exception as error:  # noqa: BLE001 -- whatever it is, the operator reads it
            return Replayed(replayed=False, reason=str(error))
        async with context.database.transaction() as session:
            await session.execute(text("update dead_letters set replayed_at = now() where id = :id"), {"id": request.id})
        return Replayed(replayed=True)
