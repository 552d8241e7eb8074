"""Second factors, as the pages read them."""

from typing import Any
from uuid import UUID

from pydantic import AwareDatetime

from services.contracts.base import Message


class Cle(Message):
    """A passkey."""

    id: UUID
    nom: str
    cree_le: AwareDatetime
    vue_le: AwareDatetime | None


class SecondFacteur(Message):
    totp_depuis: AwareDatetime | None
    cles: list[Cle]
    codes_restants: int
    attendu: bool


class TotpAEnregistrer(Message):
    secret: str
    adresse: str


class CodesDeSecours(Message):
    codes: list[str]


class Epreuve(Message):
    """What the browser hands to a passkey."""

    id: UUID
    options: dict[str, Any]


class ExigenceStructure(Message):
    code: str
    nom: str
    second_facteur_exige: bool


class Secours(Message):
    """Who was helped."""

    nom: str


class Exigence(Message):
    exige: bool
