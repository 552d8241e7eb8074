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
    """`superieur` None: nobody is known who could give an avis."""

    collectivite_id: UUID
    nom_naissance: str | None
    date_naissance: date
    portable: str | None
    filiere: str | None
    cadre_emplois: str | None
    temps_travail: int
    superieur: Personne | None
    suppleant: Personne | None
