"""Requests over NATS: a model, or the problem as it was raised."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from typing import ClassVar

import pytest
from asgi_correlation_id import correlation_id
from fastapi import APIRouter
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlmodel.ext.asyncio.session import AsyncSession

from deploy.local.binaries import binary
from deploy.local.settings import free_ports
from services.contracts.base import Message, Request
from services.kit.app import build_app
from services.kit.context import Context
from services.kit.problems import Conflict, FieldError, Invalid, Problem, Unavailable
from services.kit.requests import AT_ONCE, in_transaction
from tests.integration.kit.house import House, is_ready, until


class Echo(Message):
    texte: str


class Dire(Request[Echo]):
    """Asked of inscriptions by workflows."""

    subject: ClassVar[str] = "rpc.inscriptions.v1.kit.dire"
    reply: ClassVar[type[Message]] = Echo

    texte: str = ""


class Ailleurs(Dire):
    subject: ClassVar[str] = "rpc.inscriptions.v1.kit.personne"


async def echo(_context: Context, request: Dire) -> Echo:
    return Echo(texte=request.texte)


def raising(error: Exception) -> object:
    async def handler(_context: Context, _request: Dire) -> Echo:
        raise error

    return handler


async def ask(house: House, request: Dire, *, handler: object = echo, timeout: float = 5.0) -> Echo:  # noqa: ASYNC109 -- the kit's own
    async with house.running("inscriptions", consumers=(), requests={Dire: handler}), house.bus("workflows") as bus:
        return await bus.request(request, timeout=timeout)


async def test_a_request_is_answered_by_its_model(house: House) -> None:
    assert await ask(house, Dire(texte="été")) == Echo(texte="été")


async def test_a_problem_crosses_with_all_its_fields(house: House) -> None:
    errors = [FieldError(champ="motif", message="Écrivez un motif.")]
    sent = Problem("complet", "Il n’y a plus de place.", status=503, detail="Essayez demain.", errors=errors, retry_after=7)
    with pytest.raises(Problem) as caught:
        await ask(house, Dire(), handler=raising(sent))
    received = caught.value
    assert (received.slug, received.title, received.status) == ("complet", "Il n’y a plus de place.", 503)
    assert (received.detail, received.errors, received.retry_after) == ("Essayez demain.", errors, 7)


@pytest.mark.parametrize("problem", [Conflict("trop-tard", "C’est clos."), Invalid("À corriger.")])
async def test_subclasses_cross_too(house: House, problem: Problem) -> None:
    with pytest.raises(Problem) as caught:
        await ask(house, Dire(), handler=raising(problem))
    assert (caught.value.slug, caught.value.status) == (problem.slug, problem.status)


async def test_a_malformed_request_is_refused(house: House) -> None:
    async with house.running("inscriptions", consumers=(), requests={Dire: echo}), house.connection("workflows") as client:
        for malformed in (b"", b"{", b'{"texte": 3}'):
            answer = await client.request(Dire.subject, malformed, timeout=5)
            body = json.loads(answer.data)
            assert (body["type"], body["status"]) == ("urn:iel:probleme:requete-malformee", 400)


async def test_a_bug_is_answered_without_its_secrets(house: House) -> None:
    with pytest.raises(Problem) as caught:
        await ask(house, Dire(), handler=raising(RuntimeError("mot de passe")))
    assert (caught.value.slug, caught.value.status) == ("erreur-interne", 500)
    assert "mot de passe" not in str(caught.value) + caught.value.detail


async def test_a_database_that_is_down_is_said(house: House) -> None:
    with pytest.raises(Problem) as caught:
        await ask(house, Dire(), handler=raising(OperationalError("select", {}, Exception("down"))))
    assert (caught.value.status, caught.value.retry_after) == (503, 5)


async def test_a_reply_too_large_for_nats_is_a_problem_and_not_a_silence(house: House) -> None:
    async def huge(_context: Context, _request: Dire) -> Echo:
        return Echo(texte="x" * 2_000_000)

    with pytest.raises(Problem) as caught:
        await ask(house, Dire(), handler=huge)
    assert caught.value.slug == "erreur-interne"


async def test_slow_requests_are_answered_side_by_side(house: House) -> None:
    together = asyncio.Barrier(AT_ONCE)

    async def wait_for_the_others(_context: Context, request: Dire) -> Echo:
        await together.wait()
        return Echo(texte=request.texte)

    async with house.running("inscriptions", consumers=(), requests={Dire: wait_for_the_others}), house.bus("workflows") as bus:
        answers: list[Echo] = await asyncio.gather(*(bus.request(Dire(texte=str(n))) for n in range(AT_ONCE)))
    assert [answer.texte for answer in answers] == [str(n) for n in range(AT_ONCE)]


async def test_nobody_there_is_said_at_once(house: House) -> None:
    async with house.bus("workflows") as bus:
        began = time.monotonic()
        with pytest.raises(Unavailable) as caught:
            await bus.request(Ailleurs(), timeout=30)
    assert time.monotonic() - began < 2
    assert caught.value.retry_after == 5


async def test_no_answer_in_time_is_unavailable(house: House) -> None:
    go_on = asyncio.Event()

    async def sleepy(_context: Context, _request: Dire) -> Echo:
        await go_on.wait()
        return Echo(texte="too late")

    async with house.running("inscriptions", consumers=(), requests={Dire: sleepy}), house.bus("workflows") as bus:
        with pytest.raises(Unavailable):
            await bus.request(Dire(), timeout=0.2)
        go_on.set()


async def test_a_request_without_end_does_not_hold_the_process(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.kit.requests.STOP_SECONDS", 0.2)

    async def endless(_context: Context, _request: Dire) -> Echo:
        await asyncio.Event().wait()
        raise AssertionError

    async with asyncio.timeout(10), house.running("inscriptions", consumers=(), requests={Dire: endless}), house.bus("workflows") as bus:
        with pytest.raises(Unavailable):
            await bus.request(Dire(), timeout=0.1)


async def test_a_process_that_stops_answers_what_it_has_begun(house: House) -> None:
    started, go_on = asyncio.Event(), asyncio.Event()

    async def slow(_context: Context, _request: Dire) -> Echo:
        started.set()
        await go_on.wait()
        return Echo(texte="done")

    async with house.bus("workflows") as bus:
        async with house.running("inscriptions", consumers=(), requests={Dire: slow}):
            asked: asyncio.Task[Echo] = asyncio.create_task(bus.request(Dire()))
            await started.wait()
            asyncio.get_running_loop().call_later(0.3, go_on.set)
        assert (await asked).texte == "done"


async def test_a_request_while_disconnected_is_unavailable_and_leaves_nothing_behind(house: House) -> None:
    async with house.bus("workflows") as bus:
        with pytest.raises(Unavailable):
            await bus.request(Ailleurs())
        await house.nats_server.stop()
        await until(lambda: not bus.nc.is_connected)
        with pytest.raises(Unavailable):
            await bus.request(Dire())
        await house.nats_server.start()
        assert bus.nc._resp_map == {}


async def test_requests_are_answered_again_after_nats_restarted(house: House) -> None:
    async with house.running("inscriptions", consumers=(), requests={Dire: echo}) as app, house.bus("workflows") as bus:
        await house.nats_server.restart()
        await until(lambda: is_ready(app))
        await until(lambda: bus.nc.is_connected)
        assert (await bus.request(Dire(texte="encore"))).texte == "encore"


async def test_the_correlation_id_goes_along_and_comes_back(house: House) -> None:
    async def tell(_context: Context, _request: Dire) -> Echo:
        return Echo(texte=correlation_id.get() or "")

    async with house.running("inscriptions", consumers=(), requests={Dire: tell}), house.bus("workflows") as bus:
        correlation_id.set("fil-7")
        assert (await bus.request(Dire())).texte == "fil-7"
    async with house.running("inscriptions", consumers=(), requests={Dire: tell}), house.connection("workflows") as client:
        answer = await client.request(Dire.subject, b"{}", timeout=5, headers={"Correlation-Id": "fil-8"})
    assert (answer.headers or {})["Correlation-Id"] == "fil-8"


async def test_a_use_case_commits_when_it_ends_well_only(house: House) -> None:
    async def insert(session: AsyncSession, request: Dire) -> Echo:
        await session.execute(text("insert into effects values (:nom)"), {"nom": request.texte})
        if request.texte == "refused":
            raise Conflict("non", "Non.")
        return Echo(texte="done")

    await ask(house, Dire(texte="kept"), handler=in_transaction(insert))
    with pytest.raises(Problem, match="non"):
        await ask(house, Dire(texte="refused"), handler=in_transaction(insert))
    assert await house.effects() == ["kept"]


@pytest.fixture
async def open_nats() -> AsyncIterator[str]:
    """A server without allow-lists: on ours, no user may ask what services there are."""
    [port] = free_ports(1)
    server = await asyncio.create_subprocess_exec(
        binary("nats-server"), "--addr", "127.0.0.1", "--port", str(port), stderr=asyncio.subprocess.DEVNULL
    )
    yield f"nats://127.0.0.1:{port}"
    server.terminate()
    await server.wait()


async def test_the_service_can_be_discovered(house: House, open_nats: str) -> None:
    settings = house.settings("inscriptions", with_database=False, nats_url=open_nats)
    app = build_app(settings, router=APIRouter(), requests={Dire: echo})
    async with app.router.lifespan_context(app):
        await until(lambda: is_ready(app))
        bus = app.state.context.bus
        await bus.request(Dire(texte="a"))
        info = json.loads((await bus.nc.request("$SRV.INFO.inscriptions", timeout=5)).data)
        stats = json.loads((await bus.nc.request("$SRV.STATS.inscriptions", timeout=5)).data)
    assert info["name"] == "inscriptions"
    assert [endpoint["subject"] for endpoint in info["endpoints"]] == [Dire.subject]
    assert stats["endpoints"][0]["num_requests"] == 1
