"""`Idempotency-Key` and transactions, through HTTP and a real database."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy import text
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.kit.app import build_app
from services.kit.http import IdempotencyKey, Tx
from services.kit.idempotency import once
from services.kit.problems import Conflict
from tests.integration.kit.house import House, client_of


class Demande(BaseModel):
    nom: str


class Fait(BaseModel):
    numero: int


ROUTER = APIRouter()
NUMBER = "select count(*) from effects"


@ROUTER.post("/demandes", status_code=201)
async def demander(session: Tx, key: IdempotencyKey, demande: Demande) -> Fait:
    async def act() -> Fait:
        if demande.nom == "refus":
            raise Conflict("refus", "Refusé.")
        await session.execute(text("select pg_sleep(0.1)"))
        await session.execute(text("insert into effects values (:nom)"), {"nom": demande.nom})
        return Fait(numero=(await session.execute(text(NUMBER))).scalar_one())

    return await once(session, key=key, scope="essai", request=demande, reply_model=Fait, action=act)


@ROUTER.post("/echec")
async def echec(session: Tx) -> None:
    await session.execute(text("insert into effects values ('echec')"))
    raise Conflict("non", "Non.")


@ROUTER.post("/refus-tardif")
async def refused_at_commit(session: Tx) -> JSONResponse:
    await session.execute(text("insert into doubles values (1)"))
    return JSONResponse({"fait": True})


@ROUTER.post("/simple")
async def simple(session: Tx) -> dict[str, bool]:
    await session.execute(text("insert into effects values ('simple')"))
    return {"fait": True}


@pytest.fixture
def app(house: House) -> FastAPI:
    return build_app(house.settings(), router=ROUTER)


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(app) as client:
        yield client
    await app.state.context.database.dispose()


async def ask(client: httpx.AsyncClient, key: str | None, nom: str = "a") -> httpx.Response:
    return await client.post("/demandes", json={"nom": nom}, headers={"Idempotency-Key": key} if key is not None else {})


@pytest.mark.parametrize("key", [None, ""])
async def test_without_a_key_the_request_is_refused_and_told_why(client: httpx.AsyncClient, house: House, key: str | None) -> None:
    answer = await ask(client, key)
    assert (answer.status_code, answer.json()["type"]) == (400, "urn:iel:probleme:cle-d-idempotence-absente")
    assert "UUID" in answer.json()["detail"]
    assert await house.effects() == []


async def test_the_same_request_twice_acts_once_and_answers_the_same(client: httpx.AsyncClient, house: House) -> None:
    first = await ask(client, "k")
    await ask(client, "other", "b")
    again = await ask(client, "k")
    assert (again.status_code, again.content) == (first.status_code, first.content) == (201, b'{"numero":1}')
    assert await house.effects() == ["a", "b"]


async def test_the_same_key_for_another_request_is_refused(client: httpx.AsyncClient, house: House) -> None:
    await ask(client, "k")
    answer = await ask(client, "k", "b")
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:iel:probleme:cle-deja-utilisee")
    assert await house.effects() == ["a"]


async def test_two_calls_at_once_have_one_effect_and_one_answer(client: httpx.AsyncClient, house: House) -> None:
    answers = await asyncio.gather(*(ask(client, "k") for _ in range(5)))
    assert {(answer.status_code, answer.content) for answer in answers} == {(201, b'{"numero":1}')}
    assert await house.effects() == ["a"]


async def test_a_refusal_leaves_the_key_free(client: httpx.AsyncClient, house: House) -> None:
    assert (await ask(client, "k", "refus")).status_code == 409
    assert (await ask(client, "k", "a")).status_code == 201
    assert await house.effects() == ["a"]


async def test_an_error_rolls_back(client: httpx.AsyncClient, house: House) -> None:
    assert (await client.post("/echec")).status_code == 409
    assert await house.effects() == []


async def test_the_commit_comes_before_the_answer_leaves(app: FastAPI, house: House) -> None:
    seen: list[list[str]] = []

    class Watch:
        """Looks at the database, from another connection, when the answer starts."""

        def __init__(self, inner: ASGIApp) -> None:
            self.inner = inner

        async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
            async def watched(message: Message) -> None:
                if message["type"] == "http.response.start":
                    seen.append(await house.effects())
                await send(message)

            await self.inner(scope, receive, watched)

    app.add_middleware(Watch)
    async with client_of(app) as client:
        assert (await client.post("/simple")).json() == {"fait": True}
    assert seen == [["simple"]]
    await app.state.context.database.dispose()


async def test_what_the_commit_refuses_is_not_told_as_done(client: httpx.AsyncClient, house: House) -> None:
    async with house.database.transaction() as session:
        await session.execute(text("create table doubles (n int, constraint once unique (n) deferrable initially deferred)"))
        await session.execute(text("insert into doubles values (1)"))
    answer = await client.post("/refus-tardif")
    assert (answer.status_code, answer.json()["type"]) == (500, "urn:iel:probleme:erreur-interne")
