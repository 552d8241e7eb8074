"""Mandates, as both sides read and propose them."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.identity.domain.mandats import Acte, Cote, EtatMandat, Objet
from services.identity.formes import Siret
from services.identity.schemas.base import Lue


class MandatCreate(BaseModel):
    """A proposal to the collectivité of this SIRET. `cote` is what the one who proposes is; `fin` is the first day out."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"siret": "200 034 528 00014", "cote": "mandant", "debut": "2027-01-01", "fin": None, "portee": ["demandes"]}]
        }
    )

    siret: Siret
    cote: Cote
    debut: date
    fin: date | None = None
    portee: list[Objet] = Field(min_length=1, max_length=3)


class ActeCreate(BaseModel):
    model_config = ConfigDict(json_schema_extra={"examples": [{"acte": "accepter", "motif": ""}]})

    acte: Acte
    motif: str = Field(default="", max_length=2000)


class CollectiviteTrouvee(Lue):
    """Enough to recognise it, and nothing more."""

    siret: str
    nom: str
    ville: str


class FaitMandat(BaseModel):
    """What happened to it: by whom, when, why."""

    libelle: str
    par: str
    le: datetime
    motif: str = ""


class MandatPublic(BaseModel):
    """`cote` is that of the reader, None for the organisme; `actes` are what he may do now."""

    id: UUID
    mandant: CollectiviteTrouvee
    mandataire: CollectiviteTrouvee
    debut: date
    fin: date | None
    portee: list[Objet]
    etat: EtatMandat
    cote: Cote | None
    actes: list[Acte]
    faits: list[FaitMandat]
