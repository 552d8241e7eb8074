"""The opening of a collectivité's account, as the API tells it."""

from typing import Any
from uuid import UUID

from pydantic import AwareDatetime, Field

from services.contracts.base import Message
from services.contracts.ouvertures import EtapeOuverture


class FaitOuverture(Message):
    libelle: str
    par: str
    motif: str
    survenu_le: AwareDatetime


class OuvertureResume(Message):
    id: UUID
    siret: str
    nom: str
    etape: EtapeOuverture
    cree_le: AwareDatetime
    depose_le: AwareDatetime | None = None


class Ouverture(OuvertureResume):
    """As its délégation reads it."""

    email: str
    departement: str
    code: str
    codes_expirent_le: AwareDatetime
    dossier: dict[str, Any] = Field(default_factory=dict)
    conditions: str | None = None
    conditions_acceptees_le: AwareDatetime | None = None
    faits: list[FaitOuverture]


class Acces(Message):
    jeton: str
    expire_le: AwareDatetime


class DossierOuverture(Message):
    """As the collectivité reads it."""

    siret: str
    nom: str
    etape: EtapeOuverture
    delegation_nom: str
    codes_expirent_le: AwareDatetime
    dossier: dict[str, Any]
    conditions_en_vigueur: str
    modifiable: bool
    faits: list[FaitOuverture]
