"""Agents: their person and the dates of their employment. Accounts: their memberships; the mails that identity asks for."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("agents", sa.Column("personne_id", sa.Uuid(), nullable=True))
    op.execute("update agents set personne_id = id")
    op.alter_column("agents", "personne_id", nullable=False)
    op.create_index("ix_agents_personne_id", "agents", ["personne_id"])
    op.add_column("agents", sa.Column("niveau_diplome", sa.String(), nullable=True))
    op.add_column("agents", sa.Column("entree_le", sa.Date(), nullable=True))
    op.add_column("agents", sa.Column("sortie_le", sa.Date(), nullable=True))
    op.create_check_constraint("agents_sortie_apres_entree", "agents", "sortie_le > entree_le")


def downgrade() -> None:
    op.drop_constraint("agents_sortie_apres_entree", "agents")
    for column in ("sortie_le", "entree_le", "niveau_diplome", "personne_id"):
        op.drop_column("agents", column)
