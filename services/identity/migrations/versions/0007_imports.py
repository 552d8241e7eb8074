"""Imports of agents, line by line, and the trace of exports."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0004"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
TEXTES = postgresql.ARRAY(sa.String())


def upgrade() -> None:
    op.create_table(
        "imports",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("collectivite_id", sa.Uuid(), sa.ForeignKey("collectivites.id"), nullable=False),
        sa.Column("nom_fichier", sa.String(), nullable=False),
        sa.Column("depose_par", sa.String(), nullable=False),
        sa.Column("depose_le", INSTANT, nullable=False),
        sa.Column("etat", sa.String(), nullable=False),
        sa.Column("fait", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("compteurs", postgresql.JSONB(), nullable=False),
        sa.Column("colonnes_ignorees", TEXTES, nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("choix", sa.String(), nullable=True),
        sa.Column("applique_par", sa.String(), nullable=True),
        sa.Column("applique_le", INSTANT, nullable=True),
    )
    op.create_index("imports_liste", "imports", ["collectivite_id", "depose_le", "id"])
    op.create_index("imports_a_faire", "imports", ["depose_le"], postgresql_where=sa.text("etat in ('analyse', 'en_application')"))
    op.create_table(
        "import_lignes",
        sa.Column("import_id", sa.Uuid(), sa.ForeignKey("imports.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("numero", sa.Integer(), primary_key=True),
        sa.Column("donnees", postgresql.JSONB(), nullable=False),
        sa.Column("nirs", TEXTES, nullable=False),
        sa.Column("action", sa.String(), nullable=True),
        sa.Column("averti", sa.Boolean(), nullable=False),
        sa.Column("matricule", sa.String(), nullable=False),
        sa.Column("agent_id", sa.Uuid(), nullable=True),
        sa.Column("valeurs", postgresql.JSONB(), nullable=False),
        sa.Column("messages", postgresql.JSONB(), nullable=False),
    )
    op.create_index("import_lignes_par_action", "import_lignes", ["import_id", "action", "numero"])
    op.create_table(
        "exports",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("collectivite_id", sa.Uuid(), sa.ForeignKey("collectivites.id"), nullable=False),
        sa.Column("exporte_par", sa.String(), nullable=False),
        sa.Column("exporte_le", INSTANT, nullable=False),
        sa.Column("format", sa.String(), nullable=False),
        sa.Column("nombre", sa.Integer(), nullable=False),
    )
    op.create_index("exports_liste", "exports", ["collectivite_id", "exporte_le"])


def downgrade() -> None:
    for table in ("exports", "import_lignes", "imports"):
        op.drop_table(table)
