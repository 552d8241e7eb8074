"""Structures, collectivités and agents, as people read them."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, tuple_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identity.domain.portee import Portee
from services.identity.domain.valeurs import EtatCollectivite
from services.identity.models import Agent, Collectivite, Service, Structure
from services.identity.repository.portee import Tranche, agents_visibles, collectivites_visibles, mots


async def structures(session: AsyncSession) -> Sequence[Structure]:
    """All of them, délégations first: they are public."""
    return (await session.exec(select(Structure).order_by(Structure.genre, func.sans_accents(Structure.nom)))).all()


async def structure(session: AsyncSession, code: str) -> Structure | None:
    return await session.get(Structure, code)


async def collectivites(
    session: AsyncSession, portee: Portee, q: str, tranche: Tranche, etat: EtatCollectivite | None = None
) -> Sequence[Collectivite]:
    requete = select(Collectivite).where(collectivites_visibles(portee), *mots(col(Collectivite.recherche), q))
    if etat is not None:
        requete = requete.where(Collectivite.etat == etat)
    if tranche.apres is not None:
        requete = requete.where(tuple_(col(Collectivite.recherche), col(Collectivite.id)) > tranche.apres)
    return (await session.exec(requete.order_by(Collectivite.recherche, col(Collectivite.id)).limit(tranche.taille))).all()


async def collectivite(session: AsyncSession, portee: Portee, identifiant: UUID) -> Collectivite | None:
    requete = select(Collectivite).where(Collectivite.id == identifiant, collectivites_visibles(portee))
    return (await session.exec(requete)).one_or_none()


async def agents(session: AsyncSession, portee: Portee, q: str, tranche: Tranche) -> Sequence[tuple[Agent, str | None]]:
    """Agents, each with the name of his service."""
    requete = (
        select(Agent, col(Service.nom))
        .join(Service, col(Service.id) == Agent.service_id, isouter=True)
        .where(agents_visibles(portee), *mots(col(Agent.recherche), q))
    )
    if tranche.apres is not None:
        requete = requete.where(tuple_(col(Agent.recherche), col(Agent.id)) > tranche.apres)
    return (await session.exec(requete.order_by(Agent.recherche, col(Agent.id)).limit(tranche.taille))).all()


async def agent(session: AsyncSession, portee: Portee, identifiant: UUID) -> Agent | None:
    return (await session.exec(select(Agent).where(Agent.id == identifiant, agents_visibles(portee)))).one_or_none()
