"""Agents: their person and the dates of their employment. Accounts: their memberships; the mails that identity asks for."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

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
    _create_appartenances()
    _create_courriels()


def _create_appartenances() -> None:
    op.create_table(
        "appartenances",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("compte_id", sa.Uuid(), sa.ForeignKey("comptes.id"), nullable=False),
        sa.Column("roles", postgresql.ARRAY(sa.String()), nullable=False),
        sa.Column("collectivite_id", sa.Uuid(), sa.ForeignKey("collectivites.id"), nullable=True),
        sa.Column("agent_id", sa.Uuid(), nullable=True),
        sa.Column("services", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("structure", sa.String(), sa.ForeignKey("structures.code"), nullable=True),
        sa.Column("debut", sa.Date(), nullable=False),
        sa.Column("fin", sa.Date(), nullable=True),
        sa.Column("motif_fin", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["collectivite_id", "agent_id"], ["agents.collectivite_id", "agents.id"], name="appartenances_agent"),
        sa.CheckConstraint("agent_id is null or collectivite_id is not null", name="appartenances_agent_d_une_collectivite"),
        sa.CheckConstraint("collectivite_id is null or structure is null", name="appartenances_une_organisation"),
        sa.CheckConstraint("fin >= debut", name="appartenances_fin_apres_debut"),
    )
    for column in ("compte_id", "collectivite_id", "agent_id", "structure"):
        op.create_index(f"ix_appartenances_{column}", "appartenances", [column])
    op.create_index(
        "appartenances_en_cours",
        "appartenances",
        ["compte_id", sa.text("coalesce(collectivite_id::text, structure, '')")],
        unique=True,
        postgresql_where=sa.text("fin is null"),
    )
    # The first membership of an account takes its id: what the account was until now.
    op.execute(
        "insert into appartenances (id, compte_id, roles, collectivite_id, agent_id, services, structure, debut)"
        " select id, id, roles, collectivite_id, agent_id, '{}', structure, current_date from comptes"
    )
    for column in ("roles", "collectivite_id", "agent_id", "structure"):
        op.drop_column("comptes", column)
    op.alter_column("comptes", "mot_de_passe", nullable=True)
    op.add_column("familles_jetons", sa.Column("appartenance_id", sa.Uuid(), sa.ForeignKey("appartenances.id"), nullable=True))
    op.execute("update familles_jetons set appartenance_id = compte_id")
    op.alter_column("familles_jetons", "appartenance_id", nullable=False)


def _create_courriels() -> None:
    op.create_table(
        "liens",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("usage", sa.String(), nullable=False),
        sa.Column("compte_id", sa.Uuid(), sa.ForeignKey("comptes.id", ondelete="CASCADE"), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("cree_le", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expire_le", sa.DateTime(timezone=True), nullable=False),
        sa.Column("utilise_le", sa.DateTime(timezone=True), nullable=True),
        sa.Column("annule_le", sa.DateTime(timezone=True), nullable=True),
    )
    op.create_index("ix_liens_compte_id", "liens", ["compte_id"])
    op.create_table(
        "courriels",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("gabarit", sa.String(), nullable=False),
        sa.Column("nom", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("lien_id", sa.Uuid(), sa.ForeignKey("liens.id", ondelete="CASCADE"), nullable=True),
        sa.Column("page", sa.String(), nullable=False),
        sa.Column("faits", postgresql.JSONB(), nullable=False),
        sa.Column("cree_le", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("courriels")
    op.drop_table("liens")
    op.drop_column("familles_jetons", "appartenance_id")
    kinds: dict[str, Any] = {
        "roles": postgresql.ARRAY(sa.String()),
        "collectivite_id": sa.Uuid(),
        "agent_id": sa.Uuid(),
        "structure": sa.String(),
    }
    for column, kind in kinds.items():
        op.add_column("comptes", sa.Column(column, kind, nullable=True))
    op.execute(
        "update comptes c set roles = a.roles, collectivite_id = a.collectivite_id, agent_id = a.agent_id, structure = a.structure"
        " from appartenances a where a.compte_id = c.id and a.fin is null"
    )
    op.drop_table("appartenances")
    op.drop_constraint("agents_sortie_apres_entree", "agents")
    for column in ("sortie_le", "entree_le", "niveau_diplome", "personne_id"):
        op.drop_column("agents", column)
