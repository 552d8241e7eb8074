"""Identity: structures, collectivités, services, agents, accounts and their tokens."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from services.kit.migrate import create_kit_tables, drop_kit_tables

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# unaccent() alone is not immutable, since its dictionary could change; named explicitly it may serve in generated columns.
SANS_ACCENTS = """
create function sans_accents(texte text) returns text language sql immutable strict parallel safe
return lower(public.unaccent('public.unaccent'::regdictionary, texte))
"""


def upgrade() -> None:
    op.execute("create extension if not exists unaccent schema public")
    op.execute("create extension if not exists pg_trgm schema public")
    op.execute(SANS_ACCENTS)
    create_kit_tables()
    _create_collectivites()
    _create_services_and_agents()
    _create_comptes()
    _create_jetons()


def _create_collectivites() -> None:
    op.create_table(
        "structures",
        sa.Column("code", sa.String(), primary_key=True),
        sa.Column("nom", sa.String(), nullable=False),
        sa.Column("genre", sa.String(), nullable=False),
        sa.Column("departements", postgresql.ARRAY(sa.String()), nullable=False),
        sa.Column("ville", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("valide_du", sa.Date(), nullable=False),
        sa.Column("valide_au", sa.Date(), nullable=True),
    )
    op.create_table(
        "collectivites",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("siret", sa.String(), nullable=False, unique=True),
        sa.Column("nom", sa.String(), nullable=False),
        sa.Column("nature", sa.String(), nullable=False),
        sa.Column("code_insee", sa.String(), nullable=False),
        sa.Column("departement", sa.String(), nullable=False),
        sa.Column("delegation", sa.String(), sa.ForeignKey("structures.code"), nullable=False),
        sa.Column("effectif", sa.Integer(), nullable=False),
        sa.Column("adresse", sa.String(), nullable=False),
        sa.Column("code_postal", sa.String(), nullable=False),
        sa.Column("ville", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("preinscription_agents", sa.Boolean(), nullable=False),
        sa.Column("autorite_nom", sa.String(), nullable=False),
        sa.Column("autorite_qualite", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("empreinte", sa.String(), nullable=False),
        sa.Column("recherche", sa.Text(), sa.Computed("sans_accents(nom || ' ' || ville || ' ' || siret)", persisted=True), nullable=False),
        sa.CheckConstraint("siret ~ '^[0-9]{14}$'", name="collectivites_siret_14_chiffres"),
    )
    op.create_index("ix_collectivites_delegation", "collectivites", ["delegation"])
    _create_recherche("collectivites", ["recherche", "id"])


def _create_recherche(table: str, tri: list[str]) -> None:
    op.create_index(f"{table}_tri", table, tri)
    op.create_index(f"{table}_recherche", table, ["recherche"], postgresql_using="gin", postgresql_ops={"recherche": "gin_trgm_ops"})


def _create_services_and_agents() -> None:
    op.create_table(
        "services",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("collectivite_id", sa.Uuid(), sa.ForeignKey("collectivites.id"), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("nom", sa.String(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("responsable_id", sa.Uuid(), nullable=True),
        sa.Column("suppleant_id", sa.Uuid(), nullable=True),
        sa.UniqueConstraint("collectivite_id", "code", name="services_code"),
        sa.UniqueConstraint("collectivite_id", "id", name="services_de_la_collectivite"),
        sa.CheckConstraint("parent_id <> id", name="services_pas_son_propre_parent"),
    )
    op.create_table(
        "agents",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("collectivite_id", sa.Uuid(), sa.ForeignKey("collectivites.id"), nullable=False),
        sa.Column("matricule", sa.String(), nullable=True),
        sa.Column("civilite", sa.String(), nullable=False),
        sa.Column("nom", sa.String(), nullable=False),
        sa.Column("nom_naissance", sa.String(), nullable=True),
        sa.Column("prenom", sa.String(), nullable=False),
        sa.Column("date_naissance", sa.Date(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("portable", sa.String(), nullable=True),
        sa.Column("statut", sa.String(), nullable=False),
        sa.Column("categorie", sa.String(), nullable=True),
        sa.Column("filiere", sa.String(), nullable=True),
        sa.Column("cadre_emplois", sa.String(), nullable=True),
        sa.Column("grade", sa.String(), nullable=True),
        sa.Column("fonction", sa.String(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=True),
        sa.Column("superieur_id", sa.Uuid(), nullable=True),
        sa.Column("temps_travail", sa.Integer(), nullable=False),
        sa.Column("actif", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("empreinte", sa.String(), nullable=False),
        sa.Column(
            "recherche",
            sa.Text(),
            sa.Computed(
                "sans_accents(nom || ' ' || prenom || ' ' || coalesce(nom_naissance, '') || ' ' || coalesce(matricule, ''))",
                persisted=True,
            ),
            nullable=False,
        ),
        sa.UniqueConstraint("collectivite_id", "matricule", name="agents_matricule"),
        sa.UniqueConstraint("collectivite_id", "id", name="agents_de_la_collectivite"),
        sa.CheckConstraint("superieur_id <> id", name="agents_pas_son_propre_superieur"),
        sa.CheckConstraint("temps_travail between 1 and 100", name="agents_temps_travail"),
    )
    _create_recherche("agents", ["collectivite_id", "recherche", "id"])
    _link("services_parent", "services", "parent_id", "services")
    _link("services_responsable", "services", "responsable_id", "agents")
    _link("services_suppleant", "services", "suppleant_id", "agents")
    _link("agents_service", "agents", "service_id", "services")
    _link("agents_superieur", "agents", "superieur_id", "agents")


def _link(name: str, source: str, column: str, target: str) -> None:
    """Both ends in the same collectivité; checked at commit, since services and agents name each other."""
    op.create_foreign_key(
        name, source, target, ["collectivite_id", column], ["collectivite_id", "id"], deferrable=True, initially="DEFERRED"
    )


def _create_comptes() -> None:
    op.create_table(
        "comptes",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("identifiant", sa.String(), nullable=False, unique=True),
        sa.Column("mot_de_passe", sa.String(), nullable=False),
        sa.Column("nom", sa.String(), nullable=False),
        sa.Column("prenom", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("roles", postgresql.ARRAY(sa.String()), nullable=False),
        sa.Column("collectivite_id", sa.Uuid(), sa.ForeignKey("collectivites.id"), nullable=True),
        sa.Column("agent_id", sa.Uuid(), nullable=True),
        sa.Column("structure", sa.String(), sa.ForeignKey("structures.code"), nullable=True),
        sa.Column("actif", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["collectivite_id", "agent_id"], ["agents.collectivite_id", "agents.id"], name="comptes_agent"),
        sa.CheckConstraint("agent_id is null or collectivite_id is not null", name="comptes_agent_d_une_collectivite"),
        sa.CheckConstraint("collectivite_id is null or structure is null", name="comptes_une_organisation"),
    )
    op.create_index("ix_comptes_collectivite_id", "comptes", ["collectivite_id"])


def _create_jetons() -> None:
    op.create_table(
        "familles_jetons",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("compte_id", sa.Uuid(), sa.ForeignKey("comptes.id", ondelete="CASCADE"), nullable=False),
        sa.Column("ouverte_le", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expire_le", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoquee_le", sa.DateTime(timezone=True), nullable=True),
        sa.Column("motif_revocation", sa.String(), nullable=True),
    )
    op.create_index("ix_familles_jetons_compte_id", "familles_jetons", ["compte_id"])
    op.create_table(
        "jetons",
        sa.Column("empreinte", sa.String(), primary_key=True),
        sa.Column("famille_id", sa.Uuid(), sa.ForeignKey("familles_jetons.id", ondelete="CASCADE"), nullable=False),
        sa.Column("emis_le", sa.DateTime(timezone=True), nullable=False),
        sa.Column("utilise_le", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sel", sa.String(), nullable=True),
        sa.Column("successeur", sa.String(), nullable=True),
    )
    op.create_index("ix_jetons_famille_id", "jetons", ["famille_id"])
    op.create_table(
        "echecs_connexion",
        sa.Column("empreinte", sa.String(), primary_key=True),
        sa.Column("nombre", sa.Integer(), nullable=False),
        sa.Column("dernier_le", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_echecs_connexion_dernier_le", "echecs_connexion", ["dernier_le"])


def downgrade() -> None:
    for contrainte in ("services_parent", "services_responsable", "services_suppleant"):
        op.drop_constraint(contrainte, "services", type_="foreignkey")
    for table in ("echecs_connexion", "jetons", "familles_jetons", "comptes", "agents", "services", "collectivites", "structures"):
        op.drop_table(table)
    drop_kit_tables()
    op.execute("drop function sans_accents(text)")
