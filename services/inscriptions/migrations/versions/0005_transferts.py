"""The messages that the supérieur of an agent gets too."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("collectivites", sa.Column("transferts", postgresql.JSONB(), nullable=False, server_default="[]"))
    op.alter_column("collectivites", "transferts", server_default=None)


def downgrade() -> None:
    op.drop_column("collectivites", "transferts")
