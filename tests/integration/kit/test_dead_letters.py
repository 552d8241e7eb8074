"""Dead letters: kept with why, listed, replayed."""

import asyncio
import os
import subprocess
import sys
from typing import Any

import pytest
from sqlmodel.ext.asyncio.session import AsyncSession

from services.kit.context import Context
from services.kit.dead_letters import DeadLetterList, Replayed, requests_of
from services.kit.pull import PoisonError
from tests.integration.kit.house import Chose, House, remember, une_chose, until

LIST, REPLAY = requests_of("catalogue")


class Curable:
    def __init__(self, error: Exception) -> None:
        self.error: Exception | None = error

    async def __call__(self, session: AsyncSession, chose: Chose) -> None:
        await remember(session, chose)
        if self.error is not None:
            raise self.error


async def letters(house: House) -> list[Any]:
    return await house.rows("select * from dead_letters order by id")


async def replay(house: House, id_: int) -> Replayed:
    async with house.bus() as bus:
        outcome: Replayed = await bus.request(REPLAY(id=id_))
    return outcome


async def waiting(house: House) -> DeadLetterList:
    async with house.bus() as bus:
        found: DeadLetterList = await bus.request(LIST())
    return found


async def test_a_poison_message_is_given_up_at_once_and_kept_with_its_reason(house: House) -> None:
    async with house.running():
        await house.publish_raw("identity.v1.kit.chose.x", b'{"nom": 3}')
        await until(lambda: letters(house))
    [letter] = await letters(house)
    assert (letter.consumer, letter.stream, letter.subject) == ("catalogue-identity", "IDENTITY", "identity.v1.kit.chose.x")
    assert (letter.payload, letter.reason) == ('{"nom": 3}', "malformed identity.v1.kit.chose: 2 error(s)")


async def test_an_event_nobody_here_knows_is_poison(house: House) -> None:
    async with house.running():
        await house.publish_raw("identity.v1.kit.autre.x", b"{}")
        await until(lambda: letters(house))
    assert (await letters(house))[0].reason == "no handler for identity.v1.kit.autre"


async def test_a_message_that_reached_its_last_try_is_kept(house: House) -> None:
    await house.listen(max_deliver=2)
    async with house.running(handler=Curable(ValueError("bug"))):
        await house.publish(une_chose("a"))
        await until(lambda: letters(house))
    assert (await letters(house))[0].reason == "abandonné après 2 essai(s)"
    assert await house.effects() == []


async def test_an_advisory_raised_while_the_service_is_down_is_not_missed(house: House) -> None:
    await house.publish(une_chose("a"))
    async with house.connection("catalogue") as client:
        durable = await client.jetstream().pull_subscribe_bind("catalogue-identity", stream="IDENTITY")
        [message] = await durable.fetch(1, timeout=5)
        await message.term()
    async with house.running():
        await until(lambda: letters(house))


async def test_a_cured_message_is_replayed_once_and_marked(house: House) -> None:
    handler = Curable(PoisonError("mal né"))
    async with house.running(handler=handler):
        await house.publish(une_chose("a"))
        await until(lambda: letters(house))
        [public] = (await waiting(house)).elements
        assert (public.reason, public.replayed_at) == ("mal né", None)
        still = await replay(house, public.id)
        assert (still.replayed, still.reason) == (False, "mal né")
        handler.error = None
        assert (await replay(house, public.id)).replayed
        assert (await replay(house, public.id)).replayed
        assert (await waiting(house)).elements == []
    assert await house.effects() == ["a"]
    assert (await letters(house))[0].replayed_at is not None


async def test_an_unknown_number_is_said(house: House) -> None:
    async with house.running():
        assert await replay(house, 404) == Replayed(replayed=False, reason="aucun message de ce numéro")


async def test_a_service_without_database_insists(house: House) -> None:
    await house.listen(max_deliver=1)
    heard: list[str] = []

    async def fails_twice(_context: Context, chose: Chose) -> None:
        heard.append(chose.nom)
        if len(heard) < 3:
            raise ValueError

    async with house.running(handler=fails_twice, with_database=False):
        await house.publish(une_chose("a"))
        await until(lambda: heard == ["a", "a", "a"])
        await until(lambda: house.acknowledged("DEAD_LETTERS", "dead-letters-catalogue"))


def command(house: House, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    login = house.nats_server.login("catalogue")
    env = {"PATH": os.environ["PATH"], "IEL_NATS_URL": login.nats_url, "IEL_NATS_PASSWORD": login.nats_password} | environment
    arguments = [sys.executable, "-m", "services.kit.dead_letters", *words, "--service", "catalogue"]
    return subprocess.run(arguments, env=env, capture_output=True, text=True, timeout=60, check=False)


async def in_thread(house: House, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return await asyncio.to_thread(command, house, *words, **environment)


async def test_the_operator_lists_and_replays(house: House) -> None:
    handler = Curable(PoisonError("mal né"))
    async with house.running(handler=handler):
        assert (await in_thread(house, "list")).stdout == "Aucun message abandonné.\n"
        await house.publish(une_chose("a"))
        await until(lambda: letters(house))
        listed = await in_thread(house, "list")
        assert (listed.returncode, "mal né" in listed.stdout) == (0, True), listed
        failed = await in_thread(house, "replay", "--id", "1")
        assert (failed.returncode, failed.stdout) == (1, "n°\u00a01\u00a0: toujours en échec (mal né)\n"), failed
        handler.error = None
        done = await in_thread(house, "replay")
        assert (done.returncode, done.stdout) == (0, "n°\u00a01\u00a0: rejoué\n"), done
    assert await house.effects() == ["a"]


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"IEL_NATS_URL": ""}, "IEL_NATS_URL"),
        ({"IEL_NATS_URL": "nats://127.0.0.1:1"}, "NATS ne répond pas"),
        ({}, "Le service catalogue ne répond pas"),
    ],
)
async def test_the_operator_is_told_what_does_not_answer(house: House, environment: dict[str, str], sentence: str) -> None:
    outcome = await in_thread(house, "list", **environment)
    assert (outcome.returncode, sentence in outcome.stderr) == (2, True), outcome
    assert "Traceback" not in outcome.stderr
