"""The consumer loop: each effect once, whatever breaks."""

import asyncio
import time
from functools import partial
from uuid import uuid4

import pytest
from asgi_correlation_id import correlation_id
from sqlalchemy.exc import OperationalError
from sqlmodel.ext.asyncio.session import AsyncSession

from services.kit.context import Context
from services.kit.problems import Problem
from tests.integration.kit.house import Chose, House, remember, une_chose, until


class Moody:
    """A handler that raises what it is given, one error a call, and then works."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.called_at: list[float] = []

    async def __call__(self, session: AsyncSession, chose: Chose) -> None:
        self.called_at.append(time.monotonic())
        await remember(session, chose)
        if self.errors:
            raise self.errors.pop(0)


async def test_an_event_has_its_effect_and_is_acknowledged(house: House) -> None:
    async with house.running():
        await house.publish(une_chose("a"), une_chose("b"))
        await until(house.acknowledged)
    assert await house.effects() == ["a", "b"]


async def test_a_message_is_not_kept_back_until_others_come(house: House) -> None:
    async with house.running():
        for n in range(5):
            await house.publish(une_chose(str(n)))
            await until(partial(house.has_effects, n + 1), seconds=1)


async def test_the_same_event_published_twice_has_one_effect(house: House) -> None:
    chose = une_chose("a")
    async with house.running():
        for _ in range(2):
            await house.publish_raw(chose.subject, chose.model_dump_json().encode(), {"Nats-Msg-Id": uuid4().hex})
        await until(house.acknowledged)
    async with house.administrator() as js:
        assert (await js.stream_info("IDENTITY")).state.messages == 2
    assert await house.effects() == ["a"]


async def test_two_replicas_share_the_work(house: House) -> None:
    async with house.running(), house.running():
        await house.publish(*(une_chose(f"{n:02}") for n in range(30)))
        await until(house.acknowledged)
    assert await house.effects() == [f"{n:02}" for n in range(30)]


async def test_a_handler_that_fails_three_times_is_tried_later_and_later(house: House) -> None:
    moody = Moody(ValueError("1"), ValueError("2"), ValueError("3"))
    async with house.running(handler=moody):
        await house.publish(une_chose("a"))
        await until(house.acknowledged)
    gaps = [after - before for before, after in zip(moody.called_at, moody.called_at[1:], strict=False)]
    assert len(gaps) == 3
    assert all(gap >= asked for gap, asked in zip(gaps, [0.5, 1, 2], strict=True)), gaps
    assert gaps[0] < 1, "the first delay is the shortest"
    assert await house.effects() == ["a"]


async def test_a_failure_leaves_no_inbox_row(house: House) -> None:
    failed, go_on = asyncio.Event(), asyncio.Event()

    async def fails_once(session: AsyncSession, chose: Chose) -> None:
        await remember(session, chose)
        if not failed.is_set():
            failed.set()
            raise ValueError
        await go_on.wait()

    async with house.running(handler=fails_once):
        await house.publish(une_chose("a"))
        await failed.wait()
        assert (await house.effects(), await house.rows("select * from inbox")) == ([], [])
        go_on.set()
        await until(house.acknowledged)
    assert await house.effects() == ["a"]
    assert len(await house.rows("select * from inbox where consumer = 'catalogue-identity'")) == 1


@pytest.mark.parametrize(
    "outage",
    [
        OperationalError("select", {}, Exception("down")),
        Problem("indisponible", "Absent.", status=503),
        ConnectionRefusedError(),
        TimeoutError(),
    ],
)
async def test_an_outage_costs_the_message_no_try(house: House, outage: Exception) -> None:
    await house.listen(max_deliver=1)
    moody = Moody(outage, outage)
    async with house.running(handler=moody):
        await house.publish(une_chose("a"))
        await until(house.acknowledged)
    assert await house.effects() == ["a"]
    assert len(moody.called_at) == 3
    assert await house.rows("select * from dead_letters") == []


async def test_a_message_held_through_an_outage_goes_to_nobody_else(house: House) -> None:
    await house.listen(ack_wait=1)
    moody = Moody(*(ConnectionRefusedError() for _ in range(2)))
    async with house.running(handler=moody), house.running(handler=moody):
        await house.publish(une_chose("a"))
        await until(house.acknowledged)
    assert (await house.effects(), len(moody.called_at)) == (["a"], 3)


async def test_a_consumer_goes_on_by_itself_after_nats_restarted(house: House) -> None:
    async with house.running():
        await house.publish(une_chose("before"))
        await until(house.acknowledged)
        await house.nats_server.restart()
        await house.publish(une_chose("after"))
        await until(house.acknowledged)
    assert await house.effects() == ["after", "before"]


async def test_an_acknowledgement_that_cannot_leave_does_no_harm(house: House) -> None:
    await house.listen(ack_wait=1)
    started, go_on = asyncio.Event(), asyncio.Event()

    async def slow(session: AsyncSession, chose: Chose) -> None:
        await remember(session, chose)
        started.set()
        await go_on.wait()

    async with house.running(handler=slow):
        await house.publish(une_chose("a"))
        await started.wait()
        await house.nats_server.stop()
        go_on.set()
        await until(lambda: house.has_effects(1))
        await house.nats_server.start()
        await until(house.acknowledged, seconds=25)
        await house.publish(une_chose("b"))
        await until(lambda: house.has_effects(2))
    assert await house.effects() == ["a", "b"]


async def test_a_process_that_stops_hands_its_message_over_at_once(house: House) -> None:
    started = asyncio.Event()

    async def endless(_session: AsyncSession, _chose: Chose) -> None:
        started.set()
        await asyncio.Event().wait()

    async with house.running(handler=endless):
        await house.publish(une_chose("a"))
        await started.wait()
    async with house.running():
        await until(lambda: house.has_effects(1), seconds=5)


async def test_the_handler_works_under_the_correlation_id_of_the_event(house: House) -> None:
    seen: list[str | None] = []

    async def look(_session: AsyncSession, _chose: Chose) -> None:
        seen.append(correlation_id.get())

    async with house.running(handler=look):
        await house.publish(une_chose("a"), **{"Correlation-Id": "fil-42"})
        await until(lambda: seen)
    assert seen == ["fil-42"]


async def test_a_service_without_database_hears_too(house: House) -> None:
    heard: list[str] = []

    async def hear(_context: Context, chose: Chose) -> None:
        heard.append(chose.nom)

    async with house.running(handler=hear, with_database=False):
        await house.publish(une_chose("a"))
        await until(lambda: heard == ["a"])


async def test_a_process_stopped_in_full_work_ends_soon_and_loses_nothing(house: House) -> None:
    names = [f"{n:03}" for n in range(200)]
    async with house.running():
        await house.publish(*(une_chose(name) for name in names))
        await until(lambda: house.has_some_effects(20))
        began = time.monotonic()
    assert time.monotonic() - began < 5
    async with house.running():
        await until(house.acknowledged)
    assert await house.effects() == names
