"""The address of an account, and its change."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.identity.domain.adresses import Reponse
from services.identity.domain.liens import UsageLien
from services.identity.formes import Courriel


class ChangementDemande(BaseModel):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"nouvelle": "claire.lebris@mairie.example", "mot_de_passe": "Demonstration2026!"}]}
    )

    nouvelle: Courriel = Field(max_length=254)
    mot_de_passe: str = Field(min_length=1, max_length=500)


class ChangementEnCours(BaseModel):
    """Both addresses must have confirmed before it expires. `ancienne_confirmee_par` names who answered for the old one."""

    nouvelle: str
    demande_le: datetime
    expire_le: datetime
    nouvelle_confirmee: bool
    ancienne_confirmee: bool
    ancienne_confirmee_par: str


class AdressePublique(BaseModel):
    """`identifiant_suit`: the identifiant is the address, and changes with it. `gestionnaires` may confirm for a lost mailbox."""

    email: str
    identifiant: str
    identifiant_suit: bool
    gestionnaires: list[str]
    en_cours: ChangementEnCours | None


class LienAdressePublic(BaseModel):
    """What a link asks, shown before anything is answered. `ancienne` only to the old mailbox: the new one may be a stranger's."""

    usage: UsageLien
    nom: str
    identifiant: str
    ancienne: str | None
    nouvelle: str
    expire_le: datetime


class ReponseAdresse(BaseModel):
    model_config = ConfigDict(json_schema_extra={"examples": [{"reponse": "confirmer"}]})

    reponse: Reponse


class SuitePublique(BaseModel):
    """What became of the change: `attend_l_autre`, or how it ended."""

    suite: str


class ChangementAConfirmer(BaseModel):
    """A change in the gestionnaire's collectivité that waits for the old mailbox."""

    id: UUID
    nom: str
    identifiant: str
    ancienne: str
    nouvelle: str
    nouvelle_confirmee: bool
    demande_le: datetime
    expire_le: datetime


class ConfirmationCreate(BaseModel):
    """`motif`: how the gestionnaire knows that it is really him who asks."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"motif": "Vue dans mon bureau, boîte fermée le 1er mars."}]})

    motif: str = Field(min_length=5, max_length=500)
