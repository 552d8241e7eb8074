"""What is urgent leaves first."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

A_ENVOYER = "messages_a_envoyer"
EN_ATTENTE = sa.text("etat in ('en_file', 'reessaye')")


def upgrade() -> None:
    op.add_column("messages", sa.Column("priorite", sa.Integer(), nullable=False, server_default="1"))
    op.alter_column("messages", "priorite", server_default=None)
    op.drop_index(A_ENVOYER, "messages")
    op.create_index(A_ENVOYER, "messages", ["priorite", "prochain_essai"], postgresql_where=EN_ATTENTE)


def downgrade() -> None:
    op.drop_index(A_ENVOYER, "messages")
    op.create_index(A_ENVOYER, "messages", ["prochain_essai"], postgresql_where=EN_ATTENTE)
    op.drop_column("messages", "priorite")
