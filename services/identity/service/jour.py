"""The turn of the day, at midnight in Paris: who leaves, who stands in, who acts for another, what is no longer to be kept."""

import asyncio
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.identity.domain.fiches import Objet
from services.identity.repository import departs as repository_departs
from services.identity.repository import jour as repository
from services.identity.repository.publication import verrouiller
from services.identity.service.departs import faire_partir
from services.identity.service.fiches import tracer
from services.identity.service.publication import publier_la_collectivite
from services.identity.settings import Settings
from services.kit.background import leave_if_cancelled
from services.kit.clock import PARIS, day_of, now
from services.kit.context import Context
from services.kit.database import OUTAGES, Database
from services.kit.logs import get_logger

PLUS_LONG_SOMMEIL = timedelta(minutes=5)
"""A machine may have slept, or its clock been set: midnight is looked for again."""

log = get_logger(__name__)


async def tourner_les_jours_sans_fin(context: Context) -> None:
    """Do each day what it asks, as soon as it has begun, until cancelled."""
    while True:
        leave_if_cancelled()
        try:
            await faire_le_jour(context.database, day_of(now()), context.settings_as(Settings))
        except OUTAGES as error:
            log.warning("jour.interrompu", error=type(error).__name__)
        await asyncio.sleep(avant_minuit(now()).total_seconds())


def avant_minuit(maintenant: datetime) -> timedelta:
    """How long until tomorrow has begun in Paris, and no longer than a few minutes."""
    demain = day_of(maintenant) + timedelta(days=1)
    minuit = datetime(demain.year, demain.month, demain.day, tzinfo=PARIS)
    return min(minuit - maintenant, PLUS_LONG_SOMMEIL)


async def faire_le_jour(database: Database, jour: date, settings: Settings) -> bool:
    """Once a day, whichever process comes first; all of it or nothing, so that a restart begins again. False when it was done."""
    async with database.transaction() as session:
        if not await repository.commencer(session, jour, now()):
            return False
        partis = await _faire_partir(session, jour)
        touchees = partis | await repository.collectivites_d_interim(session, jour) | await repository.mandants_du_jour(session, jour)
        for collectivite_id in sorted(touchees):
            leave_if_cancelled()
            await publier_la_collectivite(session, collectivite_id)
        await oublier(session, jour, settings)
    log.info("jour.fait", jour=jour.isoformat(), collectivites=len(touchees))
    return True


async def oublier(session: AsyncSession, jour: date, settings: Settings) -> None:
    """What has served its time: the table stands in docs/adr/0010-ce-que-l-on-garde.md."""
    maintenant = now()
    await repository.oublier_les_amenagements(session)
    await repository.oublier_les_lignes_d_import(session, maintenant - settings.conservation_imports)
    await repository.oublier_les_lectures(session, jour - settings.conservation_lectures)
    await repository.oublier_les_courriels(session, maintenant - settings.conservation_courriels)
    for agent in await repository.a_anonymiser(session, jour - settings.conservation_agents):
        leave_if_cancelled()
        await verrouiller(session, agent.collectivite_id)
        await repository.anonymiser(session, agent, maintenant)
        tracer(session, None, Objet.AGENT, agent.id, "anonymisation", collectivite_id=agent.collectivite_id)
        await session.flush()
        await publier_la_collectivite(session, agent.collectivite_id)


async def _faire_partir(session: AsyncSession, jour: date) -> set[UUID]:
    partis: set[UUID] = set()
    for agent in await repository_departs.sortants(session, jour):
        leave_if_cancelled()
        await verrouiller(session, agent.collectivite_id)
        await faire_partir(session, agent)
        partis.add(agent.collectivite_id)
    return partis
