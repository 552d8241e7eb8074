"""The services of the agent a document is about: some gestionnaires see only some."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("documents", sa.Column("services", postgresql.ARRAY(sa.Uuid()), nullable=False, server_default="{}"))
    op.alter_column("documents", "services", server_default=None)


def downgrade() -> None:
    op.drop_column("documents", "services")
