"""Mandates between collectivités, and the one that a login acts under."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "mandats",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("mandant_id", sa.Uuid(), sa.ForeignKey("collectivites.id"), nullable=False),
        sa.Column("mandataire_id", sa.Uuid(), sa.ForeignKey("collectivites.id"), nullable=False),
        sa.Column("debut", sa.Date(), nullable=False),
        sa.Column("fin", sa.Date(), nullable=True),
        sa.Column("portee", postgresql.ARRAY(sa.String()), nullable=False),
        sa.Column("etat", sa.String(), nullable=False),
        sa.Column("propose_par_cote", sa.String(), nullable=False),
        sa.Column("propose_par", sa.String(), nullable=False),
        sa.Column("propose_le", INSTANT, nullable=False),
        sa.Column("repondu_par", sa.String(), nullable=True),
        sa.Column("repondu_le", INSTANT, nullable=True),
        sa.Column("motif_reponse", sa.String(), nullable=False),
        sa.Column("revoque_par", sa.String(), nullable=True),
        sa.Column("revoque_le", INSTANT, nullable=True),
        sa.Column("motif_revocation", sa.String(), nullable=False),
        sa.CheckConstraint("mandant_id <> mandataire_id", name="mandats_pas_a_soi_meme"),
        sa.CheckConstraint("fin >= debut", name="mandats_fin_apres_debut"),
        sa.CheckConstraint("cardinality(portee) > 0", name="mandats_portee_non_vide"),
    )
    op.create_index("mandats_donnes", "mandats", ["mandant_id", "propose_le", "id"])
    op.create_index("mandats_recus", "mandats", ["mandataire_id", "propose_le", "id"])
    for objet in ("demandes", "agents", "reglages"):
        op.execute(
            f"alter table mandats add constraint mandats_un_seul_pour_{objet}"
            " exclude using gist (mandant_id with =, daterange(debut, fin) with &&)"
            f" where (etat = 'accepte' and '{objet}' = any (portee))"
        )
    op.add_column("familles_jetons", sa.Column("mandat_id", sa.Uuid(), sa.ForeignKey("mandats.id"), nullable=True))


def downgrade() -> None:
    op.drop_column("familles_jetons", "mandat_id")
    op.drop_table("mandats")
