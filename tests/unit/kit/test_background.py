"""Background tasks: what dies comes back, what we cancel does not."""

import asyncio
import contextlib

import pytest

from services.kit import background
from services.kit.background import Background
from services.kit.wake import Wake


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background, "FIRST_DELAY_SECONDS", 0.001)
    monkeypatch.setattr(background, "LONGEST_DELAY_SECONDS", 0.004)


async def test_not_ready_until_each_has_started() -> None:
    kept = Background({"a", "b"})
    kept.up("a")
    with pytest.raises(RuntimeError, match=r"^b$"):
        await kept.check()
    kept.up("b")
    await kept.check()


@pytest.mark.parametrize("error", [RuntimeError("bug"), ExceptionGroup("group", [OSError()]), asyncio.CancelledError("by a library")])
async def test_what_dies_is_started_again(error: BaseException) -> None:
    kept, calls = Background({"a"}), 0

    async def dies_four_times() -> None:
        nonlocal calls
        calls += 1
        if calls < 5:
            raise error

    async with asyncio.timeout(5):
        await kept.keep("a", dies_four_times)
    assert calls == 5
    await kept.check()


async def test_our_own_cancellation_ends_it() -> None:
    kept, started = Background({"a"}), asyncio.Event()

    async def endless() -> None:
        started.set()
        await asyncio.Event().wait()

    running = asyncio.create_task(kept.keep("a", endless))
    await started.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


async def test_it_is_down_while_it_waits_to_start_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background, "FIRST_DELAY_SECONDS", 60)
    kept = Background({"a"})

    died = asyncio.Event()

    async def dies() -> None:
        died.set()
        raise RuntimeError

    running = asyncio.create_task(kept.keep("a", dies))
    async with asyncio.timeout(5):
        await died.wait()
    # It is noticed at the next turn of the loop.
    await asyncio.sleep(0.01)
    with pytest.raises(RuntimeError, match=r"^a$"):
        await kept.check()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_a_swallowed_cancellation_ends_the_loop_all_the_same() -> None:
    started, freed = asyncio.Event(), asyncio.Event()

    async def swallows() -> None:
        started.set()
        with contextlib.suppress(asyncio.CancelledError):
            await freed.wait()
        raise OSError

    running = asyncio.create_task(Background({"a"}).keep("a", swallows))
    await started.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


async def test_a_sleeper_that_swallowed_its_cancellation_does_not_sleep_again() -> None:
    started = asyncio.Event()

    async def swallows_then_sleeps() -> None:
        started.set()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.Event().wait()
        await Wake("postgresql+psycopg://localhost/x", "canal").wait()

    running = asyncio.create_task(swallows_then_sleeps())
    await started.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


async def test_a_group_that_fails_is_no_cancellation() -> None:
    calls = 0

    async def fails_once() -> None:
        nonlocal calls
        calls += 1
        if calls == 1:
            async with asyncio.TaskGroup() as group:
                group.create_task(fail())

    async def fail() -> None:
        await asyncio.sleep(0)
        raise OSError

    async with asyncio.timeout(5):
        await Background({"a"}).keep("a", fails_once)
    assert calls == 2
