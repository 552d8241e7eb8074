"""Dead letters: messages that NATS gave up, kept in the service's database with why, until replayed.

NATS raises an advisory when a message is terminated or reaches its last try; the stream DEAD_LETTERS keeps advisories, so
that none is missed while the service is down. `python -m services.kit.dead_letters list|replay` is the operator's side.
"""

import json
from collections.abc import Mapping
from typing import Any, ClassVar

import nats.js.errors
from nats.aio.msg import Msg
from nats.js.api import RawStreamMsg
from pydantic import BaseModel
from sqlalchemy import text

from services.kit.consumer import Handlers, handle
from services.kit.context import Context
from services.kit.logs import get_logger
from services.kit.pull import work
from services.kit.requests import RequestHandler

STREAM = "DEAD_LETTERS"

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
        do = self._keep if self._context.has_database else self._insist
        await work(self._context.bus, stream=STREAM, durable=durable, do=do, at_once=1)

    async def _keep(self, message: Msg) -> None:
        advisory = json.loads(message.data)
        original = await self._original(advisory)
        if original is None:
            return
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
                    "reason": _reason(advisory),
                },
            )
        log.error("dead_letters.kept", consumer=advisory["consumer"], subject=original.subject, reason=_reason(advisory))

    async def _insist(self, message: Msg) -> None:
        """Without a database to keep it in, a message given up is tried again, later and later, for as long as it takes."""
        advisory = json.loads(message.data)
        original = await self._original(advisory)
        if original is None:
            return
        log.error("dead_letters.insisting", consumer=advisory["consumer"], subject=original.subject, reason=_reason(advisory))
        await handle(self._context, advisory["consumer"], self._handlers, original.subject or "", original.data or b"")

    async def _original(self, advisory: Mapping[str, Any]) -> RawStreamMsg | None:
        """The message that was given up; None when its stream no longer has it."""
        try:
            return await self._context.bus.js.get_msg(advisory["stream"], advisory["stream_seq"])
        except nats.js.errors.NotFoundError:
            return None

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


def _reason(advisory: Mapping[str, Any]) -> str:
    return advisory.get("reason") or f"abandonné après {advisory.get('deliveries', 1)} essai(s)"
