"""The request and all that happens to it, projections of what others own, and the kit's tables."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from services.kit.migrate import create_kit_tables, drop_kit_tables

revision = "0001"
down_revision = None


def upgrade() -> None:
    create_kit_tables()
    op.execute("create sequence inscriptions_numero")
    projections()
    demandes()
    suivi()


def downgrade() -> None:
    for table in (
        "journal",
        "demandes_avis",
        "decisions",
        "sessions",
        "places",
        "mouvements_places",
        "inscriptions",
        "collectivites",
        "circuits",
        "agents",
    ):
        op.drop_table(table)
    op.execute("drop sequence inscriptions_numero")
    drop_kit_tables()


def projections() -> None:
    op.create_table(
        "collectivites",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("nom", sa.String(), nullable=False),
        sa.Column("departement", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("autorite", sa.String(), nullable=False),
        sa.Column("preinscription_agents", sa.Boolean(), nullable=False),
        sa.Column("gestionnaires", JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "agents",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("collectivite_id", sa.Uuid(), nullable=False),
        sa.Column("civilite", sa.String(), nullable=False),
        sa.Column("nom", sa.String(), nullable=False),
        sa.Column("prenom", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("categorie", sa.String(), nullable=True),
        sa.Column("grade", sa.String(), nullable=True),
        sa.Column("fonction", sa.String(), nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("superieur", JSONB(), nullable=True),
        sa.Column("suppleant", JSONB(), nullable=True),
        sa.Column("actif", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_agents_collectivite_id", "agents", ["collectivite_id"], unique=False)
    op.create_table(
        "sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("intitule", sa.String(), nullable=False),
        sa.Column("objectifs", sa.String(), nullable=False),
        sa.Column("structure", sa.String(), nullable=False),
        sa.Column("structure_nom", sa.String(), nullable=False),
        sa.Column("lieu", sa.String(), nullable=False),
        sa.Column("adresse", sa.String(), nullable=False),
        sa.Column("regroupements", JSONB(), nullable=False),
        sa.Column("duree_heures", sa.Float(), nullable=False),
        sa.Column("date_limite", sa.DateTime(timezone=True), nullable=False),
        sa.Column("debut", sa.DateTime(timezone=True), nullable=False),
        sa.Column("etat", sa.String(), nullable=False),
        sa.Column("aire", JSONB(), nullable=False),
        sa.Column("conseiller", sa.String(), nullable=False),
        sa.Column("conseiller_email", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )


def demandes() -> None:
    op.create_table(
        "circuits",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("collectivite_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("etapes", JSONB(), nullable=False),
        sa.Column("cree_par", sa.String(), nullable=False),
        sa.Column("cree_le", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("collectivite_id", "version", name="circuits_version"),
    )
    op.create_table(
        "inscriptions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("numero", sa.String(), nullable=False),
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column("collectivite_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("structure", sa.String(), nullable=False),
        sa.Column("etat", sa.String(), nullable=False),
        sa.Column("etape", sa.String(), nullable=False),
        sa.Column("echeance", sa.DateTime(timezone=True), nullable=True),
        sa.Column("motivation", sa.String(), nullable=False),
        sa.Column("circuit_version", sa.Integer(), nullable=False),
        sa.Column("etapes", JSONB(), nullable=False),
        sa.Column("depose_le", sa.DateTime(timezone=True), nullable=False),
        sa.Column("validee_par", sa.String(), nullable=True),
        sa.Column("validee_le", sa.DateTime(timezone=True), nullable=True),
        sa.Column("transmise_le", sa.DateTime(timezone=True), nullable=True),
        sa.Column("motif_decision", sa.String(), nullable=True),
        sa.Column("convocation_id", sa.Uuid(), nullable=True),
        sa.Column("convocation_reference", sa.String(), nullable=True),
        sa.Column("modifiee_le", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("numero"),
    )
    op.create_index("inscriptions_agent", "inscriptions", ["agent_id", sa.text("depose_le desc"), sa.text("id desc")], unique=False)
    op.create_index(
        "inscriptions_collectivite", "inscriptions", ["collectivite_id", sa.text("depose_le desc"), sa.text("id desc")], unique=False
    )
    op.create_index(
        "inscriptions_structure",
        "inscriptions",
        ["structure", sa.text("depose_le desc"), sa.text("id desc")],
        unique=False,
        postgresql_where=sa.text("transmise_le is not null"),
    )
    op.create_index(
        "inscriptions_transmises",
        "inscriptions",
        [sa.text("depose_le desc"), sa.text("id desc")],
        unique=False,
        postgresql_where=sa.text("transmise_le is not null"),
    )
    op.create_index(
        "inscriptions_une_seule_vivante",
        "inscriptions",
        ["agent_id", "session_id"],
        unique=True,
        postgresql_where=sa.text("etat in ('acceptee', 'convoquee', 'liste_attente', 'preinscription', 'transmise')"),
    )
    op.create_index("ix_inscriptions_session_id", "inscriptions", ["session_id"], unique=False)
    op.create_table(
        "decisions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("inscription_id", sa.Uuid(), nullable=False),
        sa.Column("nature", sa.String(), nullable=False),
        sa.Column("issue", sa.String(), nullable=False),
        sa.Column("commentaire", sa.String(), nullable=False),
        sa.Column("acteur_id", sa.Uuid(), nullable=True),
        sa.Column("acteur", sa.String(), nullable=False),
        sa.Column("pour", sa.String(), nullable=False),
        sa.Column("canal", sa.String(), nullable=False),
        sa.Column("demande_id", sa.Uuid(), nullable=True),
        sa.Column("etat", sa.String(), nullable=False),
        sa.Column("effet", sa.String(), nullable=True),
        sa.Column("refus", sa.String(), nullable=False),
        sa.Column("proposee_le", sa.DateTime(timezone=True), nullable=False),
        sa.Column("appliquee_le", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["inscription_id"],
            ["inscriptions.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_decisions_inscription_id", "decisions", ["inscription_id"], unique=False)
    op.create_table(
        "demandes_avis",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("inscription_id", sa.Uuid(), nullable=False),
        sa.Column("rang", sa.Integer(), nullable=False),
        sa.Column("a", sa.String(), nullable=False),
        sa.Column("personne", JSONB(), nullable=True),
        sa.Column("interim_de", sa.String(), nullable=True),
        sa.Column("etat", sa.String(), nullable=False),
        sa.Column("demande_le", sa.DateTime(timezone=True), nullable=False),
        sa.Column("echeance", sa.DateTime(timezone=True), nullable=True),
        sa.Column("relances", sa.ARRAY(sa.DateTime(timezone=True)), nullable=False),
        sa.Column("relances_parties", sa.ARRAY(sa.Integer()), nullable=False),
        sa.Column("sens", sa.String(), nullable=True),
        sa.Column("commentaire", sa.String(), nullable=False),
        sa.Column("raison_cloture", sa.String(), nullable=False),
        sa.Column("fin_le", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["inscription_id"],
            ["inscriptions.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("inscription_id", "rang", "a", name="demandes_avis_une_par_personne"),
    )
    op.create_index(
        "demandes_avis_une_ouverte", "demandes_avis", ["inscription_id"], unique=True, postgresql_where=sa.text("etat = 'ouverte'")
    )


def suivi() -> None:
    op.create_table(
        "journal",
        sa.Column("inscription_id", sa.Uuid(), nullable=False),
        sa.Column("rang", sa.Integer(), nullable=False),
        sa.Column("le", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fait", sa.String(), nullable=False),
        sa.Column("par", sa.String(), nullable=False),
        sa.Column("pour", sa.String(), nullable=False),
        sa.Column("canal", sa.String(), nullable=False),
        sa.Column("de", sa.String(), nullable=True),
        sa.Column("vers", sa.String(), nullable=True),
        sa.Column("motif", sa.String(), nullable=False),
        sa.Column("empreinte", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["inscription_id"],
            ["inscriptions.id"],
        ),
        sa.PrimaryKeyConstraint("inscription_id", "rang"),
    )
    op.create_table(
        "places",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("capacite", sa.Integer(), nullable=False),
        sa.Column("recues", sa.Integer(), nullable=False),
        sa.Column("admises", sa.Integer(), nullable=False),
        sa.Column("en_attente", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("admises >= 0 and recues >= 0 and en_attente >= 0", name="places_never_negative"),
        sa.CheckConstraint("capacite >= 0", name="places_capacity"),
        sa.PrimaryKeyConstraint("session_id"),
    )
    op.create_table(
        "mouvements_places",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("inscription_id", sa.Uuid(), nullable=True),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("capacite", sa.Integer(), nullable=False),
        sa.Column("recues", sa.Integer(), nullable=False),
        sa.Column("admises", sa.Integer(), nullable=False),
        sa.Column("en_attente", sa.Integer(), nullable=False),
        sa.Column("le", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_mouvements_places_session_id", "mouvements_places", ["session_id"], unique=False)
