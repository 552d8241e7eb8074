"""Tokens, verified with keys fetched over HTTP from an issuer of the tests' own."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Annotated, Any

import httpx
import pytest
from fastapi import APIRouter, Depends
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey
from pydantic import BaseModel

from services.kit import auth
from services.kit.app import build_app
from services.kit.auth import AUDIENCE, ISSUER, Verifier, bearer
from services.kit.problems import Problem
from services.kit.settings import ServiceSettings
from tests.integration.kit.house import NOWHERE, client_of


class Qui(BaseModel):
    nom: str


class Issuer:
    """Publishes keys as identity does; can hang, answer nonsense, or be away."""

    def __init__(self) -> None:
        self.keys: list[Any] = [ECKey.generate_key("P-256", {"kid": "un"})]
        self.body: bytes | None = None
        self.asked = 0
        self.url = ""
        self._server: asyncio.Server | None = None

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._answer, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/jwks.json"

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    def rotate(self) -> None:
        self.keys.append(ECKey.generate_key("P-256", {"kid": f"clef-{len(self.keys)}"}))

    def token(self, *, key: Any = None, alg: str = "ES256", kid: str | None = None, **changes: Any) -> str:
        key = key or self.keys[-1]
        now = int(time.time())
        claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": "1", "iat": now, "exp": now + 60, "acteur": {"nom": "Zoé"}} | changes
        return jwt.encode({"alg": alg, "kid": kid or key.kid}, {k: v for k, v in claims.items() if v is not None}, key)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            await reader.readuntil(b"\r\n\r\n")
            self.asked += 1
            body = self.body if self.body is not None else json.dumps(KeySet(self.keys).as_dict(private=False)).encode()
            writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
            await writer.drain()
        writer.close()


@pytest.fixture
async def issuer() -> AsyncIterator[Issuer]:
    issuer = Issuer()
    await issuer.open()
    yield issuer
    await issuer.close()


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look for keys as often as one likes."""
    monkeypatch.setattr(auth, "LOOK_AGAIN_SECONDS", -1.0)


async def status(verifier: Verifier, token: str) -> int:
    try:
        await verifier.claims(token)
    except Problem as problem:
        return problem.status
    return 200


async def test_a_valid_token_says_who(issuer: Issuer) -> None:
    claims = await Verifier(issuer.url).claims(issuer.token())
    assert claims["acteur"] == {"nom": "Zoé"}


@pytest.mark.parametrize(
    "changes",
    [
        {"exp": int(time.time()) - 3600},
        {"exp": None},
        {"aud": "autre"},
        {"aud": None},
        {"iss": "autre"},
        {"iss": None},
        {"key": ECKey.generate_key("P-256", {"kid": "un"})},
        {"key": ECKey.generate_key("P-256", {"kid": "inconnue"})},
        {"key": OctKey.generate_key(256, {"kid": "un"}), "alg": "HS256"},
    ],
    ids=["expired", "endless", "other audience", "no audience", "other issuer", "no issuer", "other key", "unknown key", "symmetric"],
)
async def test_any_other_token_is_refused(issuer: Issuer, changes: dict[str, Any]) -> None:
    assert await status(Verifier(issuer.url), issuer.token(**changes)) == 401


async def test_a_token_signed_with_a_new_key_is_accepted_even_among_expired_ones(issuer: Issuer, patient: None) -> None:
    verifier = Verifier(issuer.url)
    former = issuer.token()
    assert await status(verifier, issuer.token(exp=1)) == 401
    issuer.rotate()
    assert await status(verifier, issuer.token()) == 200
    assert await status(verifier, former) == 200
    assert issuer.asked == 2


async def test_a_key_withdrawn_is_refused_once_the_others_are_fetched(issuer: Issuer, patient: None) -> None:
    verifier = Verifier(issuer.url)
    former = issuer.token()
    assert await status(verifier, former) == 200
    issuer.rotate()
    del issuer.keys[0]
    assert await status(verifier, issuer.token()) == 200
    assert await status(verifier, former) == 401


