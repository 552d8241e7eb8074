"""Sessions: from which device, and when they were last seen."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("familles_jetons", sa.Column("ouverte_depuis", sa.String(), nullable=False, server_default=""))
    op.alter_column("familles_jetons", "ouverte_depuis", server_default=None)
    op.add_column("familles_jetons", sa.Column("vue_le", sa.DateTime(timezone=True), nullable=True))
    op.execute("update familles_jetons set vue_le = ouverte_le")
    op.alter_column("familles_jetons", "vue_le", nullable=False)


def downgrade() -> None:
    op.drop_column("familles_jetons", "vue_le")
    op.drop_column("familles_jetons", "ouverte_depuis")
