"""Structures, collectivités and agents, as people read them."""

from datetime import date
from uuid import UUID

from services.contracts.identity import Personne
from services.identity.domain.valeurs import Categorie, Civilite, EtatCollectivite, GenreStructure, Nature, Statut
from services.identity.schemas.base import Lue


class StructurePublic(Lue):
    code: str
    nom: str
    genre: GenreStructure
    departements: list[str]
    ville: str
    email: str
    valide_du: date
    valide_au: date | None


class CollectiviteResume(Lue):
    id: UUID
    siret: str
    nom: str
    nature: Nature
    departement: str
    delegation: str
    ville: str
    etat: EtatCollectivite


class CollectivitePublic(CollectiviteResume):
    code_insee: str
    effectif: int
    adresse: str
    code_postal: str
    email: str
    preinscription_agents: bool
    autorite_nom: str
    autorite_qualite: str


class AgentResume(Lue):
    id: UUID
    matricule: str | None
    civilite: Civilite
    nom: str
    prenom: str
    email: str
    statut: Statut
    categorie: Categorie | None
    grade: str | None
    fonction: str
    service: str | None
    actif: bool


class AgentPublic(AgentResume):
    """`superieur` None: nobody is known who could give an avis. `superieur_id`: his own, when he is not the head of the service.

    `acces`: whether he has an account here: aucun, invite (has not chosen his password yet), ouvert. `etiquette`: its ETag.
    """

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
