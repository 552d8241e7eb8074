"""The services of agents: some gestionnaires see only some."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("agents", sa.Column("services", postgresql.ARRAY(sa.Uuid()), nullable=False, server_default="{}"))
    op.alter_column("agents", "services", server_default=None)


def downgrade() -> None:
    op.drop_column("agents", "services")
