"""Agents, services, intérims and one's own file, as the API tells them."""

from datetime import date
from uuid import UUID

from pydantic import AwareDatetime

from services.contracts.base import Message
from services.contracts.identity import Personne


class AgentResume(Message):
    id: UUID
    matricule: str | None
    civilite: str
    nom: str
    prenom: str
    email: str
    statut: str
    categorie: str | None
    grade: str | None
    fonction: str
    service: str | None
    actif: bool

    @property
    def nom_complet(self) -> str:
        return f"{self.prenom} {self.nom}"


class AgentFiche(AgentResume):
    """`acces`: aucun, invite or ouvert. `etiquette` marks what was read."""

    collectivite_id: UUID
    nom_naissance: str | None
    date_naissance: date | None
    portable: str | None
    filiere: str | None
    cadre_emplois: str | None
    temps_travail: int
    niveau_diplome: str | None
    entree_le: date | None
    sortie_le: date | None
    service_id: UUID | None
    superieur_id: UUID | None
    superieur: Personne | None
    suppleant: Personne | None
    acces: str
    etiquette: str


class ServiceFiche(Message):
    id: UUID
    code: str
    nom: str
    parent_id: UUID | None
    responsable_id: UUID | None
    responsable: str | None
    suppleant_id: UUID | None
    suppleant: str | None
    agents: int
    etiquette: str


class ChangementFiche(Message):
    survenu_le: AwareDatetime
    par: str
    action: str
    motif: str
    details: list[dict[str, str]]


class Interim(Message):
    """`etat`: a_venir, en_cours, termine or annule."""

    id: UUID
    de: str
    service_id: UUID | None
    interimaire: str
    debut: date
    fin: date
    motif: str
    etat: str
    cree_par: str
    annule_par: str | None


class Emploi(Message):
    agent_id: UUID
    collectivite: str
    service: str | None
    fonction: str
    entree_le: date | None
    sortie_le: date | None
    actif: bool


class LectureFiche(Message):
    lecteur: str
    quoi: str
    jour: date
    nombre: int


class Correction(Message):
    """`etat`: demandee, faite or refusee."""

    id: UUID
    libelle: str
    valeur: str
    precisions: str
    etat: str
    demandee_le: AwareDatetime
    traitee_par: str | None
    reponse: str


class CorrectionATraiter(Correction):
    agent_id: UUID
    agent: str


class ChampLu(Message):
    champ: str
    libelle: str
    valeur: str


class DossierPersonnel(Message):
    agent_id: UUID
    champs: list[ChampLu]
    emplois: list[Emploi]
    autres: list[Emploi]
    besoin: str
    lectures: list[LectureFiche]
    corrections: list[Correction]
    changements: list[ChangementFiche]


class Besoin(Message):
    besoin: str
