"""Accounts, as the pages read them: addresses that change, identities elsewhere."""

from uuid import UUID

from pydantic import AwareDatetime

from services.contracts.base import Message


class ChangementEnCours(Message):
    nouvelle: str
    expire_le: AwareDatetime
    nouvelle_confirmee: bool
    ancienne_confirmee: bool
    ancienne_confirmee_par: str


class Adresse(Message):
    """`gestionnaires`: who may confirm in place of a lost mailbox."""

    email: str
    identifiant: str
    identifiant_suit: bool
    gestionnaires: list[str]
    en_cours: ChangementEnCours | None


class LienAdresse(Message):
    usage: str
    nom: str
    identifiant: str
    ancienne: str
    nouvelle: str
    expire_le: AwareDatetime


class Suite(Message):
    """What became of a change of address."""

    suite: str


class ChangementAConfirmer(Message):
    id: UUID
    nom: str
    identifiant: str
    ancienne: str
    nouvelle: str
    nouvelle_confirmee: bool
    demande_le: AwareDatetime
    expire_le: AwareDatetime
