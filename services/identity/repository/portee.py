"""What a `Portee` lets one read, as conditions every query takes; and how lists are searched and cut into pages."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, false, func, or_, true
from sqlalchemy import select as sa_select
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from services.identity.domain.portee import Portee
from services.identity.domain.valeurs import GenreStructure
from services.identity.models import Agent, Collectivite, Service, Structure


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
        siens = (col(Agent.collectivite_id) == portee.collectivite) & col(Agent.anonymise_le).is_(None)
        permis.append(siens & col(Agent.service_id).in_(_et_en_dessous(portee)) if portee.services else siens)
    if portee.agent is not None:
        permis.append(col(Agent.id) == portee.agent)
    return or_(*permis)


def services_visibles(portee: Portee) -> ColumnElement[bool]:
    """The services of one's agents, and those below."""
    if portee.collectivite is None or not portee.agents_de_la_collectivite:
        return false()
    siens = col(Service.collectivite_id) == portee.collectivite
    return siens & col(Service.id).in_(_et_en_dessous(portee)) if portee.services else siens


def _et_en_dessous(portee: Portee) -> Select[tuple[UUID]]:
    """The services one is narrowed to and all those below them; UNION ends a loop in the data."""
    racines = select(col(Service.id)).where(col(Service.id).in_(portee.services), col(Service.collectivite_id) == portee.collectivite)
    couverts = racines.cte("services_couverts", recursive=True)
    dessous = aliased(Service)
    couverts = couverts.union(sa_select(col(dessous.id)).join(couverts, col(dessous.parent_id) == couverts.c.id))
    return sa_select(couverts.c.id)


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
