"""The opening of accounts of collectivités."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    # Those that were there before opened their account elsewhere: they work.
    op.add_column("collectivites", sa.Column("etat", sa.String(), nullable=False, server_default="operationnelle"))
    op.alter_column("collectivites", "etat", server_default=None)
    op.create_table(
        "ouvertures",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("siret", sa.String(), nullable=False),
        sa.Column("nom", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("departement", sa.String(), nullable=False),
        sa.Column("delegation", sa.String(), sa.ForeignKey("structures.code"), nullable=False),
        sa.Column("code", sa.String(), nullable=False, unique=True),
        sa.Column("envois", sa.Integer(), nullable=False),
        sa.Column("codes_expirent_le", INSTANT, nullable=False),
        sa.Column("etape", sa.String(), nullable=False),
        sa.Column("depots", sa.Integer(), nullable=False),
        sa.Column("dossier", postgresql.JSONB(), nullable=False),
        sa.Column("conditions", sa.String(), nullable=True),
        sa.Column("conditions_acceptees_le", INSTANT, nullable=True),
        sa.Column("depose_le", INSTANT, nullable=True),
        sa.Column("collectivite_id", sa.Uuid(), sa.ForeignKey("collectivites.id"), nullable=True),
        sa.Column("acces", sa.String(), nullable=True),
        sa.Column("acces_expire_le", INSTANT, nullable=True),
        sa.Column("cree_par", sa.String(), nullable=False),
        sa.Column("cree_le", INSTANT, nullable=False),
    )
    op.create_index("ouvertures_en_cours", "ouvertures", ["siret"], unique=True, postgresql_where=sa.text("etape <> 'abandonnee'"))
    op.create_index("ouvertures_liste", "ouvertures", ["delegation", "cree_le", "id"])
    op.create_index("ix_ouvertures_acces", "ouvertures", ["acces"])
    op.create_table(
        "ouverture_faits",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("ouverture_id", sa.Uuid(), sa.ForeignKey("ouvertures.id", ondelete="CASCADE"), nullable=False),
        sa.Column("cle", sa.String(), nullable=False),
        sa.Column("libelle", sa.String(), nullable=False),
        sa.Column("par", sa.String(), nullable=False),
        sa.Column("motif", sa.String(), nullable=False),
        sa.Column("survenu_le", INSTANT, nullable=False),
    )
    op.create_index("ouverture_faits_une_fois", "ouverture_faits", ["ouverture_id", "cle"], unique=True)
    op.create_table(
        "ouverture_decisions",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("ouverture_id", sa.Uuid(), sa.ForeignKey("ouvertures.id", ondelete="CASCADE"), nullable=False),
        sa.Column("issue", sa.String(), nullable=False),
        sa.Column("motif", sa.String(), nullable=False),
        sa.Column("par", sa.String(), nullable=False),
        sa.Column("prise_le", INSTANT, nullable=False),
        sa.Column("appliquee_le", INSTANT, nullable=True),
    )
    op.create_index("ix_ouverture_decisions_ouverture_id", "ouverture_decisions", ["ouverture_id"])


def downgrade() -> None:
    for table in ("ouverture_decisions", "ouverture_faits", "ouvertures"):
        op.drop_table(table)
    op.drop_column("collectivites", "etat")
