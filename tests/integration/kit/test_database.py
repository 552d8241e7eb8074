"""A database that goes away, is too busy, or refuses a value; and its migrations."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from services.kit import migrate
from services.kit.app import build_app
from services.kit.context import Context
from services.kit.database import Database
from services.kit.http import Tx
from services.kit.settings import ServiceSettings
from tests.integration.kit.house import House, client_of, until
from tests.servers import PostgresServer

ROUTER = APIRouter()


@ROUTER.get("/chercher")
async def chercher(session: Tx, q: str) -> int:
    return int((await session.execute(text("select count(*) from effects where nom = :q"), {"q": q})).scalar_one())


@ROUTER.get("/longtemps")
async def longtemps(session: Tx) -> None:
    await session.execute(text("select pg_sleep(30)"))


@pytest.fixture
async def app(house: House) -> AsyncIterator[FastAPI]:
    app = build_app(house.settings(), router=ROUTER)
    yield app
    await app.state.context.database.dispose()


def said(answer: httpx.Response) -> tuple[int, str | None, str]:
    return answer.status_code, answer.headers.get("retry-after"), answer.json()["type"]


async def test_a_database_that_is_down_is_a_503_and_comes_back(app: FastAPI, house: House) -> None:
    async with client_of(app) as client:
        assert (await client.get("/chercher?q=a")).json() == 0
        await house.postgres.stop()
        try:
            answer = await client.get("/chercher?q=a")
        finally:
            await house.postgres.start_again()
        assert said(answer) == (503, "5", "urn:iel:probleme:indisponible")
        assert (await client.get("/chercher?q=a")).json() == 0


async def test_a_connection_cut_in_the_middle_is_a_503(app: FastAPI, house: House) -> None:
    async with client_of(app) as client:
        asked = asyncio.create_task(client.get("/longtemps"))
        await until(lambda: house.rows("select 1 from pg_stat_activity where query = 'select pg_sleep(30)'"))
        await house.rows("select pg_terminate_backend(pid) from pg_stat_activity where query = 'select pg_sleep(30)'")
        assert said(await asked) == (503, "5", "urn:iel:probleme:indisponible")


async def test_a_pool_without_a_free_connection_is_a_503(house: House) -> None:
    database = Database(house.database.url, pool=1)
    database._engine.pool._timeout = 0.2  # type: ignore[attr-defined]
    app = build_app(house.settings(), router=ROUTER)
    app.state.context = Context(house.settings(), app.state.context.bus, database)
    async with client_of(app) as client, database.transaction() as session:
        await session.execute(text("select 1"))
        assert said(await client.get("/chercher?q=a")) == (503, "5", "urn:iel:probleme:indisponible")
    await database.dispose()


async def test_a_value_that_cannot_be_stored_is_the_caller_s_fault(app: FastAPI) -> None:
    async with client_of(app) as client:
        answer = await client.get("/chercher", params={"q": "a\x00b"})
    assert said(answer) == (422, None, "urn:iel:probleme:saisie-invalide")


async def test_a_transaction_commits_when_it_ends_well_only(house: House) -> None:
    async def insert_then_divide(name: str, divisor: int) -> float:
        async with house.database.transaction() as session:
            await session.execute(text("insert into effects values (:name)"), {"name": name})
            return 1 / divisor

    await insert_then_divide("kept", 1)
    with pytest.raises(ZeroDivisionError):
        await insert_then_divide("lost", 0)
    assert await house.effects() == ["kept"]


async def test_an_error_does_not_say_the_values_of_its_statement(house: House) -> None:
    with pytest.raises(ProgrammingError) as caught:
        await house.rows("select nothing from effects where nom = :nom", nom="Zoé Martin")
    assert "Zoé" not in str(caught.value)


async def test_rows_are_those_of_sqlmodel_and_constraints_are_kept(house: House) -> None:
    insert = "insert into inbox (consumer, event_id) values ('c', '00000000-0000-0000-0000-000000000001') returning consumer"
    assert [row.consumer for row in await house.rows(insert)] == ["c"]
    with pytest.raises(IntegrityError):
        await house.rows(insert)


FAILING = """
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.execute("create table half (n int)")
    if not op.get_bind().exec_driver_sql("select to_regclass('allowed')").scalar():
        raise RuntimeError("not yet")
"""


@pytest.fixture
def migrations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A service whose only migration fails until a table `allowed` exists."""
    folder = tmp_path / "essai" / "migrations"
    (folder / "versions").mkdir(parents=True)
    (folder / "env.py").write_text(
        "from services.kit.migrate import run\nfrom services.kit.tables import KitTable\nrun(KitTable.metadata)\n"
    )
    (folder / "versions" / "0001.py").write_text(FAILING)
    monkeypatch.setattr(migrate, "SERVICES", tmp_path)
    return "essai"


def test_a_migration_that_fails_leaves_nothing_and_lets_the_lock_go(postgres: PostgresServer, migrations: str) -> None:
    url = postgres.empty_database_for("catalogue")
    with pytest.raises(RuntimeError, match="not yet"):
        migrate.upgrade(migrations, url)
    assert asyncio.run(_tables(url)) == set()
    asyncio.run(_execute(url, "create table allowed ()"))
    migrate.upgrade(migrations, url)
    migrate.upgrade(migrations, url)
    assert asyncio.run(_tables(url)) == {"allowed", "half", "alembic_version"}


async def _execute(url: str, statement: str) -> None:
    database = Database(url)
    async with database.transaction() as session:
        await session.execute(text(statement))
    await database.dispose()


async def _tables(url: str) -> set[str]:
    database = Database(url)
    async with database.transaction() as session:
        rows = await session.execute(text("select tablename from pg_tables where schemaname = 'public'"))
        found = {row.tablename for row in rows}
    await database.dispose()
    return found


def test_two_processes_may_migrate_at_once(postgres: PostgresServer) -> None:
    url = postgres.empty_database_for("catalogue")
    command = [sys.executable, "-W", "error", "-m", "services.kit.migrate", "catalogue"]
    processes = [subprocess.Popen(command, env={"IEL_DATABASE_URL": url}, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    outcomes = [(process.communicate(timeout=60)[1], process.returncode) for process in processes]
    assert [code for _, code in outcomes] == [0, 0, 0], outcomes


def test_settings_without_a_database_are_those_of_a_service_without_data() -> None:
    settings = ServiceSettings(service="web", port=1, nats_url="nats://x", jwks_url="http://x", public_url="http://x")
    context = build_app(settings, router=APIRouter()).state.context
    assert not context.has_database
    with pytest.raises(LookupError, match="web"):
        _ = context.database
    with pytest.raises(TypeError, match="Special"):
        context.settings_as(type("Special", (ServiceSettings,), {}))
