"""Transactional outbox: an event is a row of the caller's transaction; the relay carries it to JetStream afterwards."""

import asyncio
import json
from collections.abc import Sequence
from typing import Any, Protocol
from uuid import UUID

import nats.errors
import nats.js.errors
from asgi_correlation_id import correlation_id
from nats.js import JetStreamContext
from sqlalchemy import insert, text
from sqlmodel.ext.asyncio.session import AsyncSession

from services.kit.bus import CORRELATION_HEADER
from services.kit.database import Database
from services.kit.logs import get_logger
from services.kit.tables import Outbox
from services.kit.wake import Wake

CHANNEL = "outbox"
BATCH = 200

log = get_logger(__name__)


class Publishable(Protocol):
    """What the outbox needs of an event."""

    @property
    def event_id(self) -> UUID: ...
    @property
    def subject(self) -> str: ...
    def model_dump(self, *, mode: str) -> dict[str, Any]: ...


async def publish(session: AsyncSession, event: Publishable) -> None:
    """Publish `event` if, and only if, the caller's transaction commits."""
    await publish_many(session, [event])


async def publish_many(session: AsyncSession, events: Sequence[Publishable]) -> None:
    """Publish events in this order; one statement whatever their number."""
    if not events:
        return
    correlation = correlation_id.get() or ""
    rows = [
        {"event_id": e.event_id, "subject": e.subject, "payload": e.model_dump(mode="json"), "correlation_id": correlation} for e in events
    ]
    await session.execute(insert(Outbox), rows)
    await session.execute(text(f"notify {CHANNEL}"))


class Relay:
    """Carries committed events to JetStream, in order of writing, woken by NOTIFY.

    Several replicas may run: rows being sent by one are skipped by the others. A crash after the publish and before the
    commit publishes again under the same `Nats-Msg-Id`, which JetStream drops, and the consumers' inboxes too.
    """

    def __init__(self, database: Database, js: JetStreamContext) -> None:
        self._database = database
        self._js = js
        self._wake = Wake(database.url, CHANNEL)

    async def run(self) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(self._wake.listen())
            group.create_task(self._relay())

    async def _relay(self) -> None:
        while True:
            self._wake.clear()
            try:
                while await self.flush() == BATCH:
                    pass
            except (nats.errors.Error, nats.js.errors.Error, OSError) as error:
                log.warning("outbox.waiting_for_nats", error=repr(error))
            except Exception:
                log.exception("outbox.failed")
            await self._wake.wait()

    async def flush(self) -> int:
        """Publish up to one batch; the number of events that left."""
        if not self._js._nc.is_connected:  # noqa: SLF001 -- a publish while disconnected leaves an answer that nats-py awaits for ever
            raise ConnectionError("not connected")
        async with self._database.transaction() as session:
            rows = (
                await session.execute(
                    text(
                        "select position, event_id, subject, payload, correlation_id from outbox"
                        " where published_at is null order by position limit :batch for update skip locked"
                    ),
                    {"batch": BATCH},
                )
            ).all()
            if not rows:
                return 0
            await asyncio.gather(
                *(
                    self._js.publish(
                        row.subject,
                        json.dumps(row.payload).encode(),
                        headers={"Nats-Msg-Id": str(row.event_id), CORRELATION_HEADER: row.correlation_id},
                    )
                    for row in rows
                )
            )
            published = {"positions": [row.position for row in rows]}
            await session.execute(text("update outbox set published_at = now() where position = any(:positions)"), published)
            return len(rows)
