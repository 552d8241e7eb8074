"""The catalogue: structures, stages, sessions and the projections of collectivités and places."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from services.kit.migrate import create_kit_tables, drop_kit_tables

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("create extension if not exists unaccent")
    _create_search()
    create_kit_tables()
    _create_catalogue()
    _create_sessions()
    _create_projections()


def _create_search() -> None:
    """French stems without accents, and without PostgreSQL's stop words: "catégorie C" would lose its letter."""
    op.execute("create text search dictionary francais_radical (template = snowball, language = french)")
    op.execute("create text search configuration francais (copy = french)")
    op.execute(
        "alter text search configuration francais alter mapping for asciiword, asciihword, hword_asciipart, word, hword, hword_part"
        " with unaccent, francais_radical"
    )


def _create_catalogue() -> None:
    op.create_table(
        "structures",
        sa.Column("code", sa.String(), primary_key=True),
        sa.Column("nom", sa.String(), nullable=False),
    )
    op.create_table(
        "stages",
        sa.Column("code", sa.String(), primary_key=True),
        sa.Column("intitule", sa.String(), nullable=False),
        sa.Column("domaine", sa.String(), nullable=False),
        sa.Column("nature", sa.String(), nullable=False),
        sa.Column("organisation", sa.String(), nullable=False),
        sa.Column("objectifs", sa.String(), nullable=False),
        sa.Column("public", sa.String(), nullable=False),
        sa.Column("duree_jours", sa.Float(), nullable=False),
        sa.Column("duree_heures", sa.Float(), nullable=False),
        sa.CheckConstraint("code ~ '^[A-Z0-9]{5}$'", name="stages_code"),
        sa.CheckConstraint("duree_jours > 0 and duree_heures > 0", name="stages_duree"),
        sa.CheckConstraint("organisation in ('inter', 'intra', 'union')", name="stages_organisation"),
    )


def _create_sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("stage_code", sa.String(), sa.ForeignKey("stages.code"), nullable=False),
        sa.Column("numero", sa.String(), nullable=False),
        sa.Column("structure_code", sa.String(), sa.ForeignKey("structures.code"), nullable=False),
        sa.Column("lieu", sa.String(), nullable=False),
        sa.Column("adresse", sa.String(), nullable=False),
        sa.Column("debut", sa.Date(), nullable=False),
        sa.Column("fin", sa.Date(), nullable=False),
        sa.Column("date_limite", sa.DateTime(timezone=True), nullable=False),
        sa.Column("effectif_attendu", sa.Integer(), nullable=False),
        sa.Column("effectif_minimum", sa.Integer(), nullable=False),
        sa.Column("conseiller", sa.String(), nullable=False),
        sa.Column("conseiller_email", sa.String(), nullable=False),
        sa.Column("aire_nationale", sa.Boolean(), nullable=False),
        sa.Column("aire_departements", sa.ARRAY(sa.String()), nullable=False),
        sa.Column("aire_collectivites", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("etat", sa.String(), nullable=False),
        sa.Column("recherche", postgresql.TSVECTOR(), server_default=sa.text("''::tsvector"), nullable=False),
        sa.UniqueConstraint("stage_code", "numero", name="sessions_code"),
        sa.CheckConstraint("numero ~ '^[0-9]{3}$'", name="sessions_numero"),
        sa.CheckConstraint("effectif_attendu > 0 and effectif_minimum between 0 and effectif_attendu", name="sessions_effectif"),
        sa.CheckConstraint("etat in ('publiee', 'annulee')", name="sessions_etat"),
        sa.CheckConstraint("fin >= debut", name="sessions_dates"),
        sa.CheckConstraint("version > 0", name="sessions_version"),
    )
    op.create_index("sessions_par_date", "sessions", ["debut", "id"])
    op.create_index("sessions_de_la_structure", "sessions", ["structure_code", "debut", "id"])
    for column in ("recherche", "aire_departements", "aire_collectivites"):
        op.create_index(f"sessions_{column}", "sessions", [column], postgresql_using="gin")
    op.create_table(
        "regroupements",
        sa.Column("session_id", sa.Uuid(), sa.ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("rang", sa.Integer(), primary_key=True),
        sa.Column("debut", sa.Date(), nullable=False),
        sa.Column("fin", sa.Date(), nullable=False),
        sa.Column("heure_debut", sa.Time(), nullable=False),
        sa.Column("heure_fin", sa.Time(), nullable=False),
        sa.CheckConstraint("fin >= debut and heure_fin > heure_debut", name="regroupements_ordre"),
    )


def _create_projections() -> None:
    op.create_table(
        "collectivites",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("departement", sa.String(), nullable=False),
    )
    op.create_table(
        "places",
        sa.Column("session_id", sa.Uuid(), primary_key=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recues", sa.Integer(), nullable=False),
        sa.Column("admises", sa.Integer(), nullable=False),
        sa.Column("en_attente", sa.Integer(), nullable=False),
    )


def downgrade() -> None:
    for table in ("places", "collectivites", "regroupements", "sessions", "stages", "structures"):
        op.drop_table(table)
    drop_kit_tables()
    op.execute("drop text search configuration francais")
    op.execute("drop text search dictionary francais_radical")
