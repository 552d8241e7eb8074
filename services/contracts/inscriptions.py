"""What inscriptions says of requests and places, and what it can be asked."""

from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from pydantic import AwareDatetime

from services.contracts.base import Event, Fait, Message, Request
from services.contracts.catalogue import Regroupement
from services.contracts.identity import EnCopie, Personne


class Etat(StrEnum):
    """States of a request. The circuit's step (avis, validation, instruction) refines the first and the second."""

    PREINSCRIPTION = "preinscription"
    TRANSMISE = "transmise"
    LISTE_ATTENTE = "liste_attente"
    ACCEPTEE = "acceptee"
    CONVOQUEE = "convoquee"
    REFUSEE_COLLECTIVITE = "refusee_collectivite"
    REFUSEE_ORGANISME = "refusee_organisme"
    RETIREE = "retiree"
    EXPIREE = "expiree"


class SensAvis(StrEnum):
    FAVORABLE = "favorable"
    SOUS_RESERVE = "sous_reserve"
    DEFAVORABLE = "defavorable"
    NON_RENDU = "non_rendu"


class NatureDecision(StrEnum):
    """What a person may decide on a request; each is one Temporal update of the same name."""

    AVIS = "avis"
    VALIDATION = "validation"
    INSTRUCTION = "instruction"
    RETRAIT = "retrait"


class Issue(StrEnum):
    """What a decision says, all natures together."""

    FAVORABLE = "favorable"
    SOUS_RESERVE = "sous_reserve"
    DEFAVORABLE = "defavorable"
    VALIDER = "valider"
    REFUSER = "refuser"
    ACCEPTER = "accepter"
    LISTE_ATTENTE = "liste_attente"
    RETIRER = "retirer"


class UniteDelai(StrEnum):
    JOURS_OUVRES = "jours_ouvres"
    SECONDES = "secondes"
    """For demonstrations and tests only; refused elsewhere by the service's settings."""


class Delai(Message):
    """A duration that respects the calendar of the collectivité's département."""

    valeur: int
    unite: UniteDelai = UniteDelai.JOURS_OUVRES


class EtapeAvis(Message):
    """Whom to ask, how long, when to remind, and whether the deputy is asked before going on without."""

    delai: Delai
    relances: tuple[Delai, ...] = ()
    """Each counted from the moment the avis is asked for."""
    relance_la_veille: bool = True
    escalade_suppleant: bool = True


class DepotEnregistre(Event):
    """A request was committed, by the agent or for him: its circuit must start."""

    subject_prefix: ClassVar[str] = "inscriptions.v1.bulletin.depose"

    inscription_id: UUID
    collectivite_id: UUID
    session_id: UUID
    session_code: str
    agent_id: UUID

    @property
    def aggregate_id(self) -> UUID:
        return self.inscription_id


class EtatChange(Event):
    """A request went from one state to another."""

    subject_prefix: ClassVar[str] = "inscriptions.v1.bulletin.etat-change"

    inscription_id: UUID
    collectivite_id: UUID
    session_id: UUID
    de: Etat
    vers: Etat

    @property
    def aggregate_id(self) -> UUID:
        return self.inscription_id


class PlacesActualisees(Event):
    """The figures of one session after a movement; the highest `version` wins."""

    subject_prefix: ClassVar[str] = "inscriptions.v1.places.actualisees"

    session_id: UUID
    version: int
    effectif_attendu: int
    recues: int
    admises: int
    en_attente: int

    @property
    def aggregate_id(self) -> UUID:
        return self.session_id

    @property
    def disponibles(self) -> int:
        return max(self.effectif_attendu - self.admises, 0)


class PlanCircuit(Message):
    """All a circuit needs to run, ids and dates only.

    `date_limite` closes the validation; `debut_session` closes the instruction.
    `a_un_superieur` and `a_un_suppleant` say whom there is to ask.
    """

    inscription_id: UUID
    collectivite_id: UUID
    session_code: str
    departement: str
    etapes: tuple[EtapeAvis, ...]
    a_un_superieur: bool
    a_un_suppleant: bool
    depose_le: AwareDatetime
    date_limite: AwareDatetime
    debut_session: AwareDatetime
    etat: Etat = Etat.PREINSCRIPTION
    """Where the circuit starts: what a gestionnaire filed himself is transmitted already, sometimes accepted or waiting."""


class OuvrirCircuit(Request[PlanCircuit]):
    """The circuit of a request starts: freeze and give its plan. Idempotent."""

    subject: ClassVar[str] = "rpc.inscriptions.v1.circuit.ouvrir"
    reply: ClassVar[type[Message]] = PlanCircuit

    inscription_id: UUID


class QuiRepond(StrEnum):
    SUPERIEUR = "superieur"
    SUPPLEANT = "suppleant"


class DemandeAvis(Message):
    """The avis that is asked for now."""

    demande_id: UUID


