"""What the other services are told of."""

from collections.abc import Collection, Sequence

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identity.models import Agent, Collectivite, Compte, Service


async def collectivites_a_publier(session: AsyncSession) -> Sequence[Collectivite]:
    """All, locked in a steady order: one publication at a time counts versions."""
    return (await session.exec(select(Collectivite).order_by(col(Collectivite.id)).with_for_update())).all()


async def gestionnaires(session: AsyncSession, roles: Collection[str]) -> Sequence[Compte]:
    """The active accounts that hold one of `roles` in a collectivité, in alphabetical order."""
    requete = select(Compte).where(col(Compte.collectivite_id).is_not(None), Compte.actif, col(Compte.roles).bool_op("&&")(list(roles)))
    return (await session.exec(requete.order_by(Compte.nom, Compte.prenom, col(Compte.id)))).all()


async def services(session: AsyncSession) -> Sequence[Service]:
    return (await session.exec(select(Service))).all()


async def agents_a_publier(session: AsyncSession) -> Sequence[Agent]:
    return (await session.exec(select(Agent).order_by(col(Agent.collectivite_id), Agent.nom, Agent.prenom))).all()
