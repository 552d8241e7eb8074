"""The state of a collectivité after its opening."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from services.identity.domain.valeurs import EtatCollectivite
from services.identity.schemas.base import Lue


def _ecrit(motif: str) -> str:
    if not motif.strip():
        raise ValueError("Écrivez le motif\N{NO-BREAK SPACE}: la collectivité le lira.")
    return motif.strip()


class EtatCreate(BaseModel):
    """A change of state and its ground, which the people of the collectivité read."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"etat": "suspendue", "motif": "Fusion de la commune au 1er janvier."}]})

    etat: Literal["operationnelle", "suspendue", "close"]
    motif: Annotated[str, Field(max_length=2000), AfterValidator(_ecrit)]


class ChangementPublic(Lue):
    depuis: EtatCollectivite
    vers: EtatCollectivite
    motif: str
    par: str
    change_le: datetime


class SituationPublique(BaseModel):
    """`possibles`: the states that the reader may give it. `changements`: the newest first."""

    collectivite_id: UUID
    nom: str
    etat: EtatCollectivite
    delegation_nom: str
    delegation_email: str
    possibles: list[EtatCollectivite]
    changements: list[ChangementPublic]
