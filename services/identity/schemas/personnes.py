"""What a person reads of himself, and asks to correct."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.identity.schemas.base import Lue
from services.identity.schemas.fiches import ChangementPublic


class EmploiPublic(Lue):
    agent_id: UUID
    collectivite: str
    service: str | None
    fonction: str
    entree_le: date | None
    sortie_le: date | None
    actif: bool


class LecturePublique(Lue):
    """`quoi`: fiche or amenagement. `nombre`: how many times that day."""

    lecteur: str
    quoi: str
    jour: date
    nombre: int
    derniere_le: datetime


class CorrectionDemandee(BaseModel):
    """`champ`: the name of the field; `valeur`: what should stand there."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"champ": "nom", "valeur": "Le Bris-Quéré"}]})

    champ: str = Field(max_length=40)
    valeur: str = Field(min_length=1, max_length=200)
    precisions: str = Field(default="", max_length=1000)


class ReponseCorrection(BaseModel):
    """`faite`: the record was corrected; else `reponse` says why not."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"faite": True, "reponse": ""}]})

    faite: bool
    reponse: str = Field(default="", max_length=1000)


class CorrectionPublique(Lue):
    """`etat`: demandee, faite or refusee."""

    id: UUID
    champ: str
    libelle: str
    valeur: str
    precisions: str
    etat: str
    demandee_le: datetime
    traitee_le: datetime | None
    traitee_par: str | None
    reponse: str


class CorrectionATraiter(CorrectionPublique):
    agent_id: UUID
    agent: str


class ChampLu(BaseModel):
    champ: str
    libelle: str
    valeur: str


class DossierPublic(BaseModel):
    """`champs`: the record of the employment he acts in. `autres`: records elsewhere that may be his."""

    agent_id: UUID
    champs: list[ChampLu]
    emplois: list[EmploiPublic]
    autres: list[EmploiPublic]
    besoin: str
    lectures: list[LecturePublique]
    corrections: list[CorrectionPublique]
    changements: list[ChangementPublic]


class AmenagementEcrit(BaseModel):
    """What is needed to follow a training, never the diagnosis."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"besoin": "Salle accessible en fauteuil roulant."}]})

    besoin: str = Field(default="", max_length=1000)
