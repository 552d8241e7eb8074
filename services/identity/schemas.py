"""What goes in and out over HTTP."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.contracts.acteur import Acteur
from services.contracts.identity import Personne
from services.identity.domain.valeurs import Categorie, Civilite, GenreStructure, Nature, Statut


class SessionCreate(BaseModel):
    """A login."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"identifiant": "claire.lebris", "mot_de_passe": "Demonstration2026!"}]})

    identifiant: str = Field(min_length=1, max_length=200)
    mot_de_passe: str = Field(min_length=1, max_length=500)


class JetonPresente(BaseModel):
    """The refresh token of one's session."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"refresh_token": "WmX0c9vUu1m4o5pQmRkq5yq0cG3n1bJ8sT7dLw2eYzA"}]})

    refresh_token: str = Field(min_length=1, max_length=200)


class SessionPublic(BaseModel):
    """`access_token` goes in the Authorization header for `expires_in` seconds; `refresh_token` serves once, then is replaced."""

    access_token: str
    refresh_token: str
    expires_in: int
    acteur: Acteur


class MoiPublic(BaseModel):
    """`collectivite` is None for the organisme; `organisation` names what one works for."""

    acteur: Acteur
    collectivite: str | None
    organisation: str


class _Lue(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class StructurePublic(_Lue):
    code: str
    nom: str
    genre: GenreStructure
    departements: list[str]
    ville: str
    email: str
    valide_du: date
    valide_au: date | None


class CollectiviteResume(_Lue):
    id: UUID
    siret: str
    nom: str
    nature: Nature
    departement: str
    delegation: str
    ville: str


class CollectivitePublic(CollectiviteResume):
    code_insee: str
    effectif: int
    adresse: str
    code_postal: str
    email: str
    preinscription_agents: bool
    autorite_nom: str
    autorite_qualite: str


class AgentResume(_Lue):
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