class DemanderAvis(Request[DemandeAvis]):
    """Open the avis of step `rang` (from 0) to this person until `echeance`; closes the one open before. Idempotent."""

    subject: ClassVar[str] = "rpc.inscriptions.v1.avis.demander"
    reply: ClassVar[type[Message]] = DemandeAvis

    inscription_id: UUID
    rang: int
    a: QuiRepond
    echeance: AwareDatetime
    relances: tuple[AwareDatetime, ...] = ()
    """When reminders will leave, shown to everybody ahead."""


class NoterRelance(Request[Fait]):
    """A reminder of this avis leaves: write it in the journal. Idempotent by (demande, numero)."""

    subject: ClassVar[str] = "rpc.inscriptions.v1.avis.relancer"
    reply: ClassVar[type[Message]] = Fait

    demande_id: UUID
    numero: int


class ConstaterAvisNonRendu(Request[Fait]):
    """Nobody answered step `rang` in time, or nobody was there to ask: write it. Idempotent."""

    subject: ClassVar[str] = "rpc.inscriptions.v1.avis.constater-non-rendu"
    reply: ClassVar[type[Message]] = Fait

    inscription_id: UUID
    rang: int
    motif: str
    """`delai_echu` or `aucun_superieur`."""


class EtapeCourante(StrEnum):
    AVIS = "avis"
    VALIDATION = "validation"
    INSTRUCTION = "instruction"
    CONVOCATION = "convocation"
    TERMINEE = "terminee"


class PasserEtape(Request[Fait]):
    """The circuit reaches a step: say who holds the request, and until when. Idempotent."""

    subject: ClassVar[str] = "rpc.inscriptions.v1.circuit.passer-etape"
    reply: ClassVar[type[Message]] = Fait

    inscription_id: UUID
    etape: EtapeCourante
    echeance: AwareDatetime | None = None


class EffetDecision(Message):
    """The state of the request once the decision is applied; `issue` is what was decided."""

    etat: Etat
    issue: Issue
    deja_fait: bool = False


class AppliquerDecision(Request[EffetDecision]):
    """Apply a proposed decision: state, avis, seat, journal and event in one transaction. Idempotent by decision.

    Answers a problem `session-complete` (409) when no seat is left to accept the agent.
    """

    subject: ClassVar[str] = "rpc.inscriptions.v1.decision.appliquer"
    reply: ClassVar[type[Message]] = EffetDecision

    decision_id: UUID


class Expirer(Request[EffetDecision]):
    """The date limite passed before transmission, or the session began before an answer. Idempotent."""

    subject: ClassVar[str] = "rpc.inscriptions.v1.bulletin.expirer"
    reply: ClassVar[type[Message]] = EffetDecision

    inscription_id: UUID


class Convoquer(Request[Fait]):
    """The convocation is archived: the accepted request becomes convoquée. Idempotent."""

    subject: ClassVar[str] = "rpc.inscriptions.v1.bulletin.convoquer"
    reply: ClassVar[type[Message]] = Fait

    inscription_id: UUID
    document_id: UUID
    reference: str


class AvisRendu(Message):
    sens: SensAvis
    par: str
    le: AwareDatetime
    commentaire: str = ""


class DemandeAvisOuverte(Message):
    """The avis awaited, with the link that gives it without an account."""

    demande_id: UUID
    a: Personne
    par_interim_de: str | None = None
    echeance: AwareDatetime
    lien: str


class Dossier(Message):
    """A request with all that a document or a mail may need to say. Never stored by who asks, never through Temporal."""

    inscription_id: UUID
    numero: str
    etat: Etat
    motivation: str
    depose_le: AwareDatetime
    collectivite_id: UUID
    collectivite: str
    collectivite_email: str
    autorite: str
    gestionnaires: tuple[Personne, ...]
    copies: tuple[EnCopie, ...] = ()
    agent: Personne
    agent_civilite: str
    agent_grade: str | None
    agent_fonction: str
    agent_service: str
    agent_services: tuple[UUID, ...] = ()
    """The service he works in and those above it, the nearest first."""
    session_id: UUID
    session_code: str
    intitule: str
    objectifs: str
    structure: str
    structure_nom: str
    lieu: str
    adresse: str
    regroupements: tuple[Regroupement, ...]
    duree_heures: float
    conseiller: str
    conseiller_email: str
    avis: tuple[AvisRendu, ...] = ()
    demande_avis: DemandeAvisOuverte | None = None
    derniere_demande_avis: DemandeAvisOuverte | None = None
    """The last avis asked for, open or closed: who must be told that the request was withdrawn."""
    validee_par: str | None = None
    validee_le: AwareDatetime | None = None
    motif_decision: str | None = None
    lien: str
    """Address of the request in the web UI."""


class LireDossier(Request[Dossier]):
    subject: ClassVar[str] = "rpc.inscriptions.v1.dossier.lire"
    reply: ClassVar[type[Message]] = Dossier

    inscription_id: UUID
