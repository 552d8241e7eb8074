"""The people a collectivité employs, and the tree of services they work in."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from services.identity.models.base import Table, instant, recherche, trigrammes


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
    """A person in the employment of a collectivité: his record there, entered once.

    `personne_id` joins the employments of one person at several collectivités, now or one after the other. `entree_le` and
    `sortie_le` (first day out) date this one; `successeur_id` then takes what he led.
    `superieur_id` only when he is not the responsable of the service.
    """

    __tablename__ = "agents"
    __table_args__ = (
        UniqueConstraint("collectivite_id", "matricule", name="agents_matricule"),
        UniqueConstraint("collectivite_id", "id", name="agents_de_la_collectivite"),
        CheckConstraint("superieur_id <> id", name="agents_pas_son_propre_superieur"),
        CheckConstraint("temps_travail between 1 and 100", name="agents_temps_travail"),
        CheckConstraint("sortie_le > entree_le", name="agents_sortie_apres_entree"),
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
        ForeignKeyConstraint(
            ["collectivite_id", "successeur_id"], ["agents.collectivite_id", "agents.id"], name="agents_successeur", use_alter=True
        ),
        Index("agents_sorties", "sortie_le", postgresql_where=text("actif and sortie_le is not null")),
        Index("agents_du_superieur", "superieur_id", postgresql_where=text("superieur_id is not null")),
        Index("agents_tri", "collectivite_id", "recherche", "id"),
        trigrammes("agents_recherche"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    personne_id: UUID = Field(default_factory=uuid4, index=True)
    collectivite_id: UUID = Field(foreign_key="collectivites.id")
    matricule: str | None = None
    civilite: str
    nom: str
    nom_naissance: str | None = None
    prenom: str
    date_naissance: date | None = None
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
    niveau_diplome: str | None = None
    entree_le: date | None = None
    sortie_le: date | None = None
    successeur_id: UUID | None = None
    actif: bool = True
    anonymise_le: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    version: int = 0
    empreinte: str = ""
    recherche: str = Field(
        default=None,
        sa_column=recherche("nom || ' ' || prenom || ' ' || coalesce(nom_naissance, '') || ' ' || coalesce(matricule, '')"),
    )
