"""Identities at other providers, changes of address, the identifiants people had before and the form collectivités give them."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "anciens_identifiants",
        sa.Column("identifiant", sa.String(), primary_key=True),
        sa.Column("compte_id", sa.Uuid(), sa.ForeignKey("comptes.id", ondelete="CASCADE"), nullable=False),
        sa.Column("jusqu_au", INSTANT, nullable=False),
    )
    op.create_index("ix_anciens_identifiants_compte_id", "anciens_identifiants", ["compte_id"])
    op.create_table(
        "changements_email",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("compte_id", sa.Uuid(), sa.ForeignKey("comptes.id", ondelete="CASCADE"), nullable=False),
        sa.Column("ancienne", sa.String(), nullable=False),
        sa.Column("nouvelle", sa.String(), nullable=False),
        sa.Column("lien_nouvelle_id", sa.Uuid(), sa.ForeignKey("liens.id"), unique=True, nullable=True),
        sa.Column("lien_ancienne_id", sa.Uuid(), sa.ForeignKey("liens.id"), unique=True, nullable=False),
        sa.Column("demande_le", INSTANT, nullable=False),
        sa.Column("expire_le", INSTANT, nullable=False),
        sa.Column("nouvelle_confirmee_le", INSTANT, nullable=True),
        sa.Column("ancienne_confirmee_le", INSTANT, nullable=True),
        sa.Column("ancienne_confirmee_par", sa.String(), nullable=False),
        sa.Column("motif_confirmation", sa.String(), nullable=False),
        sa.Column("clos_le", INSTANT, nullable=True),
        sa.Column("issue", sa.String(), nullable=True),
    )
    op.create_index("ix_changements_email_compte_id", "changements_email", ["compte_id"])
    op.create_index(
        "changements_email_en_cours", "changements_email", ["compte_id"], unique=True, postgresql_where=sa.text("clos_le is null")
    )
    op.create_table(
        "identites_externes",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("compte_id", sa.Uuid(), sa.ForeignKey("comptes.id", ondelete="CASCADE"), nullable=False),
        sa.Column("emetteur", sa.String(), nullable=False),
        sa.Column("sujet", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("liee_par", sa.String(), nullable=False),
        sa.Column("liee_le", INSTANT, nullable=False),
        sa.Column("vue_le", INSTANT, nullable=False),
        sa.Column("deliee_le", INSTANT, nullable=True),
    )
    op.create_index("ix_identites_externes_compte_id", "identites_externes", ["compte_id"])
    op.create_index(
        "identites_externes_en_cours",
        "identites_externes",
        ["emetteur", "sujet"],
        unique=True,
        postgresql_where=sa.text("deliee_le is null"),
    )
    op.add_column("collectivites", sa.Column("forme_identifiants", sa.String(), nullable=False, server_default="prenom_nom"))
    op.add_column("collectivites", sa.Column("prefixe_identifiants", sa.String(), nullable=False, server_default=""))
    op.add_column("comptes", sa.Column("par_un_tiers", sa.Boolean(), nullable=False, server_default="false"))
    # An address is looked for at each login by a third party, and before one is given to an account.
    op.create_index("comptes_email", "comptes", [sa.text("lower(email)")])


def downgrade() -> None:
    op.drop_index("comptes_email", "comptes")
    op.drop_column("comptes", "par_un_tiers")
    for column in ("prefixe_identifiants", "forme_identifiants"):
        op.drop_column("collectivites", column)
    for table in ("identites_externes", "changements_email", "anciens_identifiants"):
        op.drop_table(table)
