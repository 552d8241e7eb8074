"""The addresses that a collectivité wants some messages copied to."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("collectivites", sa.Column("copies", postgresql.JSONB(), nullable=False, server_default="[]"))
    op.alter_column("collectivites", "copies", server_default=None)


def downgrade() -> None:
    op.drop_column("collectivites", "copies")
