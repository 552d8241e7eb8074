"""Second factors of accounts, and the organisations that require them."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
ORGANISATIONS = ("collectivites", "structures")


def upgrade() -> None:
    for table in ORGANISATIONS:
        op.add_column(table, sa.Column("second_facteur_exige", sa.Boolean(), nullable=False, server_default=sa.false()))
        op.alter_column(table, "second_facteur_exige", server_default=None)
    _facteurs()
    op.create_table(
        "faits_second_facteur",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("compte_id", sa.Uuid(), sa.ForeignKey("comptes.id", ondelete="CASCADE"), nullable=True),
        sa.Column("structure", sa.String(), sa.ForeignKey("structures.code"), nullable=True),
        sa.Column("fait", sa.String(), nullable=False),
        sa.Column("par", sa.String(), nullable=False),
        sa.Column("motif", sa.String(), nullable=False),
        sa.Column("survenu_le", INSTANT, nullable=False),
        sa.CheckConstraint("num_nonnulls(compte_id, structure) = 1", name="faits_second_facteur_un_sujet"),
    )
    op.create_index("faits_second_facteur_du_compte", "faits_second_facteur", ["compte_id", "survenu_le"])


def _compte() -> sa.ForeignKey:
    return sa.ForeignKey("comptes.id", ondelete="CASCADE")


def _facteurs() -> None:
    op.create_table(
        "totps",
        sa.Column("compte_id", sa.Uuid(), _compte(), primary_key=True),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("cree_le", INSTANT, nullable=False),
        sa.Column("actif_le", INSTANT, nullable=True),
        sa.Column("dernier_pas", sa.BigInteger(), nullable=True),
    )
    op.create_table(
        "codes_secours",
        sa.Column("compte_id", sa.Uuid(), _compte(), primary_key=True),
        sa.Column("empreinte", sa.String(), primary_key=True),
        sa.Column("utilise_le", INSTANT, nullable=True),
    )
    op.create_table(
        "cles_acces",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("compte_id", sa.Uuid(), _compte(), nullable=False, index=True),
        sa.Column("reference", sa.LargeBinary(), nullable=False, unique=True),
        sa.Column("cle_publique", sa.LargeBinary(), nullable=False),
        sa.Column("compteur", sa.BigInteger(), nullable=False),
        sa.Column("nom", sa.String(), nullable=False),
        sa.Column("cree_le", INSTANT, nullable=False),
        sa.Column("vue_le", INSTANT, nullable=True),
    )
    op.create_table(
        "epreuves_cles",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("usage", sa.String(), nullable=False),
        sa.Column("compte_id", sa.Uuid(), _compte(), nullable=True, index=True),
        sa.Column("defi", sa.LargeBinary(), nullable=False),
        sa.Column("expire_le", INSTANT, nullable=False, index=True),
    )


def downgrade() -> None:
    for table in ("faits_second_facteur", "epreuves_cles", "cles_acces", "codes_secours", "totps"):
        op.drop_table(table)
    for table in ORGANISATIONS:
        op.drop_column(table, "second_facteur_exige")
