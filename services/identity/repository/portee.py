"""What a `Portee` lets one read, as conditions every query takes; and how lists are searched and cut into pages."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, false, func, or_, true
from sqlmodel import col, select

from services.identity.domain.portee import Portee
from services.identity.domain.valeurs import GenreStructure
from services.identity.models import Agent, Collectivite, Structure


def collectivites_visibles(portee: Portee) -> ColumnElement[bool]:
    if portee.organisme:
        return true()
    permis: list[ColumnElement[bool]] = [false()]
    if portee.collectivite is not None:
        permis.append(col(Collectivite.id) == portee.collectivite)
    if portee.structure is not None:
        national = select(Structure.code).where(Structure.code == portee.structure, Structure.genre == GenreStructure.INSTITUT)
        permis.append(or_(col(Collectivite.delegation) == portee.structure, national.exists()))
    return or_(*permis)


def agents_visibles(portee: Portee) -> ColumnElement[bool]:
    permis: list[ColumnElement[bool]] = [false()]
    if portee.collectivite is not None and portee.agents_de_la_collectivite:
        permis.append(col(Agent.collectivite_id) == portee.collectivite)
    if portee.agent is not None:
        permis.append(col(Agent.id) == portee.agent)
    return or_(*permis)


@dataclass(frozen=True)
class Tranche:
    """Where a page begins (after this `recherche`, id) and how many rows it may hold."""

    apres: tuple[str, UUID] | None
    taille: int


def mots(recherche: Any, q: str) -> list[ColumnElement[bool]]:
    """Every word of `q` is in the row, whatever the accents and capitals."""
    return [recherche.contains(func.sans_accents(_sans_joker(mot)), escape="\\") for mot in q.split()]


def _sans_joker(mot: str) -> str:
    return mot.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
