"""The answers of the HTTP APIs, as the pages read them. What they do not use is not here; what is added is ignored."""

from datetime import date
from typing import Generic, TypeVar
from uuid import UUID

from pydantic import AwareDatetime

from services.contracts.acteur import Acteur
from services.contracts.base import Message
from services.contracts.catalogue import ModeAdmission, Regroupement
from services.contracts.inscriptions import EtapeAvis, EtapeCourante, Etat, NatureDecision, SensAvis
from services.web.modeles_mandats import Appartenance

T = TypeVar("T")


class Page(Message, Generic[T]):
    elements: list[T]
    suivant: str | None = None


class Jetons(Message):
    access_token: str
    refresh_token: str
    expires_in: int
    """Seconds."""
    acteur: Acteur
    appartenances: tuple[Appartenance, ...] = ()
    """Where he may act."""


class Moi(Message):
    acteur: Acteur
    organisation: str


class SessionOuverte(Message):
    """Somewhere one is logged in."""

    id: UUID
    ouverte_depuis: str
    ouverte_le: AwareDatetime
    vue_le: AwareDatetime
    actuelle: bool = False


class Lien(Message):
    """A link received by mail: what it is for, whose it is."""

    usage: str
    nom: str
    identifiant: str
    expire_le: AwareDatetime


class Structure(Message):
    code: str
    nom: str


class Stage(Message):
    """A session of the catalogue, with its figures."""

    id: UUID
    etiquette: str
    code: str
    intitule: str
    objectifs: str
    public: str
    domaine: str
    nature_libelle: str
    organisation_libelle: str
    debut: date
    fin: date
    regroupements: list[Regroupement]
    duree_jours: float
    duree_heures: float
    lieu: str
    adresse: str
    structure_nom: str
    conseiller: str
    conseiller_email: str
    date_limite: AwareDatetime
    ouverte: bool
    motif_fermeture: str | None
    mode_admission: ModeAdmission
    mode_admission_libelle: str
    liste_attente: bool
    effectif_minimum: int
    effectif_attendu: int
    recues: int
    admises: int
    en_attente: int
    disponibles: int


class ChampChange(Message):
    champ: str
    avant: str
    apres: str


class ChangementDeSession(Message):
    version: int
    le: AwareDatetime
    par: str
    motif: str
    champs: list[ChampChange]


class Chiffres(Message):
    """Seats of a session, or what one movement added to them."""

    effectif_attendu: int
    capacite: int
    recues: int
    admises: int
    en_attente: int
    disponibles: int


class MouvementDePlaces(Message):
    rang: int
    le: AwareDatetime
    libelle: str
    inscription_id: UUID | None
    qui: str
    mouvement: Chiffres
    apres: Chiffres


class SessionDemandee(Message):
    id: UUID
    code: str
    intitule: str
    lieu: str
    structure_nom: str
    debut: date
    fin: date
    date_limite: AwareDatetime


class Demandeur(Message):
    nom_complet: str
    service: str
    fonction: str


class Detenteur(Message):
    qui: str
    echeance: AwareDatetime | None


class Avis(Message):
    sens: SensAvis | None
    libelle: str
    par: str
    interim_de: str | None
    demande_le: AwareDatetime
    rendu_le: AwareDatetime | None
    echeance: AwareDatetime | None
    relances: list[AwareDatetime]
    commentaire: str


class Inscription(Message):
    id: UUID
    numero: str
    etat: Etat
    etat_libelle: str
    etape: EtapeCourante
    detenteur: Detenteur | None
    depose_le: AwareDatetime
    agent: Demandeur
    collectivite: str
    session: SessionDemandee
    avis: Avis | None
    actions: list[NatureDecision]


class Entree(Message):
    """A line of the timeline."""

    rang: int
    le: AwareDatetime
    fait: str
    libelle: str
    par: str
    pour: str
    canal: str
    motif: str


class InscriptionDetail(Inscription):
    motivation: str
    regroupements: list[Regroupement]
    tous_les_avis: list[Avis]
    journal: list[Entree]
    journal_intact: bool
    validee_par: str | None
    motif_decision: str | None
    convocation_id: UUID | None
    workflow_id: str


class DemandeAvis(Message):
    """What the person asked sees. `etat`: ouverte, rendue, close or non_rendue."""

    etat: str
    explication: str
    destinataire: str
    interim_de: str | None
    agent: Demandeur
    collectivite: str
    session: SessionDemandee
    regroupements: list[Regroupement]
    motivation: str
    depose_le: AwareDatetime
    echeance: AwareDatetime | None
    sens: SensAvis | None
    commentaire: str


class Circuit(Message):
    version: int
    etapes: list[EtapeAvis]
    cree_par: str | None = None
    cree_le: AwareDatetime | None = None


class MessageSuivi(Message):
    """A mail about a request and what became of it. `etat`: en_file, envoye, reessaye or abandonne."""

    libelle: str
    destinataire: str
    etat: str
    etat_libelle: str
    depose_le: AwareDatetime
    envoye_le: AwareDatetime | None
    prochain_essai: AwareDatetime | None


class MessagesSuivis(Message):
    elements: list[MessageSuivi]


class Document(Message):
    """A paper of a request, archived."""

    id: UUID
    libelle: str
    reference: str
    cree_le: AwareDatetime


class Documents(Message):
    elements: list[Document]


class Verification(Message):
    """What the paper of this reference shows. `statut`: valide or inconnue."""

    reference: str
    statut: str
    libelle: str | None = None
    cree_le: AwareDatetime | None = None
    session_code: str | None = None
    intitule: str | None = None
    emetteur: str | None = None


class Avancement(Message):
    fait: int
    total: int


class ImportAgents(Message):
    """A file of agents. `etat`: analyse, pret, en_application, applique or abandonne."""

    id: UUID
    nom_fichier: str
    depose_par: str
    depose_le: AwareDatetime
    etat: str
    avancement: Avancement
    compteurs: dict[str, int]
    colonnes_ignorees: list[str]
    message: str
    applique_par: str | None
    applique_le: AwareDatetime | None


class MessageImport(Message):
    colonne: str
    texte: str
    avertissement: bool


class LigneImport(Message):
    """A line of the report. `action`: creer, modifier, inchangee or erreur."""

    numero: int
    action: str | None
    matricule: str
    nom: str
    messages: list[MessageImport]
