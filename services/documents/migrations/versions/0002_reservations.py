"""Reference and date of a paper settled before it is made; what asked for it."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "reservations",
        sa.Column("inscription_id", sa.Uuid(), primary_key=True),
        sa.Column("genre", sa.String(), primary_key=True),
        sa.Column("version", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("reference", sa.String(), nullable=False, unique=True),
        sa.Column("etabli_le", sa.DateTime(timezone=True), nullable=False),
    )
    op.execute(
        "insert into reservations (inscription_id, genre, version, reference, etabli_le)"
        " select inscription_id, genre, version, reference, cree_le from documents"
    )
    op.add_column("documents", sa.Column("correlation", sa.String(), nullable=False, server_default=""))
    op.alter_column("documents", "correlation", server_default=None)


def downgrade() -> None:
    op.drop_column("documents", "correlation")
    op.drop_table("reservations")
