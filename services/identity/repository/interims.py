"""Who stands in for whom."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_
from sqlalchemy import select as sa_select
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identity.domain.portee import Portee
from services.identity.models import Agent, Interim, Service
from services.identity.repository.portee import agents_visibles, services_visibles

Ligne = tuple[Interim, str, str]
"""An intérim, the name of what or whom it replaces, the name of who stands in."""


async def lister(session: AsyncSession, portee: Portee, taille: int, interim_id: UUID | None = None) -> Sequence[Ligne]:
    """Those that end last first, over the services and people one may see; or that one."""
    remplace, interimaire = aliased(Agent), aliased(Agent)
    de = func.coalesce(col(Service.nom), func.concat_ws(" ", remplace.prenom, remplace.nom))
    requete = (
        sa_select(Interim, de, func.concat_ws(" ", interimaire.prenom, interimaire.nom))
        .join(interimaire, col(interimaire.id) == col(Interim.interimaire_id))
        .join(Service, col(Service.id) == col(Interim.service_id), isouter=True)
        .join(remplace, col(remplace.id) == col(Interim.remplace_id), isouter=True)
        .where(
            col(Interim.collectivite_id) == portee.collectivite,
            or_(
                col(Interim.service_id).in_(sa_select(col(Service.id)).where(services_visibles(portee))),
                col(Interim.remplace_id).in_(sa_select(col(Agent.id)).where(agents_visibles(portee))),
            ),
        )
        .order_by(col(Interim.fin).desc(), col(Interim.id))
        .limit(taille)
    )
    if interim_id is not None:
        requete = requete.where(col(Interim.id) == interim_id)
    return [(ligne[0], ligne[1], ligne[2]) for ligne in (await session.execute(requete)).all()]


async def en_meme_temps(session: AsyncSession, interim: Interim) -> Interim | None:
    """Another for the same service or person over some of the same days."""
    remplace = Interim.service_id == interim.service_id if interim.service_id is not None else Interim.remplace_id == interim.remplace_id
    requete = select(Interim).where(
        Interim.collectivite_id == interim.collectivite_id, remplace, *_pendant(interim.debut, interim.fin), Interim.id != interim.id
    )
    return (await session.exec(requete.limit(1))).first()


async def remplace_pendant(session: AsyncSession, collectivite_id: UUID, agent_id: UUID, debut: date, fin: date) -> Interim | None:
    """An intérim that says this agent away on one of these days."""
    requete = select(Interim).where(Interim.collectivite_id == collectivite_id, Interim.remplace_id == agent_id, *_pendant(debut, fin))
    return (await session.exec(requete.limit(1))).first()


def _pendant(debut: date, fin: date) -> tuple[ColumnElement[bool], ...]:
    return col(Interim.annule_le).is_(None), col(Interim.debut) <= fin, col(Interim.fin) >= debut
