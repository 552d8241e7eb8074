"""The tree of services of a collectivité."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlalchemy import select as sa_select
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identity.domain.portee import Portee
from services.identity.models import Agent, Interim, Service
from services.identity.repository.portee import services_visibles

Ligne = tuple[Service, str | None, str | None, int]
"""A service, the names of its responsable and of his deputy, how many work in it."""


async def services(session: AsyncSession, portee: Portee) -> Sequence[Ligne]:
    responsable, suppleant = aliased(Agent), aliased(Agent)
    en_poste = sa_select(func.count()).where(col(Agent.service_id) == col(Service.id), col(Agent.actif))
    requete = (
        sa_select(Service, _nom(responsable), _nom(suppleant), en_poste.correlate(Service).scalar_subquery())
        .join(responsable, col(responsable.id) == col(Service.responsable_id), isouter=True)
        .join(suppleant, col(suppleant.id) == col(Service.suppleant_id), isouter=True)
        .where(services_visibles(portee))
        .order_by(col(Service.nom), col(Service.id))
    )
    return [(ligne[0], ligne[1], ligne[2], ligne[3]) for ligne in (await session.execute(requete)).all()]


async def de_ce_code(session: AsyncSession, collectivite_id: UUID, code: str, sauf: UUID | None) -> Service | None:
    requete = select(Service).where(Service.collectivite_id == collectivite_id, func.lower(Service.code) == code.lower())
    trouve = (await session.exec(requete.limit(1))).one_or_none()
    return trouve if trouve is None or trouve.id != sauf else None


async def parents(session: AsyncSession, collectivite_id: UUID) -> dict[UUID, UUID | None]:
    requete = select(col(Service.id), Service.parent_id).where(Service.collectivite_id == collectivite_id)
    return dict((await session.exec(requete)).all())


async def occupants(session: AsyncSession, service_id: UUID) -> tuple[int, int]:
    """How many agents were ever put in it and still are, and how many services stand under it."""
    agents = (await session.exec(select(func.count()).select_from(Agent).where(Agent.service_id == service_id))).one()
    dessous = (await session.exec(select(func.count()).select_from(Service).where(Service.parent_id == service_id))).one()
    return agents, dessous


async def a_eu_un_interim(session: AsyncSession, service_id: UUID) -> bool:
    return (await session.exec(select(Interim.id).where(Interim.service_id == service_id).limit(1))).first() is not None


def _nom(agent: type[Agent]) -> Any:
    return func.nullif(func.concat_ws(" ", agent.prenom, agent.nom), "")
