"""Settings of a collectivité: copies, history, first steps; and who ended a membership."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
COLLECTIVITE = "collectivites.id"


def upgrade() -> None:
    op.add_column("appartenances", sa.Column("fin_par", sa.String(), nullable=True))
    op.create_table(
        "copies",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("collectivite_id", sa.Uuid(), sa.ForeignKey(COLLECTIVITE), nullable=False),
        sa.Column("nom", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("gabarits", postgresql.ARRAY(sa.String()), nullable=False),
        sa.CheckConstraint("cardinality(gabarits) > 0", name="copies_de_quelque_chose"),
    )
    op.create_index("copies_une_adresse", "copies", ["collectivite_id", sa.text("lower(email)")], unique=True)
    op.create_table(
        "collectivite_historique",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("collectivite_id", sa.Uuid(), sa.ForeignKey(COLLECTIVITE), nullable=False),
        sa.Column("survenu_le", INSTANT, nullable=False),
        sa.Column("par", sa.String(), nullable=False),
        sa.Column("sujet", sa.String(), nullable=False),
        sa.Column("avant", postgresql.JSONB(), nullable=True),
        sa.Column("apres", postgresql.JSONB(), nullable=True),
    )
    op.create_index("collectivite_historique_liste", "collectivite_historique", ["collectivite_id", "survenu_le", "id"])
    op.create_table(
        "demarrage_etapes",
        sa.Column("collectivite_id", sa.Uuid(), sa.ForeignKey(COLLECTIVITE), primary_key=True),
        sa.Column("etape", sa.String(), primary_key=True),
        sa.Column("etat", sa.String(), nullable=False),
        sa.Column("par", sa.String(), nullable=True),
        sa.Column("le", INSTANT, nullable=True),
        sa.CheckConstraint("(etat = 'a_faire') = (par is null)", name="demarrage_etapes_signees"),
    )


def downgrade() -> None:
    for table in ("demarrage_etapes", "collectivite_historique", "copies"):
        op.drop_table(table)
    op.drop_column("appartenances", "fin_par")
