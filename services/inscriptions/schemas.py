"""What goes in and out over HTTP."""

from datetime import date
from enum import StrEnum
from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from services.contracts.catalogue import Regroupement
from services.contracts.inscriptions import EtapeAvis, EtapeCourante, Etat, Issue, NatureDecision, SensAvis
from services.inscriptions.domain.journal import Canal, Fait

MOTIF_MINIMUM = 5


class InscriptionCreate(BaseModel):
    """A préinscription, by the agent himself."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "session_id": "5f0c4b1e-7f43-5f51-9f4b-2b1f5a1d6c11",
                "motivation": "Je reprends le suivi des marchés publics du service et souhaite en maîtriser les procédures.",
            }
        }
    )

    session_id: UUID
    motivation: str = Field(min_length=10, max_length=2000)


class SessionDeLInscription(BaseModel):
    id: UUID
    code: str
    intitule: str
    lieu: str
    structure: str
    structure_nom: str
    debut: date
    fin: date
    date_limite: AwareDatetime


class PersonneDeLInscription(BaseModel):
    nom_complet: str
    service: str
    fonction: str


class Detenteur(BaseModel):
    """Who holds the request now, in words, and until when."""

    qui: str
    echeance: AwareDatetime | None


class AvisPublic(BaseModel):
    """An avis given, or asked for (`sens` None). `relances` are the instants at which reminders leave."""

    sens: SensAvis | None
    libelle: str
    par: str
    interim_de: str | None
    demande_le: AwareDatetime
    rendu_le: AwareDatetime | None
    echeance: AwareDatetime | None
    relances: list[AwareDatetime]
    commentaire: str


class InscriptionPublic(BaseModel):
    """A line of a list of requests."""

    id: UUID
    numero: str
    etat: Etat
    etat_libelle: str
    etape: EtapeCourante
    detenteur: Detenteur | None
    depose_le: AwareDatetime
    agent: PersonneDeLInscription
    collectivite: str
    session: SessionDeLInscription
    avis: AvisPublic | None
    """The last avis asked for."""
    actions: list[NatureDecision]


class EntreePublique(BaseModel):
    """A line of the timeline, the same for everybody who may read the request."""

    rang: int
    le: AwareDatetime
    fait: Fait
    libelle: str
    par: str
    pour: str
    canal: Canal
    motif: str
    empreinte: str


class InscriptionDetail(InscriptionPublic):
    motivation: str
    regroupements: list[Regroupement]
    tous_les_avis: list[AvisPublic]
    journal: list[EntreePublique]
    journal_intact: bool
    validee_par: str | None
    motif_decision: str | None
    convocation_id: UUID | None
    convocation_reference: str | None
    workflow_id: str
    """Id of the circuit, for operators."""


class ValidationCreate(BaseModel):
    """The decision of the collectivité. A refusal has a motif."""

    issue: Literal[Issue.VALIDER, Issue.REFUSER]
    motif: str = Field(default="", max_length=2000)


class InstructionCreate(BaseModel):
    """The decision of the organisme. A refusal has a motif."""

    issue: Literal[Issue.ACCEPTER, Issue.LISTE_ATTENTE, Issue.REFUSER]
    motif: str = Field(default="", max_length=2000)


class RetraitCreate(BaseModel):
    motif: str = Field(default="", max_length=2000)


class AvisCreate(BaseModel):
    """The avis of the person asked; reserves and refusals are explained."""

    sens: Literal[Issue.FAVORABLE, Issue.SOUS_RESERVE, Issue.DEFAVORABLE]
    commentaire: str = Field(default="", max_length=2000)


class DemandeAvisPublic(BaseModel):
    """What the person asked sees behind the link. `etat`: ouverte, rendue, close, non_rendue; `explication` in words."""

    etat: str
    explication: str
    destinataire: str
    interim_de: str | None
    agent: PersonneDeLInscription
    collectivite: str
    session: SessionDeLInscription
    regroupements: list[Regroupement]
    motivation: str
    depose_le: AwareDatetime
    echeance: AwareDatetime | None
    sens: SensAvis | None
    commentaire: str


class CircuitPublic(BaseModel):
    """The circuit of a collectivité. `version` 0 is the platform's default."""

    version: int
    etapes: list[EtapeAvis]
    cree_par: str | None = None
    cree_le: AwareDatetime | None = None


class CircuitUpdate(BaseModel):
    etapes: list[EtapeAvis] = Field(max_length=10)


class ChiffresPublic(BaseModel):
    """Seats of a session, or what one movement added to them."""

    effectif_attendu: int
    capacite: int
    """Above `effectif_attendu` only while more agents are admitted than are now expected."""
    recues: int
    admises: int
    en_attente: int
    disponibles: int


class MouvementPublic(BaseModel):
    """A line of the seat ledger. The request is named only to who may read it."""

    rang: int
    le: AwareDatetime
    libelle: str
    inscription_id: UUID | None
    numero: str | None
    qui: str
    mouvement: ChiffresPublic
    apres: ChiffresPublic


class Choix(StrEnum):
    """What to do when some agents cannot be registered."""

    TOUS_OU_AUCUN = "tous_ou_aucun"
    LES_AUTRES = "les_autres"


class CollectiveCreate(BaseModel):
    """Agents registered for one session by their gestionnaire, in their order of priority. `essai` says the outcome and writes nothing."""

    session_id: UUID
    agents: list[UUID] = Field(min_length=1, max_length=500)
    motif: str = Field(min_length=10, max_length=2000)
    choix: Choix = Choix.TOUS_OU_AUCUN
    essai: bool = False


class LigneCollective(BaseModel):
    """What becomes, or would become, of one agent. `obstacle` says in French why nothing; `avertissements` stop nothing."""

    agent_id: UUID
    nom_complet: str
    service: str
    etat: Etat | None
    etat_libelle: str
    obstacle: str | None
    avertissements: list[str]
    inscription_id: UUID | None = None
    numero: str | None = None
    priorite: int | None = None
    """Rank among the agents registered with him."""


class CollectivePublic(BaseModel):
    """The outcome of each agent, in the order given. `appliquee` false: nothing was written."""

    appliquee: bool
    possibles: int
    impossibles: int
    lignes: list[LigneCollective]


class CandidatsPublic(BaseModel):
    """The agents one may register for a session, each with the outcome it would have alone. `tronque`: there are more."""

    services: list[str]
    lignes: list[LigneCollective]
    tronque: bool
