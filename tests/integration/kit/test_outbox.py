"""The outbox: what was committed leaves, in order and once, whatever breaks."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import psycopg
import pytest
from nats.js import JetStreamContext
from sqlalchemy.exc import OperationalError

from services.kit.bus import Bus
from services.kit.database import Database
from services.kit.outbox import BATCH, Relay, publish, publish_many
from tests.integration.kit.house import Chose, House, une_chose, until


async def write(house: House, *names: str) -> list[Chose]:
    choses = [une_chose(name) for name in names]
    async with house.database.transaction() as session:
        await publish_many(session, choses)
    return choses


async def unpublished(house: House) -> int:
    return len(await house.rows("select 1 from outbox where published_at is null"))


async def stored(house: House) -> list[str]:
    """Names of the events of the stream, in its order."""
    async with house.administrator() as js:
        state = (await js.stream_info("IDENTITY")).state
        messages = [await js.get_msg("IDENTITY", seq) for seq in range(state.first_seq, state.last_seq + 1)]
    return [json.loads(message.data or b"")["nom"] for message in messages]


@asynccontextmanager
async def relaying(house: House) -> AsyncIterator[Bus]:
    """A relay at work, on a connection and a pool of its own, as in another process."""
    database = Database(house.database.url)
    async with house.bus("identity") as bus:
        running = asyncio.create_task(Relay(database, bus.js).run())
        try:
            yield bus
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            await database.dispose()


async def test_events_leave_in_the_order_of_writing(house: House) -> None:
    names = [f"{n:04}" for n in range(2 * BATCH + 50)]
    await write(house, *names[:100])
    async with relaying(house):
        await write(house, *names[100:])
        await until(lambda: _all_published(house))
    assert await stored(house) == names


async def _all_published(house: House) -> bool:
    return await unpublished(house) == 0


async def test_what_is_rolled_back_does_not_leave(house: House) -> None:
    async def change_ones_mind() -> None:
        async with house.database.transaction() as session:
            await publish(session, une_chose("never"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await change_ones_mind()
    async with relaying(house):
        await write(house, "kept")
        await until(lambda: _all_published(house))
    assert await stored(house) == ["kept"]


async def test_a_commit_wakes_the_relay_within_a_second(house: House) -> None:
    async with relaying(house):
        await write(house, "first")
        await until(lambda: _all_published(house))
        await write(house, "second")
        await until(lambda: _all_published(house), seconds=1)


async def test_the_listening_connection_is_made_again(house: House) -> None:
    async with relaying(house):
        await until(lambda: _listeners(house))
        [lost] = await _listeners(house)
        await house.rows("select pg_terminate_backend(:pid)", pid=lost)
        await until(lambda: _others_than(house, lost))
        await write(house, "a")
        await until(lambda: _all_published(house), seconds=1)


async def _listeners(house: House) -> list[int]:
    rows = await house.rows("select pid from pg_stat_activity where query = 'listen outbox' and datname = current_database()")
    return [row.pid for row in rows]


async def _others_than(house: House, lost: int) -> bool:
    found = await _listeners(house)
    return bool(found) and lost not in found


async def test_an_event_published_while_nats_is_down_leaves_when_it_is_back(house: House) -> None:
    async with relaying(house) as bus:
        await house.nats_server.stop()
        await until(lambda: not bus.nc.is_connected)
        await write(house, "a", "b")
        assert await unpublished(house) == 2
        await house.nats_server.start()
        await until(lambda: _all_published(house))
    assert await stored(house) == ["a", "b"]


async def test_what_cannot_be_published_is_not_awaited_for_ever(house: House) -> None:
    async with house.bus("identity") as bus:
        relay = Relay(house.database, bus.js)
        await write(house, "a")
        await relay.flush()
        await write(house, "b")
        await house.nats_server.stop()
        await until(lambda: not bus.nc.is_connected)
        with pytest.raises(ConnectionError):
            await relay.flush()
        await house.nats_server.start()
        assert bus.nc._resp_map == {}


async def test_two_replicas_publish_each_event_once(house: House) -> None:
    async with relaying(house) as one, relaying(house) as other:
        before = one.nc.stats["out_msgs"] + other.nc.stats["out_msgs"]
        for start in range(0, 1000, 100):
            await write(house, *(str(n) for n in range(start, start + 100)))
        await until(lambda: _all_published(house))
        sent = one.nc.stats["out_msgs"] + other.nc.stats["out_msgs"] - before
    assert sent == 1000
    assert len(await stored(house)) == 1000


class CrashAfterPublish:
    """JetStream, and then the connection to the database is lost before the relay could commit."""

    def __init__(self, js: JetStreamContext, admin_url: str) -> None:
        self._js = js
        self._nc = js._nc
        self._admin_url = admin_url

    async def publish(self, *args: Any, **kwargs: Any) -> None:
        await self._js.publish(*args, **kwargs)
        async with await psycopg.AsyncConnection.connect(self._admin_url, autocommit=True) as admin:
            await admin.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where query like '%for update skip locked%' and pid <> pg_backend_pid()"
            )


async def test_a_crash_between_publish_and_commit_publishes_again_and_is_dropped(house: House) -> None:
    await write(house, "a")
    async with house.bus("identity") as bus:
        crash: Any = CrashAfterPublish(bus.js, house.postgres.admin_url)
        with pytest.raises(OperationalError):
            await Relay(house.database, crash).flush()
        assert (await stored(house), await unpublished(house)) == (["a"], 1)
        assert await Relay(house.database, bus.js).flush() == 1
    assert (await stored(house), await unpublished(house)) == (["a"], 0)


async def test_the_message_carries_its_id(house: House) -> None:
    [chose] = await write(house, "a")
    async with house.bus("identity") as bus:
        await Relay(house.database, bus.js).flush()
    async with house.administrator() as js:
        message = await js.get_msg("IDENTITY", subject=chose.subject)
    assert (message.headers or {})["Nats-Msg-Id"] == str(chose.event_id)
    assert Chose.model_validate_json(message.data or b"") == chose
