"""The process as it is run: it makes its keys, verifies its own tokens, and carries what the seed wrote to JetStream."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import nats
import pytest
from joserfc import jws

from deploy.local.settings import free_ports
from services.identity.seed.__main__ import main
from tests.integration.identity.conftest import API, CLAIRE, DEMO, connecter
from tests.servers import NatsServer, PostgresServer


@dataclass
class Process:
    client: httpx.AsyncClient
    base: str
    keys: Path


@pytest.fixture
async def process(postgres: PostgresServer, nats_server: NatsServer, tmp_path: Path) -> AsyncIterator[Process]:
    url, (port,), login = postgres.database_for("identity"), free_ports(1), nats_server.login("identity")
    await main(DEMO, url)
    base, keys = f"http://127.0.0.1:{port}", tmp_path / "jwt-keys.json"
    environment = {
        "IEL_SERVICE": "identity",
        "IEL_PORT": str(port),
        "IEL_DATABASE_URL": url,
        "IEL_NATS_URL": login.nats_url,
        "IEL_NATS_USER": login.nats_user,
        "IEL_NATS_PASSWORD": login.nats_password,
        "IEL_JWKS_URL": f"{base}{API}/jwks.json",
        "IEL_PUBLIC_URL": "http://localhost:8080",
        "IEL_JWT_KEYS_FILE": str(keys),
        "IEL_LIENS_KEYS": "cle-des-liens-de-l-essai",
        "IEL_FACTEURS_KEYS": "cle-des-facteurs-de-l-essai",
    }
    with (tmp_path / "log").open("wb") as log:
        running = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "services.identity.main", env={**os.environ, **environment}, stdout=log, stderr=log
        )
    try:
        async with httpx.AsyncClient(base_url=f"{base}{API}", timeout=10) as client:
            yield Process(client, base, keys)
    finally:
        running.terminate()
        await running.wait()


async def ready(process: Process) -> None:
    for _ in range(200):
        try:
            if (await process.client.get(f"{process.base}/health/ready")).status_code == 200:
                return
        except httpx.TransportError:
            pass
        await asyncio.sleep(0.1)
    raise AssertionError("identity did not get ready")


async def test_it_serves_and_publishes(process: Process, nats_server: NatsServer) -> None:
    await ready(process)
    assert process.keys.stat().st_mode & 0o777 == 0o600
    session = (await connecter(process.client, CLAIRE)).raise_for_status().json()
    moi = await process.client.get("/moi", headers={"Authorization": f"Bearer {session['access_token']}"})
    assert moi.json()["collectivite"] == "Ville de Rochebrune-sur-Vilaine"

    admin = await nats.connect(
        nats_server.url, user="provision", password=nats_server.password("provision"), inbox_prefix=b"_INBOX.provision"
    )
    for _ in range(200):
        messages = (await admin.jetstream().stream_info("IDENTITY")).state.messages
        if messages == 2038:
            break
        await asyncio.sleep(0.1)
    assert messages == 2038
    await admin.close()


async def test_a_rotation_is_taken_up_without_restart(process: Process) -> None:
    await ready(process)
    session = (await connecter(process.client, CLAIRE)).raise_for_status().json()
    avant = [cle["kid"] for cle in (await process.client.get("/jwks.json")).json()["keys"]]
    commande = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "services.identity.cles", "rotation", env={**os.environ, "IEL_JWT_KEYS_FILE": str(process.keys)}
    )
    assert await commande.wait() == 0
    apres = [cle["kid"] for cle in (await process.client.get("/jwks.json")).json()["keys"]]
    assert (len(apres), apres[:1]) == (2, avant)
    # Published, and not signing yet: the verifiers have not all seen it.
    for jeton in (session["access_token"], (await connecter(process.client, CLAIRE)).json()["access_token"]):
        assert jws.extract_compact(jeton.encode()).headers()["kid"] == avant[0]
        assert (await process.client.get("/moi", headers={"Authorization": f"Bearer {jeton}"})).is_success
    # When its turn comes, its tokens are accepted at once, by a process that never met it.
    cles = json.loads(process.keys.read_text())
    cles["keys"][1]["signe_des"] = 1
    process.keys.write_text(json.dumps(cles))
    jeton = (await connecter(process.client, CLAIRE)).json()["access_token"]
    assert jws.extract_compact(jeton.encode()).headers()["kid"] == apres[1]
    for valable in (jeton, session["access_token"]):
        assert (await process.client.get("/moi", headers={"Authorization": f"Bearer {valable}"})).is_success
