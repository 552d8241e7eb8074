"""Messages and the kit's tables."""

import sqlalchemy as sa
from alembic import op

from services.kit.migrate import create_kit_tables, drop_kit_tables

revision = "0001"
down_revision = None


def upgrade() -> None:
    create_kit_tables()
    op.create_table(
        "messages",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("cle", sa.String(), nullable=False),
        sa.Column("gabarit", sa.String(), nullable=False),
        sa.Column("inscription_id", sa.Uuid(), nullable=False),
        sa.Column("collectivite_id", sa.Uuid(), nullable=False),
        sa.Column("agent_id", sa.Uuid(), nullable=True),
        sa.Column("structure", sa.String(), nullable=False),
        sa.Column("destinataire", sa.String(), nullable=False),
        sa.Column("adresse", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("repondre_a", sa.String(), nullable=False),
        sa.Column("sujet", sa.String(), nullable=False),
        sa.Column("texte", sa.String(), nullable=False),
        sa.Column("html", sa.String(), nullable=False),
        sa.Column("agenda", sa.String(), nullable=True),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("etat", sa.String(), nullable=False),
        sa.Column("essais", sa.Integer(), nullable=False),
        sa.Column("derniere_erreur", sa.String(), nullable=False),
        sa.Column("depose_le", sa.DateTime(timezone=True), nullable=False),
        sa.Column("prochain_essai", sa.DateTime(timezone=True), nullable=False),
        sa.Column("envoye_le", sa.DateTime(timezone=True), nullable=True),
        sa.UniqueConstraint("cle", "adresse", name="messages_une_fois"),
    )
    op.create_index("messages_a_envoyer", "messages", ["prochain_essai"], postgresql_where=sa.text("etat in ('en_file', 'reessaye')"))
    op.create_index("messages_inscription", "messages", ["inscription_id", "depose_le"])


def downgrade() -> None:
    op.drop_table("messages")
    drop_kit_tables()
