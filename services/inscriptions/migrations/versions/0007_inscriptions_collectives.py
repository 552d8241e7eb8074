"""The rank of priority that a collectivité gives its agents, and the agents of a collectivité by name."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("inscriptions", sa.Column("priorite", sa.Integer(), nullable=True))
    op.create_check_constraint("inscriptions_priorite", "inscriptions", "priorite > 0")
    op.drop_index("ix_agents_collectivite_id", "agents")
    op.create_index("agents_par_nom", "agents", ["collectivite_id", "nom", "prenom", "id"])


def downgrade() -> None:
    op.drop_index("agents_par_nom", "agents")
    op.create_index("ix_agents_collectivite_id", "agents", ["collectivite_id"])
    op.drop_column("inscriptions", "priorite")
