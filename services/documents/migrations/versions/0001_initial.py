"""Documents and the kit's tables."""

import sqlalchemy as sa
from alembic import op

from services.kit.migrate import create_kit_tables, drop_kit_tables

revision = "0001"
down_revision = None


def upgrade() -> None:
    create_kit_tables()
    op.create_table(
        "documents",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("genre", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False, unique=True),
        sa.Column("inscription_id", sa.Uuid(), nullable=False),
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column("collectivite_id", sa.Uuid(), nullable=False),
        sa.Column("structure", sa.String(), nullable=False),
        sa.Column("structure_nom", sa.String(), nullable=False),
        sa.Column("session_code", sa.String(), nullable=False),
        sa.Column("intitule", sa.String(), nullable=False),
        sa.Column("empreinte", sa.String(), nullable=False),
        sa.Column("empreinte_html", sa.String(), nullable=False),
        sa.Column("taille", sa.Integer(), nullable=False),
        sa.Column("cree_le", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("inscription_id", "genre", "version", name="documents_version"),
    )
    op.create_index("documents_inscription", "documents", ["inscription_id"])


def downgrade() -> None:
    op.drop_table("documents")
    drop_kit_tables()
