"""Migrations: `python -m services.kit.migrate <service>` brings the service's database to its newest schema.

Safe to run twice, and by several processes at once (an advisory lock lets one through at a time).
"""

import os
import sys
from pathlib import Path

from alembic import command, context, op
from alembic.config import Config
from sqlalchemy import MetaData, NullPool, create_engine, text

from services.kit.tables import KitTable

SERVICES = Path(__file__).resolve().parent.parent
LOCK = 7_240_001


def config_of(service: str, url: str) -> Config:
    """The Alembic configuration of one service."""
    config = Config()
    config.set_main_option("script_location", str(SERVICES / service / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["url"] = url
    return config


def upgrade(service: str, url: str) -> None:
    command.upgrade(config_of(service, url), "head")


def run(metadata: MetaData) -> None:
    """Called by each service's `migrations/env.py`; `metadata` is that of its models."""
    # No pool: a migration that fails closes its connection, and the lock is let go.
    engine = create_engine(context.config.attributes["url"], poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text("select pg_advisory_lock(:lock)"), {"lock": LOCK})
        connection.commit()
        context.configure(connection=connection, target_metadata=[metadata, KitTable.metadata], compare_type=True)
        with context.begin_transaction():
            context.run_migrations()


def create_kit_tables() -> None:
    """The kit's tables, as of the first migration of every service."""
    KitTable.metadata.create_all(op.get_bind())


def drop_kit_tables() -> None:
    KitTable.metadata.drop_all(op.get_bind())


if __name__ == "__main__":
    upgrade(sys.argv[1], os.environ["IEL_DATABASE_URL"])
