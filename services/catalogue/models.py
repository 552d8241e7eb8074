"""Tables of the catalogue. What a constraint can hold, a constraint holds."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, Column, DateTime, Index, String, UniqueConstraint, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel


class Table(SQLModel, registry=registry()):
    """Base of the catalogue's own tables."""


class Structure(Table, table=True):
    """A délégation or an institut of the organisme."""

    __tablename__ = "structures"

    code: str = Field(primary_key=True)
    nom: str


class Stage(Table, table=True):
    __tablename__ = "stages"
    __table_args__ = (
        CheckConstraint("code ~ '^[A-Z0-9]{5}$'", name="stages_code"),
        CheckConstraint("duree_jours > 0 and duree_heures > 0", name="stages_duree"),
        CheckConstraint("organisation in ('inter', 'intra', 'union')", name="stages_organisation"),
    )

    code: str = Field(primary_key=True)
    intitule: str
    domaine: str
    nature: str
    organisation: str
    objectifs: str
    public: str
    duree_jours: float
    duree_heures: float


class SessionDeStage(Table, table=True):
    """A session. `debut` and `fin` repeat its regroupements and `recherche` its words, so that lists need one index."""

    __tablename__ = "sessions"
    __table_args__ = (
        UniqueConstraint("stage_code", "numero", name="sessions_code"),
        CheckConstraint("numero ~ '^[0-9]{3}$'", name="sessions_numero"),
        CheckConstraint("effectif_attendu > 0 and effectif_minimum between 0 and effectif_attendu", name="sessions_effectif"),
        CheckConstraint("etat in ('publiee', 'annulee')", name="sessions_etat"),
        CheckConstraint("mode_admission in ('au_fil_de_l_eau', 'sur_selection')", name="sessions_mode_admission"),
        CheckConstraint("fin >= debut", name="sessions_dates"),
        CheckConstraint("version > 0", name="sessions_version"),
        Index("sessions_par_date", "debut", "id"),
        Index("sessions_de_la_structure", "structure_code", "debut", "id"),
        Index("sessions_recherche", "recherche", postgresql_using="gin"),
        Index("sessions_aire_departements", "aire_departements", postgresql_using="gin"),
        Index("sessions_aire_collectivites", "aire_collectivites", postgresql_using="gin"),
    )

    id: UUID = Field(primary_key=True)
    version: int
    stage_code: str = Field(foreign_key="stages.code")
    numero: str
    structure_code: str = Field(foreign_key="structures.code")
    lieu: str
    adresse: str
    debut: date
    fin: date
    date_limite: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
    effectif_attendu: int
    effectif_minimum: int
    conseiller: str
    conseiller_email: str
    aire_nationale: bool
    aire_departements: list[str] = Field(sa_column=Column(ARRAY(String), nullable=False))
    aire_collectivites: list[UUID] = Field(sa_column=Column(ARRAY(Uuid), nullable=False))
    etat: str
    mode_admission: str
    liste_attente: bool
    recherche: Any = Field(default=None, sa_column=Column(TSVECTOR, nullable=False, server_default=text("''::tsvector")))


class Regroupement(Table, table=True):
    """One run of consecutive days of a session; `rang` counts from 0. Hours are local to Europe/Paris."""

    __tablename__ = "regroupements"
    __table_args__ = (CheckConstraint("fin >= debut and heure_fin > heure_debut", name="regroupements_ordre"),)

    session_id: UUID = Field(primary_key=True, foreign_key="sessions.id", ondelete="CASCADE")
    rang: int = Field(primary_key=True)
    debut: date
    fin: date
    heure_debut: time
    heure_fin: time


class ChangementDeSession(Table, table=True):
    """Who changed a session, when and why: the version it led to, and by field what was and what is."""

    __tablename__ = "changements_de_session"

    session_id: UUID = Field(primary_key=True, foreign_key="sessions.id", ondelete="CASCADE")
    version: int = Field(primary_key=True)
    le: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
    par: str
    motif: str
    champs: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))


class Collectivite(Table, table=True):
    """What the visibility of sessions needs to know of a collectivité, from identity's events."""

    __tablename__ = "collectivites"

    id: UUID = Field(primary_key=True)
    version: int
    departement: str


class PlacesDeLaSession(Table, table=True):
    """The figures of a session, from the seat ledger's events. No foreign key: an event may come before its session."""

    __tablename__ = "places"

    session_id: UUID = Field(primary_key=True)
    version: int
    recues: int
    admises: int
    en_attente: int
