"""The kit on real servers."""

from collections.abc import AsyncIterator

import pytest

from services.kit.database import Database
from tests.integration.kit.house import House, make_tables
from tests.servers import NatsServer, PostgresServer


@pytest.fixture
async def house(postgres: PostgresServer, nats_server: NatsServer) -> AsyncIterator[House]:
    """An empty database with the kit's tables, and a NATS where the durable of `Chose` has no past."""
    database = Database(postgres.empty_database_for("catalogue"))
    await make_tables(database)
    house = House(nats_server, postgres, database)
    await house.listen()
    yield house
    await database.dispose()
