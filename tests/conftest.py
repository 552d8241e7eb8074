"""The real servers, as fixtures: see tests/README.md."""

from collections.abc import Iterator

import pytest

from deploy.local.settings import StackSettings
from deploy.local.stack import LocalStack
from tests.servers import LoopThread, NatsServer, PostgresServer, RunningStack


@pytest.fixture(scope="session")
def server_threads() -> Iterator[LoopThread]:
    threads = LoopThread()
    yield threads
    threads.close()


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory, server_threads: LoopThread) -> Iterator[PostgresServer]:
    """One PostgreSQL for the run; `postgres.database_for("catalogue")` gives the address of a fresh migrated database."""
    server = PostgresServer(tmp_path_factory.mktemp("postgres"), server_threads)
    try:
        server.start()
        yield server
    finally:
        server.forget()


@pytest.fixture(scope="module")
def nats_server(tmp_path_factory: pytest.TempPathFactory, server_threads: LoopThread) -> Iterator[NatsServer]:
    """One NATS a test module, with the streams, consumers and users of the platform."""
    server = NatsServer(tmp_path_factory.mktemp("nats"), server_threads)
    try:
        server.open()
        yield server
    finally:
        server.close()


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory, server_threads: LoopThread) -> Iterator[RunningStack]:
    """The whole platform, once a run, on free ports, with the demonstration data."""
    local = LocalStack(StackSettings(state_dir=tmp_path_factory.mktemp("stack")).with_free_ports())
    server_threads.run(local.start())
    try:
        yield RunningStack(local, server_threads)
    finally:
        server_threads.run(local.stop())
        local.forget()
