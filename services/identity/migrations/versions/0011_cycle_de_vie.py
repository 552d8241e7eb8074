"""The life of a collectivité after its opening; and where the letter of its code goes."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
POSTALES = ("adresse", "code_postal", "ville")


def upgrade() -> None:
    for champ in POSTALES:
        op.add_column("ouvertures", sa.Column(champ, sa.String(), nullable=False, server_default=""))
        op.alter_column("ouvertures", champ, server_default=None)
    op.create_table(
        "collectivite_etats",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("collectivite_id", sa.Uuid(), sa.ForeignKey("collectivites.id"), nullable=False),
        sa.Column("depuis", sa.String(), nullable=False),
        sa.Column("vers", sa.String(), nullable=False),
        sa.Column("motif", sa.String(), nullable=False),
        sa.Column("par", sa.String(), nullable=False),
        sa.Column("change_le", INSTANT, nullable=False),
        sa.CheckConstraint("depuis <> vers", name="collectivite_etats_changent"),
        sa.CheckConstraint("motif <> ''", name="collectivite_etats_motives"),
    )
    op.create_index("collectivite_etats_liste", "collectivite_etats", ["collectivite_id", "change_le"])
    op.create_index("collectivites_etat", "collectivites", ["etat", "recherche", "id"])


def downgrade() -> None:
    op.drop_index("collectivites_etat", "collectivites")
    op.drop_table("collectivite_etats")
    for champ in POSTALES:
        op.drop_column("ouvertures", champ)
