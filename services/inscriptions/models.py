"""Tables of the service: the request and all that happens to it, and projections of what others own."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ARRAY, CheckConstraint, Column, DateTime, ForeignKey, Index, Integer, String, UniqueConstraint, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from services.contracts.inscriptions import EtapeCourante, Etat, Issue, NatureDecision, QuiRepond, SensAvis
from services.inscriptions.domain.etats import VIVANTS
from services.inscriptions.domain.journal import Canal, Fait

_VIVANTS = ", ".join(f"'{etat}'" for etat in sorted(VIVANTS))


class Table(SQLModel, registry=registry()):
    """Base of this service's tables."""


def _instant(*, nullable: bool = False) -> Any:
    return Column(DateTime(timezone=True), nullable=nullable)


def _json() -> Any:
    return Column(JSONB, nullable=False)


def _mot() -> Any:
    """A column of a StrEnum: readable text, checked by the code that writes it."""
    return Column(String, nullable=False)


class Collectivite(Table, table=True):
    """Projection of identity's collectivités; the highest version wins."""

    __tablename__ = "collectivites"

    id: UUID = Field(primary_key=True)
    version: int
    nom: str
    departement: str
    email: str
    autorite: str
    preinscription_agents: bool
    etat: str = "operationnelle"
    gestionnaires: list[dict[str, Any]] = Field(sa_column=_json())
    copies: list[dict[str, Any]] = Field(default_factory=list, sa_column=_json())
    transferts: list[str] = Field(default_factory=list, sa_column=_json())


class Agent(Table, table=True):
    """Projection of identity's agents; the highest version wins."""

    __tablename__ = "agents"
    __table_args__ = (Index("agents_par_nom", "collectivite_id", "nom", "prenom", "id"),)

    id: UUID = Field(primary_key=True)
    version: int
    collectivite_id: UUID
    civilite: str
    nom: str
    prenom: str
    email: str
    categorie: str | None = None
    grade: str | None = None
    fonction: str
    service: str
    services: list[UUID] = Field(default_factory=list, sa_column=Column(ARRAY(Uuid()), nullable=False))
    superieur: dict[str, Any] | None = Field(default=None, sa_column=Column(JSONB(none_as_null=True), nullable=True))
    suppleant: dict[str, Any] | None = Field(default=None, sa_column=Column(JSONB(none_as_null=True), nullable=True))
    actif: bool


class Session(Table, table=True):
    """Projection of catalogue's sessions; the highest version wins."""

    __tablename__ = "sessions"

    id: UUID = Field(primary_key=True)
    version: int
    code: str
    intitule: str
    objectifs: str
    structure: str
    structure_nom: str
    lieu: str
    adresse: str
    regroupements: list[dict[str, Any]] = Field(sa_column=_json())
    duree_heures: float
    date_limite: datetime = Field(sa_column=_instant())
    debut: datetime = Field(sa_column=_instant())
    etat: str
    mode_admission: str
    liste_attente: bool
    aire: dict[str, Any] = Field(sa_column=_json())
    conseiller: str
    conseiller_email: str


class Places(Table, table=True):
    """The seat ledger of a session: its figures, moved only together with a status.

    `capacite` is the effectif attendu, or the seats already given while they are more (the effectif was lowered since).
    """

    __tablename__ = "places"
    __table_args__ = (
        CheckConstraint("admises >= 0 and recues >= 0 and en_attente >= 0", name="places_never_negative"),
        CheckConstraint("admises <= capacite", name="places_jamais_survendues"),
        CheckConstraint("effectif_attendu >= 0 and capacite >= effectif_attendu", name="places_effectif"),
    )

    session_id: UUID = Field(primary_key=True)
    effectif_attendu: int
    capacite: int
    recues: int = 0
    admises: int = 0
    en_attente: int = 0
    version: int = 0


class MouvementPlaces(Table, table=True):
    """One movement of the ledger and its cause: `rang` is the version it led to, each figure what it added."""

    __tablename__ = "mouvements_places"
    __table_args__ = (Index("mouvements_places_inscription", "inscription_id"),)

    session_id: UUID = Field(primary_key=True)
    rang: int = Field(primary_key=True)
    inscription_id: UUID | None = None
    cause: str
    effectif_attendu: int = 0
    capacite: int = 0
    recues: int = 0
    admises: int = 0
    en_attente: int = 0
    le: datetime = Field(sa_column=_instant())


