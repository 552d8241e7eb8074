"""Records of agents as they are written, and what surrounds them."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from services.identity.schemas.base import Lue

Texte = Annotated[str, Field(max_length=500)]

EXEMPLE: JsonDict = {
    "matricule": "01204",
    "civilite": "Mme",
    "nom": "Le Bris",
    "prenom": "Claire",
    "date_naissance": "12/04/1986",
    "email": "claire.lebris@rochebrune.example",
    "statut": "titulaire",
    "categorie": "C",
    "filiere": "administrative",
    "fonction": "Chargée d’accueil",
}


class AgentSaisi(BaseModel):
    """The whole record, as it is typed: a date as 12/04/1986 or 1986-04-12, a blank for what is unknown.

    `confirme`: whoever types it has seen those who look like him, and says that he is none of them.
    """

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [EXEMPLE]})

    matricule: Texte = ""
    civilite: Texte = ""
    nom: Texte = ""
    nom_naissance: Texte = ""
    prenom: Texte = ""
    date_naissance: Texte = ""
    email: Texte = ""
    portable: Texte = ""
    statut: Texte = ""
    categorie: Texte = ""
    filiere: Texte = ""
    cadre_emplois: Texte = ""
    grade: Texte = ""
    fonction: Texte = ""
    temps_travail: Texte = ""
    niveau_diplome: Texte = ""
    entree_le: Texte = ""
    sortie_le: Texte = ""
    service_id: UUID | None = None
    superieur_id: UUID | None = None
    confirme: bool = False

    def textes(self) -> dict[str, str]:
        return self.model_dump(exclude={"service_id", "superieur_id", "confirme"})


class DepartSaisi(BaseModel):
    """`le`: first day out of the collectivité. `successeur_id`: who takes what he leads; needed when he leads anything."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"le": "2027-03-01", "motif": "Mutation vers Rennes Métropole"}]})

    le: date
    motif: str = Field(min_length=1, max_length=500)
    successeur_id: UUID | None = None


class ServiceSaisi(BaseModel):
    """A node of the tree. `parent_id` None: at the top."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"code": "ACC", "nom": "Accueil et état civil"}]})

    code: str = Field(max_length=40)
    nom: str = Field(max_length=200)
    parent_id: UUID | None = None
    responsable_id: UUID | None = None
    suppleant_id: UUID | None = None


class ServicePublic(Lue):
    id: UUID
    code: str
    nom: str
    parent_id: UUID | None
    responsable_id: UUID | None
    responsable: str | None
    suppleant_id: UUID | None
    suppleant: str | None
    agents: int
    """How many work in it, those below not counted."""
    etiquette: str


class ChangementPublic(Lue):
    """`details`: what changed, as people read it."""

    survenu_le: datetime
    par: str
    action: str
    motif: str
    details: list[dict[str, str]]


class InterimSaisi(BaseModel):
    """For a person or at the head of a service, from `debut` to `fin` included."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"debut": "2027-07-01", "fin": "2027-07-31", "motif": "Congés"}]}
    )

    service_id: UUID | None = None
    remplace_id: UUID | None = None
    interimaire_id: UUID
    debut: date
    fin: date
    motif: str = Field(default="", max_length=500)


class InterimPublic(Lue):
    """`etat`: a_venir, en_cours, termine or annule."""

    id: UUID
    service_id: UUID | None
    remplace_id: UUID | None
    interimaire_id: UUID
    de: str
    interimaire: str
    debut: date
    fin: date
    motif: str
    etat: str
    cree_par: str
    cree_le: datetime
    annule_par: str | None
    annule_le: datetime | None
