"""How a session admits, and who changed it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Sessions already there go on as they did: the conseiller chooses, and keeps a waiting list."""
    op.add_column("sessions", sa.Column("mode_admission", sa.String(), nullable=False, server_default="sur_selection"))
    op.add_column("sessions", sa.Column("liste_attente", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.alter_column("sessions", "mode_admission", server_default=None)
    op.alter_column("sessions", "liste_attente", server_default=None)
    op.create_check_constraint("sessions_mode_admission", "sessions", "mode_admission in ('au_fil_de_l_eau', 'sur_selection')")
    op.create_table(
        "changements_de_session",
        sa.Column("session_id", sa.Uuid(), sa.ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("version", sa.Integer(), primary_key=True),
        sa.Column("le", sa.DateTime(timezone=True), nullable=False),
        sa.Column("par", sa.String(), nullable=False),
        sa.Column("motif", sa.String(), nullable=False),
        sa.Column("champs", postgresql.JSONB(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("changements_de_session")
    op.drop_column("sessions", "mode_admission")
    op.drop_column("sessions", "liste_attente")
