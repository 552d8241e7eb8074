"""Tables of identity."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, Column, Computed, DateTime, ForeignKeyConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel


class Table(SQLModel, registry=registry()):
    """Base of the tables of this service."""


def _instant(*, nullable: bool = False) -> Any:
    return Column(DateTime(timezone=True), nullable=nullable)


def _textes() -> Any:
    return Column(ARRAY(String()), nullable=False)


def _recherche(expression: str) -> Any:
    """A text without accents nor capitals, kept by PostgreSQL; it serves the search and the order of the lists."""
    return Column(Text(), Computed(f"sans_accents({expression})", persisted=True), nullable=False)


def _trigrammes(name: str) -> Index:
    return Index(name, "recherche", postgresql_using="gin", postgresql_ops={"recherche": "gin_trgm_ops"})


class Structure(Table, table=True):
    """A délégation or an institut of the organisme. `departements` is its ressort, empty for a national one."""

    __tablename__ = "structures"

    code: str = Field(primary_key=True)
    nom: str
    genre: str
    departements: list[str] = Field(sa_column=_textes())
    ville: str
    email: str
    valide_du: date
    valide_au: date | None = None


class Collectivite(Table, table=True):
    """`version` and `empreinte` are those of the last event published."""

    __tablename__ = "collectivites"
    __table_args__ = (
        CheckConstraint("siret ~ '^[0-9]{14}$'", name="collectivites_siret_14_chiffres"),
        Index("collectivites_tri", "recherche", "id"),
        _trigrammes("collectivites_recherche"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    siret: str = Field(unique=True)
    nom: str
    nature: str
    code_insee: str
    departement: str
    delegation: str = Field(foreign_key="structures.code", index=True)
    effectif: int
    adresse: str
    code_postal: str
    ville: str
    email: str
    preinscription_agents: bool
    autorite_nom: str
    autorite_qualite: str
    version: int = 0
    empreinte: str = ""
    recherche: str = Field(default=None, sa_column=_recherche("nom || ' ' || ville || ' ' || siret"))


class Service(Table, table=True):
    """A node of the tree of services of a collectivité."""

    __tablename__ = "services"
    __table_args__ = (
        UniqueConstraint("collectivite_id", "code", name="services_code"),
        UniqueConstraint("collectivite_id", "id", name="services_de_la_collectivite"),
        CheckConstraint("parent_id <> id", name="services_pas_son_propre_parent"),
        ForeignKeyConstraint(
            ["collectivite_id", "parent_id"],
            ["services.collectivite_id", "services.id"],
            name="services_parent",
            deferrable=True,
            initially="DEFERRED",
        ),
        ForeignKeyConstraint(
            ["collectivite_id", "responsable_id"],
            ["agents.collectivite_id", "agents.id"],
            name="services_responsable",
            deferrable=True,
            initially="DEFERRED",
            use_alter=True,
        ),
        ForeignKeyConstraint(
            ["collectivite_id", "suppleant_id"],
            ["agents.collectivite_id", "agents.id"],
            name="services_suppleant",
            deferrable=True,
            initially="DEFERRED",
            use_alter=True,
        ),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    collectivite_id: UUID = Field(foreign_key="collectivites.id")
    code: str
    nom: str
    parent_id: UUID | None = None
    responsable_id: UUID | None = None
    suppleant_id: UUID | None = None


class Agent(Table, table=True):
    """A person employed by a collectivité, entered once. `superieur_id` only when he is not the responsable of the service."""

    __tablename__ = "agents"
    __table_args__ = (
        UniqueConstraint("collectivite_id", "matricule", name="agents_matricule"),
        UniqueConstraint("collectivite_id", "id", name="agents_de_la_collectivite"),
        CheckConstraint("superieur_id <> id", name="agents_pas_son_propre_superieur"),
        CheckConstraint("temps_travail between 1 and 100", name="agents_temps_travail"),
        ForeignKeyConstraint(
            ["collectivite_id", "service_id"],
            ["services.collectivite_id", "services.id"],
            name="agents_service",
            deferrable=True,
            initially="DEFERRED",
        ),
        ForeignKeyConstraint(
            ["collectivite_id", "superieur_id"],
            ["agents.collectivite_id", "agents.id"],
            name="agents_superieur",
            deferrable=True,
            initially="DEFERRED",
        ),
        Index("agents_tri", "collectivite_id", "recherche", "id"),
        _trigrammes("agents_recherche"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    collectivite_id: UUID = Field(foreign_key="collectivites.id")
    matricule: str | None = None
    civilite: str
    nom: str
    nom_naissance: str | None = None
    prenom: str
    date_naissance: date
    email: str
    portable: str | None = None
    statut: str
    categorie: str | None = None
    filiere: str | None = None
    cadre_emplois: str | None = None
    grade: str | None = None
    fonction: str
    service_id: UUID | None = None
    superieur_id: UUID | None = None
    temps_travail: int = 100
    actif: bool = True
    version: int = 0
    empreinte: str = ""
    recherche: str = Field(
        default=None,
        sa_column=_recherche("nom || ' ' || prenom || ' ' || coalesce(nom_naissance, '') || ' ' || coalesce(matricule, '')"),
    )


class Compte(Table, table=True):
    """Someone who may log in. `identifiant` is kept normalised, `mot_de_passe` hashed with argon2."""

    __tablename__ = "comptes"
    __table_args__ = (
        ForeignKeyConstraint(["collectivite_id", "agent_id"], ["agents.collectivite_id", "agents.id"], name="comptes_agent"),
        CheckConstraint("agent_id is null or collectivite_id is not null", name="comptes_agent_d_une_collectivite"),
        CheckConstraint("collectivite_id is null or structure is null", name="comptes_une_organisation"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    identifiant: str = Field(unique=True)
    mot_de_passe: str
    nom: str
    prenom: str
    email: str
    roles: list[str] = Field(sa_column=_textes())
    collectivite_id: UUID | None = Field(default=None, foreign_key="collectivites.id", index=True)
    agent_id: UUID | None = None
    structure: str | None = Field(default=None, foreign_key="structures.code")
    actif: bool = True


class FamilleJetons(Table, table=True):
    """The refresh tokens that follow from one login. Revoked as a whole."""

    __tablename__ = "familles_jetons"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    compte_id: UUID = Field(foreign_key="comptes.id", ondelete="CASCADE", index=True)
    ouverte_le: datetime = Field(sa_column=_instant())
    expire_le: datetime = Field(sa_column=_instant())
    revoquee_le: datetime | None = Field(default=None, sa_column=_instant(nullable=True))
    motif_revocation: str | None = None


class Jeton(Table, table=True):
    """A refresh token, known by its hash only. `sel`, drawn when it is used, makes its successor from the token itself."""

    __tablename__ = "jetons"

    empreinte: str = Field(primary_key=True)
    famille_id: UUID = Field(foreign_key="familles_jetons.id", ondelete="CASCADE", index=True)
    emis_le: datetime = Field(sa_column=_instant())
    utilise_le: datetime | None = Field(default=None, sa_column=_instant(nullable=True))
    sel: str | None = None
    successeur: str | None = None
    """Hash of the token that replaced it."""


class EchecsConnexion(Table, table=True):
    """Successive failures on an identifier, known or not. The identifier is hashed: people type passwords in that field."""

    __tablename__ = "echecs_connexion"

    empreinte: str = Field(primary_key=True)
    nombre: int
    dernier_le: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False, index=True))
