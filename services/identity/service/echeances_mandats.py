"""Mandates that begin or end by their dates: nobody acts that day, and the other services must be told all the same."""

import asyncio
from datetime import timedelta

from services.identity.repository import mandats as repository
from services.identity.service.publication import publier_les_changements
from services.kit.background import leave_if_cancelled
from services.kit.clock import day_of, now
from services.kit.context import Context
from services.kit.database import OUTAGES, Database
from services.kit.logs import get_logger

UNE_HEURE = timedelta(hours=1)
RATTRAPAGE = timedelta(days=7)
"""A process that was away longer tells at the next change, whatever it is."""

log = get_logger(__name__)


async def suivre_les_echeances_sans_fin(context: Context) -> None:
    """Every hour until cancelled: publishing again what was told already changes nothing."""
    while True:
        leave_if_cancelled()
        try:
            await publier_les_echeances(context.database)
        except OUTAGES as error:
            log.warning("mandats.interrompu", error=type(error).__name__)
        await asyncio.sleep(UNE_HEURE.total_seconds())


async def publier_les_echeances(database: Database) -> int:
    """Tell who follows the requests of whom, when a mandate began or ended lately; the number of events."""
    jour = day_of(now())
    async with database.transaction() as session:
        if not await repository.ont_commence_ou_fini(session, depuis=jour - RATTRAPAGE, jusqu_a=jour):
            return 0
        return await publier_les_changements(session)
