"""What the other services are told of."""

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identity.domain.valeurs import EtatCollectivite
from services.identity.models import Agent, Appartenance, Collectivite, Compte, Service


async def collectivites_a_publier(session: AsyncSession) -> Sequence[Collectivite]:
    """All that ever worked, locked in a steady order: one publication at a time counts versions."""
    requete = select(Collectivite).where(Collectivite.etat != EtatCollectivite.EN_OUVERTURE).order_by(col(Collectivite.id))
    return (await session.exec(requete.with_for_update())).all()


async def gestionnaires(session: AsyncSession, roles: Collection[str], jour: date) -> Sequence[tuple[UUID, Compte, UUID | None]]:
    """Who holds one of `roles` in a collectivité on that day: it, the account, the agent he is there; in alphabetical order."""
    requete = (
        select(col(Appartenance.collectivite_id), Compte, col(Appartenance.agent_id))
        .join(Compte, col(Compte.id) == col(Appartenance.compte_id))
        .where(
            col(Appartenance.collectivite_id).is_not(None),
            Compte.actif,
            col(Appartenance.roles).bool_op("&&")(list(roles)),
            col(Appartenance.debut) <= jour,
            or_(col(Appartenance.fin).is_(None), col(Appartenance.fin) > jour),
        )
    )
    return (await session.exec(requete.order_by(Compte.nom, Compte.prenom, col(Compte.id)))).all()  # type: ignore[return-value]


async def services(session: AsyncSession) -> Sequence[Service]:
    return (await session.exec(select(Service))).all()


async def agents_a_publier(session: AsyncSession) -> Sequence[Agent]:
    return (await session.exec(select(Agent).order_by(col(Agent.collectivite_id), Agent.nom, Agent.prenom))).all()
