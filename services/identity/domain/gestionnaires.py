"""Who manages a collectivité: the three roles there are, and what becomes of them."""

import unicodedata
from collections.abc import Collection, Sequence
from datetime import date
from enum import StrEnum
from uuid import UUID

from services.contracts.acteur import Role

ROLES_DE_GESTION = (Role.GESTIONNAIRE_PRINCIPAL, Role.GESTIONNAIRE, Role.LECTURE)
"""The foremost first."""


class EtatGestionnaire(StrEnum):
    ACTIF = "actif"
    INVITE = "invite"
    """Has not chosen his password yet."""
    TERMINE = "termine"


def role_de_gestion(roles: Collection[str]) -> Role | None:
    """The foremost role by which someone manages; None when he does not."""
    return next((role for role in ROLES_DE_GESTION if role in roles), None)


def termine(fin: date | None, jour: date) -> bool:
    """`fin` is the first day out."""
    return fin is not None and fin <= jour


def avec_le_role(roles: Sequence[str], role: Role | None) -> list[str]:
    """These roles with that one to manage, and no other; without any when there is None."""
    autres = [autre for autre in roles if autre not in ROLES_DE_GESTION]
    return autres if role is None else [*autres, role]


def services_repris(les_siens: Sequence[UUID], repris: Sequence[UUID]) -> list[UUID]:
    """His services and those he takes over; empty, all of them."""
    if not les_siens or not repris:
        return []
    return list(dict.fromkeys([*les_siens, *repris]))


def meme_nom(un: str, autre: str) -> bool:
    """Whatever the accents, capitals, dashes and spaces."""
    return _lettres(un) == _lettres(autre)


def _lettres(texte: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", texte).casefold() if c.isalpha())