class Circuit(Table, table=True):
    """A version of the circuit of a collectivité; the newest serves new requests."""

    __tablename__ = "circuits"
    __table_args__ = (UniqueConstraint("collectivite_id", "version", name="circuits_version"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    collectivite_id: UUID
    version: int
    etapes: list[dict[str, Any]] = Field(sa_column=_json())
    cree_par: str
    cree_le: datetime = Field(sa_column=_instant())


class Inscription(Table, table=True):
    """A request. `etape` and `echeance` say who holds it and until when; `etapes` is its circuit, frozen at deposit."""

    __tablename__ = "inscriptions"
    __table_args__ = (
        Index(
            "inscriptions_une_seule_vivante",
            "agent_id",
            "session_id",
            unique=True,
            postgresql_where=text(f"etat in ({_VIVANTS})"),
        ),
        Index("inscriptions_agent", "agent_id", text("depose_le desc"), text("id desc")),
        CheckConstraint("priorite > 0", name="inscriptions_priorite"),
        Index("inscriptions_collectivite", "collectivite_id", text("depose_le desc"), text("id desc")),
        Index(
            "inscriptions_structure",
            "structure",
            text("depose_le desc"),
            text("id desc"),
            postgresql_where=text("transmise_le is not null"),
        ),
        Index("inscriptions_transmises", text("depose_le desc"), text("id desc"), postgresql_where=text("transmise_le is not null")),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    numero: str = Field(unique=True)
    agent_id: UUID
    collectivite_id: UUID
    session_id: UUID = Field(index=True)
    structure: str
    etat: Etat = Field(sa_column=_mot())
    etape: EtapeCourante = Field(sa_column=_mot())
    echeance: datetime | None = Field(default=None, sa_column=_instant(nullable=True))
    motivation: str
    priorite: int | None = None
    """Rank that the collectivité gives it among its own for the session; the first is 1."""
    circuit_version: int
    etapes: list[dict[str, Any]] = Field(sa_column=_json())
    depose_le: datetime = Field(sa_column=_instant())
    validee_par: str | None = None
    validee_le: datetime | None = Field(default=None, sa_column=_instant(nullable=True))
    transmise_le: datetime | None = Field(default=None, sa_column=_instant(nullable=True))
    motif_decision: str | None = None
    convocation_id: UUID | None = None
    convocation_reference: str | None = None
    modifiee_le: datetime = Field(sa_column=_instant())


class EtatDemande:
    """States of an avis asked for."""

    OUVERTE = "ouverte"
    RENDUE = "rendue"
    CLOSE = "close"
    NON_RENDUE = "non_rendue"


class DemandeAvis(Table, table=True):
    """An avis asked from one person. `personne` is None when there was nobody to ask."""

    __tablename__ = "demandes_avis"
    __table_args__ = (
        UniqueConstraint("inscription_id", "rang", "a", name="demandes_avis_une_par_personne"),
        Index("demandes_avis_une_ouverte", "inscription_id", unique=True, postgresql_where=text("etat = 'ouverte'")),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    inscription_id: UUID = Field(sa_column=Column(ForeignKey("inscriptions.id"), nullable=False))
    rang: int
    a: QuiRepond = Field(sa_column=_mot())
    personne: dict[str, Any] | None = Field(default=None, sa_column=Column(JSONB(none_as_null=True), nullable=True))
    interim_de: str | None = None
    etat: str
    demande_le: datetime = Field(sa_column=_instant())
    echeance: datetime | None = Field(default=None, sa_column=_instant(nullable=True))
    relances: list[datetime] = Field(default_factory=list, sa_column=Column(ARRAY(DateTime(timezone=True)), nullable=False))
    relances_parties: list[int] = Field(default_factory=list, sa_column=Column(ARRAY(Integer), nullable=False))
    sens: SensAvis | None = Field(default=None, sa_column=Column(String, nullable=True))
    commentaire: str = ""
    raison_cloture: str = ""
    fin_le: datetime | None = Field(default=None, sa_column=_instant(nullable=True))


class EtatDecision:
    """States of a decision."""

    PROPOSEE = "proposee"
    APPLIQUEE = "appliquee"
    REFUSEE = "refusee"


class Decision(Table, table=True):
    """What a person decided, kept before the circuit is asked, so that nothing personal travels through it."""

    __tablename__ = "decisions"

    id: UUID = Field(primary_key=True)
    inscription_id: UUID = Field(sa_column=Column(ForeignKey("inscriptions.id"), nullable=False, index=True))
    nature: NatureDecision = Field(sa_column=_mot())
    issue: Issue = Field(sa_column=_mot())
    commentaire: str = ""
    acteur_id: UUID | None = None
    acteur: str
    pour: str = ""
    canal: Canal = Field(sa_column=_mot())
    demande_id: UUID | None = None
    etat: str = EtatDecision.PROPOSEE
    effet: Etat | None = Field(default=None, sa_column=Column(String, nullable=True))
    refus: str = ""
    proposee_le: datetime = Field(sa_column=_instant())
    appliquee_le: datetime | None = Field(default=None, sa_column=_instant(nullable=True))


class EntreeJournal(Table, table=True):
    """A line of the journal of a request; see `domain/journal.py` for the chain of hashes."""

    __tablename__ = "journal"

    inscription_id: UUID = Field(sa_column=Column(ForeignKey("inscriptions.id"), primary_key=True))
    rang: int = Field(primary_key=True)
    le: datetime = Field(sa_column=_instant())
    fait: Fait = Field(sa_column=_mot())
    par: str
    pour: str
    canal: Canal = Field(sa_column=_mot())
    de: Etat | None = Field(default=None, sa_column=Column(String, nullable=True))
    vers: Etat | None = Field(default=None, sa_column=Column(String, nullable=True))
    motif: str
    empreinte: str
