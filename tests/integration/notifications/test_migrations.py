"""The tables that migrations make are those of the models."""

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect

from services.kit.migrate import config_of, upgrade
from services.kit.tables import KitTable
from services.notifications.models import Table
from tests.servers import PostgresServer


def test_models_and_migrations_agree_and_can_be_undone(postgres: PostgresServer) -> None:
    url = postgres.empty_database_for("notifications")
    upgrade("notifications", url)
    upgrade("notifications", url)
    engine = create_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        differences = compare_metadata(context, [Table.metadata, KitTable.metadata])  # type: ignore[arg-type]  # several are accepted
    assert differences == []
    command.downgrade(config_of("notifications", url), "base")
    assert inspect(engine).get_table_names() == ["alembic_version"]
    engine.dispose()
