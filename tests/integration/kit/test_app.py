"""A service as a process: HTTP first, readiness that tells the truth, tasks that come back."""

import asyncio
import json
import os
import signal
import sys
import time
from asyncio.subprocess import STDOUT
from pathlib import Path

import httpx
import pytest
from fastapi import APIRouter, FastAPI

from deploy.local.settings import free_ports
from services.kit import pull
from services.kit.app import build_app
from services.kit.context import Context
from tests.integration.kit.house import NOWHERE, House, client_of, is_ready, readiness, une_chose, until

ROUTER = APIRouter()


@ROUTER.get("/bonjour")
async def bonjour() -> str:
    return "bonjour"


async def test_http_answers_before_nats_is_there_and_events_leave_when_it_comes(house: House) -> None:
    await house.nats_server.stop()
    async with house.running(router=ROUTER, wait=False) as app:
        async with client_of(app) as client:
            assert (await client.get("/bonjour")).json() == "bonjour"
            assert (await client.get("/health/live")).json() == {"etat": "vivant"}
        answer = await readiness(app)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
        assert "nats" in answer.json()["detail"]
        await house.nats_server.start()
        await until(lambda: is_ready(app))
        await house.publish(une_chose("a"))
        await until(lambda: house.has_effects(1))


async def test_readiness_follows_nats_down_and_up(house: House) -> None:
    async with house.running() as app:
        await house.nats_server.stop()
        await until(lambda: _down(app, "nats"))
        await house.nats_server.start()
        await until(lambda: is_ready(app))


async def _down(app: FastAPI, name: str) -> bool:
    answer = await readiness(app)
    return answer.status_code == 503 and name in answer.json()["detail"]


async def test_readiness_follows_the_database_down_and_up(house: House) -> None:
    async with house.running() as app:
        await house.postgres.stop()
        try:
            answer = await readiness(app)
        finally:
            await house.postgres.start_again()
        assert answer.status_code == 503
        assert answer.json()["detail"] == "Ne répond pas\u00a0: postgresql"
        await until(lambda: is_ready(app))


async def test_a_check_of_the_service_s_own_is_named(house: House) -> None:
    async def never(_context: Context) -> None:
        raise ConnectionError

    async with house.running(ready={"coffre": never}, wait=False) as app:
        await until(lambda: _only_coffre(app))


async def _only_coffre(app: FastAPI) -> bool:
    answer = await readiness(app)
    detail: str = answer.json()["detail"]
    return detail == "Ne répond pas\u00a0: coffre"


async def test_a_check_without_end_is_a_failure(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.kit.health.CHECK_SECONDS", 0.2)

    async def endless(_context: Context) -> None:
        await asyncio.Event().wait()

    async with house.running(ready={"coffre": endless}, wait=False) as app:
        assert "coffre" in (await readiness(app)).json()["detail"]


async def test_a_task_that_dies_is_started_again_and_the_service_is_not_ready_meanwhile(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.kit.background.FIRST_DELAY_SECONDS", 1.0)
    calls: list[float] = []

    async def dies_once(_context: Context) -> None:
        calls.append(time.monotonic())
        if len(calls) == 1:
            raise RuntimeError
        await asyncio.Event().wait()

    async with house.running(tasks=[dies_once], wait=False) as app:
        await until(lambda: _down(app, "tâches de fond"))
        await until(lambda: len(calls) == 2)
        await until(lambda: is_ready(app))
    assert calls[1] - calls[0] >= 1


async def test_a_consumer_that_dies_is_started_again(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    async with house.running() as app:
        real, broken = pull._settle, asyncio.Event()

        async def breaks(*args: object) -> None:
            broken.set()
            monkeypatch.setattr(pull, "_settle", real)
            raise RuntimeError("a bug in the loop itself")

        monkeypatch.setattr(pull, "_settle", breaks)
        await house.listen(ack_wait=1)
        await house.publish(une_chose("a"))
        await until(broken.is_set)
        await until(lambda: house.has_effects(1))
        await until(lambda: is_ready(app))


async def test_a_service_sent_away_by_nats_comes_back(house: House) -> None:
    async with house.running() as app:
        bus = app.state.context.bus
        former = bus.nc
        await former._process_err("'Authorization Violation'")
        await until(lambda: bus.nc is not former)
        await until(lambda: is_ready(app))
        await house.publish(une_chose("a"))
        await until(lambda: house.has_effects(1))


async def test_a_process_started_and_stopped_at_once_ends_well(house: House) -> None:
    async with asyncio.timeout(5), house.running(wait=False):
        pass


async def test_tasks_are_cancelled_at_the_end(house: House) -> None:
    ended: list[str] = []

    async def task(_context: Context) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("task")

    async with house.running(tasks=[task, task]):
        pass
    assert ended == ["task", "task"]
    others = [each for each in asyncio.all_tasks() if each is not asyncio.current_task()]
    assert not [each for each in others if "kit" in repr(each.get_coro()) and "test" not in repr(each.get_coro())]


async def test_metrics_are_served(house: House) -> None:
    app = build_app(house.settings(), router=APIRouter())
    async with client_of(app) as client:
        answer = await client.get("/metrics")
    assert "python_info" in answer.text


PROGRAM = """
from fastapi import APIRouter, FastAPI
from services.kit import pull
from services.kit.app import build_app, serve
from services.kit.logs import get_logger
from services.kit.settings import ServiceSettings

router = APIRouter()

@router.get("/faute")
async def faute() -> None:
    get_logger("essai").info("avant.la.faute", nombre=3)
    raise RuntimeError("secret")

settings = ServiceSettings()
serve(build_app(settings, router=router), settings)
"""


async def test_a_real_process_serves_logs_json_and_stops_politely(house: House, tmp_path: Path) -> None:
    [port] = free_ports(1)
    login = house.nats_server.login("catalogue")
    environment = {
        "PATH": os.environ["PATH"],
        "IEL_SERVICE": "catalogue",
        "IEL_PORT": str(port),
        "IEL_NATS_URL": login.nats_url,
        "IEL_NATS_USER": login.nats_user,
        "IEL_NATS_PASSWORD": login.nats_password,
        "IEL_JWKS_URL": NOWHERE,
        "IEL_PUBLIC_URL": NOWHERE,
    }
    out = tmp_path / "out.log"
    with out.open("w") as stream:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-W", "error", "-c", PROGRAM, env=environment, stdout=stream, stderr=STDOUT
        )
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
            await until(lambda: _answers(client))
            answer = await client.get("/faute", headers={"X-Correlation-Id": "fil-9"})
        assert (answer.status_code, answer.headers["x-correlation-id"]) == (500, "fil-9")
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(10):
            assert await process.wait() in {0, -signal.SIGTERM}
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    lines = _lines(out)
    [before] = [line for line in lines if line["event"] == "avant.la.faute"]
    assert (before["correlation_id"], before["service"], before["level"], before["nombre"]) == ("fil-9", "catalogue", "info", 3)
    [failure] = [line for line in lines if line["event"] == "http.failed"]
    assert failure["correlation_id"] == "fil-9"
    assert "RuntimeError" in str(failure["exception"])
    assert str(lines).count("RuntimeError: secret") == 1, "the server must not log it a second time"


def _lines(out: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in out.read_text().splitlines()]


async def _answers(client: httpx.AsyncClient) -> bool:
    try:
        return (await client.get("/health/ready")).status_code == 200
    except httpx.TransportError:
        return False
