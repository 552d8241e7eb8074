"""Mails about accounts, which belong to no request."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column("messages", "inscription_id", nullable=True)
    op.alter_column("messages", "collectivite_id", nullable=True)
    op.alter_column("messages", "role", nullable=True)
    op.add_column("messages", sa.Column("courriel_id", sa.Uuid(), nullable=True))


def downgrade() -> None:
    op.execute("delete from messages where inscription_id is null")
    op.drop_column("messages", "courriel_id")
    op.alter_column("messages", "role", nullable=False)
    op.alter_column("messages", "collectivite_id", nullable=False)
    op.alter_column("messages", "inscription_id", nullable=False)
