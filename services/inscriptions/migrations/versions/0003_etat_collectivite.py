"""Whether a collectivité may file new requests."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    # Those already known work: the others are told again when their state changes.
    op.add_column("collectivites", sa.Column("etat", sa.String(), nullable=False, server_default="operationnelle"))
    op.alter_column("collectivites", "etat", server_default=None)


def downgrade() -> None:
    op.drop_column("collectivites", "etat")
