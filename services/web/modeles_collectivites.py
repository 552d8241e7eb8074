"""Collectivités as the API tells them."""

from enum import StrEnum
from uuid import UUID

from pydantic import AwareDatetime

from services.contracts.base import Message


class EtatCollectivite(StrEnum):
    OPERATIONNELLE = "operationnelle"
    SUSPENDUE = "suspendue"
    CLOSE = "close"
    EN_OUVERTURE = "en_ouverture"


class CollectiviteResume(Message):
    id: UUID
    siret: str
    nom: str
    nature: str
    departement: str
    ville: str
    etat: EtatCollectivite


class Collectivite(CollectiviteResume):
    code_insee: str
    effectif: int
    adresse: str
    code_postal: str
    email: str
    autorite_nom: str
    autorite_qualite: str


class ChangementEtat(Message):
    depuis: EtatCollectivite
    vers: EtatCollectivite
    motif: str
    par: str
    change_le: AwareDatetime


class Situation(Message):
    """The state of a collectivité, how it came to it (the newest first), and the states that the reader may give it."""

    nom: str
    etat: EtatCollectivite
    delegation_nom: str
    delegation_email: str
    possibles: list[EtatCollectivite]
    changements: list[ChangementEtat]

    @property
    def travaille(self) -> bool:
        return self.etat is EtatCollectivite.OPERATIONNELLE