async def test_keys_are_kept_when_the_issuer_is_away(issuer: Issuer, patient: None, monkeypatch: pytest.MonkeyPatch) -> None:
    verifier = Verifier(issuer.url)
    assert await status(verifier, issuer.token()) == 200
    await issuer.close()
    monkeypatch.setattr(auth, "KEYS_LIVE_SECONDS", -1.0)
    assert await status(verifier, issuer.token()) == 200


async def test_without_any_key_the_service_is_unavailable_and_not_the_token_wrong(issuer: Issuer, patient: None) -> None:
    verifier = Verifier(issuer.url)
    token = issuer.token()
    for nonsense in (b"", b"[]", b"{}", b'{"keys": 3}', b'{"keys": [{}]}', b"<html>"):
        issuer.body = nonsense
        assert await status(verifier, token) == 503
    issuer.body = None
    assert await status(verifier, token) == 200


async def test_nonsense_does_not_replace_good_keys(issuer: Issuer, patient: None) -> None:
    verifier = Verifier(issuer.url)
    assert await status(verifier, issuer.token()) == 200
    issuer.body = b"[]"
    assert await status(verifier, issuer.token(key=ECKey.generate_key("P-256", {"kid": "x"}))) == 401
    assert await status(verifier, issuer.token()) == 200


async def test_many_bad_tokens_do_not_make_many_fetches(issuer: Issuer) -> None:
    verifier = Verifier(issuer.url)
    bad = issuer.token(key=ECKey.generate_key("P-256", {"kid": "x"}))
    assert set(await asyncio.gather(*(status(verifier, bad) for _ in range(50)))) == {401}
    assert issuer.asked == 1


async def test_many_requests_while_the_issuer_is_away_do_not_queue(issuer: Issuer) -> None:
    verifier, token = Verifier(issuer.url), issuer.token()
    await issuer.close()
    async with asyncio.timeout(5):
        assert set(await asyncio.gather(*(status(verifier, token) for _ in range(200)))) == {503}


@given(garbage=st.text(max_size=60) | st.lists(st.text("abcXYZ019_-=é", max_size=12), max_size=6).map(".".join))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_garbage_is_refused(garbage: str) -> None:
    verifier = Verifier(NOWHERE)
    verifier._keys._keys = KeySet([ECKey.generate_key("P-256", {"kid": "un"})])
    verifier._keys._fetched_at = float("inf")
    verifier._keys._tried_at = float("inf")
    assert asyncio.run(status(verifier, garbage)) == 401


@pytest.fixture
async def client(issuer: Issuer) -> AsyncIterator[httpx.AsyncClient]:
    router = APIRouter()

    @router.get("/moi")
    async def moi(qui: Annotated[Qui, Depends(bearer(Qui))]) -> str:
        return qui.nom

    service = ServiceSettings(service="essai", port=1, nats_url=NOWHERE, jwks_url=issuer.url, public_url=NOWHERE, log_level="CRITICAL")
    async with client_of(build_app(service, router=router)) as client:
        yield client


async def test_the_claim_is_the_endpoint_s_model(client: httpx.AsyncClient, issuer: Issuer) -> None:
    assert (await client.get("/moi", headers={"Authorization": f"bearer {issuer.token()}"})).json() == "Zoé"


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Basic YTpi", "Bearer a.b.c", "Bearer é"])
async def test_who_is_not_logged_in_is_told_so(client: httpx.AsyncClient, header: str | None) -> None:
    answer = await client.get("/moi", headers={} if header is None else {"Authorization": header.encode()})  # type: ignore[arg-type]
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert answer.json()["type"] == "urn:iel:probleme:non-authentifie"


@pytest.mark.parametrize("acteur", [None, {}, {"nom": 3}, "Zoé"])
async def test_a_claim_of_another_shape_is_no_login(client: httpx.AsyncClient, issuer: Issuer, acteur: object) -> None:
    answer = await client.get("/moi", headers={"Authorization": f"Bearer {issuer.token(acteur=acteur)}"})
    assert answer.status_code == 401
