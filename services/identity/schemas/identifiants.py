"""The form of the identifiants of a collectivité."""

from pydantic import BaseModel, ConfigDict, Field

from services.identity.domain.identifiants import FormeIdentifiants
from services.identity.schemas.base import Lue


class RegleIdentifiants(Lue):
    """`prefixe` goes with matricules only."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"examples": [{"forme": "matricule", "prefixe": "roc-"}]})

    forme: FormeIdentifiants
    prefixe: str = Field(default="", max_length=20)


class LigneApercu(Lue):
    nom: str
    actuel: str
    nouveau: str


class ApercuPublic(Lue):
    total: int
    changent: int
    lignes: list[LigneApercu]


class ApplicationPublique(BaseModel):
    """How many accounts have another identifiant now."""

    changes: int
