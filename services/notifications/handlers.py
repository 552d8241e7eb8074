"""NATS: events this service consumes, requests it answers."""

from collections.abc import Mapping
from typing import Any

from services.contracts.base import Fait
from services.contracts.identity import CourrielDemande
from services.contracts.inscriptions import Dossier, LireDossier
from services.contracts.notifications import DeposerMessage
from services.kit.consumer import Handler
from services.kit.context import Context
from services.kit.requests import RequestHandler
from services.notifications import service


async def deposer_message(context: Context, request: DeposerMessage) -> Fait:
    dossier: Dossier = await context.bus.request(LireDossier(inscription_id=request.inscription_id))
    async with context.database.transaction() as session:
        return await service.deposer(session, request, dossier)


EVENTS: Mapping[Any, Handler] = {CourrielDemande: service.deposer_pour_un_compte}
REQUESTS: Mapping[Any, RequestHandler] = {DeposerMessage: deposer_message}
