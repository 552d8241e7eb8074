"""The agents whom a gestionnaire may register for a session, and what is written of many at once."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select, text
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from services.contracts.acteur import Acteur
from services.inscriptions.domain.etats import VIVANTS
from services.inscriptions.models import Agent, EntreeJournal, Inscription, Session
from services.kit.bulk import insert_rows


def _geres(acteur: Acteur) -> ColumnElement[bool]:
    """The agents of his collectivité, or of the services he is in charge of."""
    siens = col(Agent.collectivite_id) == acteur.collectivite_id
    return siens & col(Agent.services).bool_op("&&")(list(acteur.services)) if acteur.services else siens


async def agents(session: AsyncSession, acteur: Acteur, ids: Sequence[UUID]) -> dict[UUID, Agent]:
    """Those of these agents whom the acteur is in charge of."""
    requete = select(Agent).where(_geres(acteur), col(Agent.id).in_(ids))
    return {agent.id: agent for agent in (await session.execute(requete)).scalars()}


async def chercher(session: AsyncSession, acteur: Acteur, *, texte: str, service: str, combien: int) -> list[Agent]:
    """Agents in the effectifs whose name holds this text, of this service, by name."""
    requete = select(Agent).where(_geres(acteur), col(Agent.actif))
    if texte:
        noms = (func.concat(Agent.nom, " ", Agent.prenom), func.concat(Agent.prenom, " ", Agent.nom))
        requete = requete.where(or_(*(nom.icontains(texte, autoescape=True) for nom in noms)))
    if service:
        requete = requete.where(col(Agent.service) == service)
    requete = requete.order_by(col(Agent.nom), col(Agent.prenom), col(Agent.id)).limit(combien)
    return list((await session.execute(requete)).scalars())


async def services(session: AsyncSession, acteur: Acteur) -> list[str]:
    """The services that have agents, by name."""
    nom = col(Agent.service)
    requete = select(Agent).where(_geres(acteur), col(Agent.actif), nom != "").with_only_columns(nom).distinct().order_by(nom)
    return list((await session.execute(requete)).scalars())


async def demandes_vivantes(session: AsyncSession, ids: Sequence[UUID]) -> list[tuple[UUID, Session]]:
    """The live requests of these agents, with the session of each."""
    requete = (
        select(Inscription, Session)
        .join(Session, col(Session.id) == col(Inscription.session_id))
        .where(col(Inscription.agent_id).in_(ids), col(Inscription.etat).in_(VIVANTS))
    )
    return [(inscription.agent_id, demandee) for inscription, demandee in (await session.execute(requete)).all()]


async def prochains_numeros(session: AsyncSession, annee: int, combien: int) -> list[str]:
    """`2026-000123`, …: unique over the years, gaps allowed."""
    rangs = await session.execute(text("select nextval('inscriptions_numero') from generate_series(1, :combien)"), {"combien": combien})
    return [f"{annee}-{rang:06d}" for rang in rangs.scalars()]


async def ecrire(session: AsyncSession, inscriptions: Sequence[dict[str, Any]], journal: Sequence[dict[str, Any]]) -> None:
    """Requests and their first lines of journal: two statements whatever their number."""
    await insert_rows(session, Inscription, inscriptions)
    await insert_rows(session, EntreeJournal, journal)
