"""The services of the agent a message is about: some gestionnaires see only some."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("messages", sa.Column("services", postgresql.ARRAY(sa.Uuid()), nullable=False, server_default="{}"))
    op.alter_column("messages", "services", server_default=None)


def downgrade() -> None:
    op.drop_column("messages", "services")
