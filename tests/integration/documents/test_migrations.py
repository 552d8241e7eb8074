"""The tables that migrations make are those of the models."""

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect, text

from services.documents.models import Table
from services.kit.migrate import config_of, upgrade
from services.kit.tables import KitTable
from tests.servers import PostgresServer


def test_models_and_migrations_agree_and_can_be_undone(postgres: PostgresServer) -> None:
    url = postgres.empty_database_for("documents")
    upgrade("documents", url)
    upgrade("documents", url)
    engine = create_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        differences = compare_metadata(context, [Table.metadata, KitTable.metadata])  # type: ignore[arg-type]  # several are accepted
    assert differences == []
    command.downgrade(config_of("documents", url), "base")
    assert inspect(engine).get_table_names() == ["alembic_version"]
    engine.dispose()


def test_papers_made_before_keep_their_reference(postgres: PostgresServer) -> None:
    url = postgres.empty_database_for("documents")
    command.upgrade(config_of("documents", url), "0001")
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(
            text(
                "insert into documents (id, genre, version, reference, inscription_id, agent_id, collectivite_id, structure, structure_nom,"
                " session_code, intitule, empreinte, empreinte_html, taille, cree_le) values (gen_random_uuid(), 'convocation', 1,"
                " 'CV-7K3M-9QXA', gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'BRE', 'B', 'S', 'I', 'e', 'h', 1, now())"
            )
        )
    upgrade("documents", url)
    with engine.begin() as connection:
        assert connection.execute(text("select reference from reservations")).scalar_one() == "CV-7K3M-9QXA"
        assert connection.execute(text("select correlation from documents")).scalar_one() == ""
    engine.dispose()
