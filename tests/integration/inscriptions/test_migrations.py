"""The tables that migrations make are those of the models, and what was kept before a migration is kept after."""

from uuid import uuid4

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect, text

from services.inscriptions.models import Table
from services.kit.migrate import config_of, upgrade
from services.kit.tables import KitTable
from tests.servers import PostgresServer

# A ledger as it was written before its movements were ordered: opened at 3, two seats given, then lowered to 1.
ANCIEN_REGISTRE = """
insert into places (session_id, capacite, recues, admises, en_attente, version) values (:id, 1, 2, 2, 0, 6);
insert into mouvements_places (id, session_id, inscription_id, cause, capacite, recues, admises, en_attente, le) values
    (gen_random_uuid(), :id, null, 'capacite', 3, 0, 0, 0, '2026-01-01'),
    (gen_random_uuid(), :id, gen_random_uuid(), 'validation', 0, 1, 0, 0, '2026-01-02'),
    (gen_random_uuid(), :id, gen_random_uuid(), 'validation', 0, 1, 0, 0, '2026-01-03'),
    (gen_random_uuid(), :id, gen_random_uuid(), 'acceptation', 0, 0, 1, 0, '2026-01-04'),
    (gen_random_uuid(), :id, gen_random_uuid(), 'acceptation', 0, 0, 1, 0, '2026-01-05'),
    (gen_random_uuid(), :id, null, 'capacite', 1, 0, 0, 0, '2026-01-06');
"""
CHIFFRES = "select effectif_attendu, capacite, recues, admises, en_attente from"


def test_models_and_migrations_agree_and_can_be_undone(postgres: PostgresServer) -> None:
    url = postgres.empty_database_for("inscriptions")
    upgrade("inscriptions", url)
    upgrade("inscriptions", url)
    engine = create_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        differences = compare_metadata(context, [Table.metadata, KitTable.metadata])  # type: ignore[arg-type]  # several are accepted
    assert differences == []
    command.downgrade(config_of("inscriptions", url), "base")
    assert inspect(engine).get_table_names() == ["alembic_version"]
    engine.dispose()


def test_an_earlier_ledger_is_explained_in_the_new_one(postgres: PostgresServer) -> None:
    url = postgres.empty_database_for("inscriptions")
    session_id = uuid4()
    command.upgrade(config_of("inscriptions", url), "0005")
    engine = create_engine(url)
    with engine.begin() as connection:
        for ordre in ANCIEN_REGISTRE.strip().split(";\n"):
            connection.execute(text(ordre.rstrip(";")), {"id": session_id})
    command.upgrade(config_of("inscriptions", url), "0006")
    with engine.connect() as connection:
        chiffres = connection.execute(text(f"{CHIFFRES} places")).one()
        mouvements = connection.execute(text(f"{CHIFFRES} mouvements_places order by rang")).all()
        rangs = connection.execute(text("select array_agg(rang order by rang) from mouvements_places")).scalar_one()
    assert tuple(chiffres) == (1, 2, 2, 2, 0)
    assert tuple(map(sum, zip(*mouvements, strict=True))) == tuple(chiffres)
    assert rangs == [1, 2, 3, 4, 5, 6, 7]
    command.downgrade(config_of("inscriptions", url), "0005")
    with engine.connect() as connection:
        capacites = connection.execute(text("select capacite from mouvements_places where inscription_id is null order by le")).scalars()
    assert list(capacites)[:2] == [3, 1]
    engine.dispose()
