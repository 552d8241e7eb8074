"""Changes of records, who read them, aménagements kept apart, intérims, corrections asked for; a birth date may be unknown."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    # Compares the ids in the constraint that keeps intérims apart; trusted, so that the owner of the database may create it.
    op.execute("create extension if not exists btree_gist")
    op.alter_column("agents", "date_naissance", nullable=True)
    op.add_column("agents", sa.Column("anonymise_le", INSTANT, nullable=True))
    op.add_column("agents", sa.Column("successeur_id", sa.Uuid(), nullable=True))
    op.create_foreign_key("agents_successeur", "agents", "agents", ["collectivite_id", "successeur_id"], ["collectivite_id", "id"])
    op.create_index("agents_sorties", "agents", ["sortie_le"], postgresql_where=sa.text("actif and sortie_le is not null"))
    op.create_index("agents_du_superieur", "agents", ["superieur_id"], postgresql_where=sa.text("superieur_id is not null"))
    op.create_table(
        "changements",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("collectivite_id", sa.Uuid(), sa.ForeignKey("collectivites.id"), nullable=False),
        sa.Column("objet", sa.String(), nullable=False),
        sa.Column("objet_id", sa.Uuid(), nullable=False),
        sa.Column("survenu_le", INSTANT, nullable=False),
        sa.Column("par", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("details", postgresql.JSONB(), nullable=False),
        sa.Column("motif", sa.String(), nullable=False),
    )
    op.create_index("changements_d_un_objet", "changements", ["objet_id", "survenu_le"])
    op.create_index("ix_changements_collectivite_id", "changements", ["collectivite_id"])
    op.create_table(
        "lectures",
        sa.Column("agent_id", sa.Uuid(), sa.ForeignKey("agents.id"), primary_key=True),
        sa.Column("compte_id", sa.Uuid(), primary_key=True),
        sa.Column("quoi", sa.String(), primary_key=True),
        sa.Column("jour", sa.Date(), primary_key=True),
        sa.Column("lecteur", sa.String(), nullable=False),
        sa.Column("nombre", sa.Integer(), nullable=False),
        sa.Column("derniere_le", INSTANT, nullable=False),
    )
    op.create_index("lectures_d_un_agent", "lectures", ["agent_id", "derniere_le"])
    op.create_table(
        "amenagements",
        sa.Column("agent_id", sa.Uuid(), sa.ForeignKey("agents.id"), primary_key=True),
        sa.Column("besoin", sa.String(), nullable=False),
        sa.Column("note_le", INSTANT, nullable=False),
        sa.Column("note_par", sa.String(), nullable=False),
    )
    _interims()
    op.create_table(
        "corrections",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("collectivite_id", sa.Uuid(), sa.ForeignKey("collectivites.id"), nullable=False),
        sa.Column("agent_id", sa.Uuid(), sa.ForeignKey("agents.id"), nullable=False),
        sa.Column("champ", sa.String(), nullable=False),
        sa.Column("valeur", sa.String(), nullable=False),
        sa.Column("precisions", sa.String(), nullable=False),
        sa.Column("etat", sa.String(), nullable=False),
        sa.Column("demandee_le", INSTANT, nullable=False),
        sa.Column("traitee_le", INSTANT, nullable=True),
        sa.Column("traitee_par", sa.String(), nullable=True),
        sa.Column("reponse", sa.String(), nullable=False),
    )
    op.create_index(
        "corrections_en_attente", "corrections", ["agent_id", "champ"], unique=True, postgresql_where=sa.text("etat = 'demandee'")
    )
    op.create_index("corrections_d_un_agent", "corrections", ["agent_id", "demandee_le"])
    op.create_index("ix_corrections_collectivite_id", "corrections", ["collectivite_id"])
    op.create_table("jours_faits", sa.Column("jour", sa.Date(), primary_key=True), sa.Column("fait_le", INSTANT, nullable=False))


def _interims() -> None:
    op.create_table(
        "interims",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("collectivite_id", sa.Uuid(), sa.ForeignKey("collectivites.id"), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=True),
        sa.Column("remplace_id", sa.Uuid(), nullable=True),
        sa.Column("interimaire_id", sa.Uuid(), nullable=False),
        sa.Column("debut", sa.Date(), nullable=False),
        sa.Column("fin", sa.Date(), nullable=False),
        sa.Column("motif", sa.String(), nullable=False),
        sa.Column("cree_le", INSTANT, nullable=False),
        sa.Column("cree_par", sa.String(), nullable=False),
        sa.Column("annule_le", INSTANT, nullable=True),
        sa.Column("annule_par", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["collectivite_id", "service_id"], ["services.collectivite_id", "services.id"], name="interims_service"),
        sa.ForeignKeyConstraint(["collectivite_id", "remplace_id"], ["agents.collectivite_id", "agents.id"], name="interims_remplace"),
        sa.ForeignKeyConstraint(
            ["collectivite_id", "interimaire_id"], ["agents.collectivite_id", "agents.id"], name="interims_interimaire"
        ),
        sa.CheckConstraint("(service_id is null) <> (remplace_id is null)", name="interims_service_ou_personne"),
        sa.CheckConstraint("interimaire_id <> remplace_id", name="interims_quelqu_un_d_autre"),
        sa.CheckConstraint("fin >= debut", name="interims_fin_apres_debut"),
        postgresql.ExcludeConstraint(
            (sa.text("coalesce(service_id, remplace_id)"), "="),
            (sa.text("daterange(debut, fin, '[]')"), "&&"),
            name="interims_un_seul_a_la_fois",
            where=sa.text("annule_le is null"),
        ),
    )
    op.create_index("interims_liste", "interims", ["collectivite_id", "fin"])


def downgrade() -> None:
    for table in ("jours_faits", "corrections", "interims", "amenagements", "lectures", "changements"):
        op.drop_table(table)
    op.drop_index("agents_du_superieur", "agents")
    op.drop_index("agents_sorties", "agents")
    op.drop_column("agents", "successeur_id")
    op.drop_column("agents", "anonymise_le")
    op.execute("update agents set date_naissance = date '1900-01-01' where date_naissance is null")
    op.alter_column("agents", "date_naissance", nullable=False)
    op.execute("drop extension btree_gist")
