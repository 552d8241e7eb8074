"""What surrounds the records of agents: how they changed, who read them, what is kept apart, who stands in for whom."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, Column, ForeignKeyConstraint, Index, text
from sqlalchemy.dialects.postgresql import JSONB, ExcludeConstraint
from sqlmodel import Field

from services.identity.models.base import Table, instant


class Changement(Table, table=True):
    """A record that changed: `objet` says what kind, `details` are `{champ, avant, apres}`, values as they are stored."""

    __tablename__ = "changements"
    __table_args__ = (Index("changements_d_un_objet", "objet_id", "survenu_le"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    collectivite_id: UUID = Field(foreign_key="collectivites.id", index=True)
    objet: str
    objet_id: UUID
    survenu_le: datetime = Field(sa_column=instant())
    par: str
    action: str
    details: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JSONB(), nullable=False))
    motif: str = ""


class Lecture(Table, table=True):
    """Who read what of an agent, one row a day: the agent sees it."""

    __tablename__ = "lectures"
    __table_args__ = (Index("lectures_d_un_agent", "agent_id", "derniere_le"),)

    agent_id: UUID = Field(foreign_key="agents.id", primary_key=True)
    compte_id: UUID = Field(primary_key=True)
    quoi: str = Field(primary_key=True)
    jour: date = Field(primary_key=True)
    lecteur: str
    nombre: int = 1
    derniere_le: datetime = Field(sa_column=instant())


class Amenagement(Table, table=True):
    """What an agent needs to follow a training, never why. Read only with its own right, forgotten when he leaves."""

    __tablename__ = "amenagements"

    agent_id: UUID = Field(foreign_key="agents.id", primary_key=True)
    besoin: str
    note_le: datetime = Field(sa_column=instant())
    note_par: str


class Interim(Table, table=True):
    """Who stands in from `debut` to `fin`, both included: for a person wherever he is asked, or at the head of one service."""

    __tablename__ = "interims"
    __table_args__ = (
        ForeignKeyConstraint(["collectivite_id", "service_id"], ["services.collectivite_id", "services.id"], name="interims_service"),
        ForeignKeyConstraint(["collectivite_id", "remplace_id"], ["agents.collectivite_id", "agents.id"], name="interims_remplace"),
        ForeignKeyConstraint(["collectivite_id", "interimaire_id"], ["agents.collectivite_id", "agents.id"], name="interims_interimaire"),
        CheckConstraint("(service_id is null) <> (remplace_id is null)", name="interims_service_ou_personne"),
        CheckConstraint("interimaire_id <> remplace_id", name="interims_quelqu_un_d_autre"),
        CheckConstraint("fin >= debut", name="interims_fin_apres_debut"),
        ExcludeConstraint(
            (text("coalesce(service_id, remplace_id)"), "="),
            (text("daterange(debut, fin, '[]')"), "&&"),
            name="interims_un_seul_a_la_fois",
            where=text("annule_le is null"),
        ),
        Index("interims_liste", "collectivite_id", "fin"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    collectivite_id: UUID = Field(foreign_key="collectivites.id")
    service_id: UUID | None = None
    remplace_id: UUID | None = None
    interimaire_id: UUID
    debut: date
    fin: date
    motif: str
    cree_le: datetime = Field(sa_column=instant())
    cree_par: str
    annule_le: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    annule_par: str | None = None


class Correction(Table, table=True):
    """What an agent asks to correct in his record, and what was answered."""

    __tablename__ = "corrections"
    __table_args__ = (
        Index("corrections_en_attente", "agent_id", "champ", unique=True, postgresql_where=text("etat = 'demandee'")),
        Index("corrections_d_un_agent", "agent_id", "demandee_le"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    collectivite_id: UUID = Field(foreign_key="collectivites.id", index=True)
    agent_id: UUID = Field(foreign_key="agents.id")
    champ: str
    valeur: str
    precisions: str
    etat: str
    demandee_le: datetime = Field(sa_column=instant())
    traitee_le: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    traitee_par: str | None = None
    reponse: str = ""


class JourFait(Table, table=True):
    """A day whose turn was done: departures, intérims, what is forgotten."""

    __tablename__ = "jours_faits"

    jour: date = Field(primary_key=True)
    fait_le: datetime = Field(sa_column=instant())
