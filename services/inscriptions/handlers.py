"""NATS: events this service keeps, requests it answers."""

from collections.abc import Mapping
from typing import Any

from services.contracts.catalogue import SessionEnregistree
from services.contracts.identity import AgentEnregistre, CollectiviteEnregistree
from services.contracts.inscriptions import (
    AppliquerDecision,
    ConstaterAvisNonRendu,
    Convoquer,
    DemanderAvis,
    Dossier,
    Expirer,
    LireDossier,
    NoterRelance,
    OuvrirCircuit,
    PasserEtape,
)
from services.inscriptions.service import avis, circuit, decisions, dossier, projections
from services.inscriptions.settings import Settings
from services.kit.consumer import Handler
from services.kit.context import Context
from services.kit.requests import RequestHandler, in_transaction

EVENTS: Mapping[Any, Handler] = {
    CollectiviteEnregistree: projections.retenir_collectivite,
    AgentEnregistre: projections.retenir_agent,
    SessionEnregistree: projections.retenir_session,
}


async def lire_dossier(context: Context, request: LireDossier) -> Dossier:
    settings = context.settings_as(Settings)
    async with context.database.transaction() as session:
        return await dossier.lire(session, request, public_url=settings.public_url, cles=settings.cles_avis)


REQUESTS: Mapping[Any, RequestHandler] = {
    OuvrirCircuit: in_transaction(circuit.ouvrir),
    PasserEtape: in_transaction(circuit.passer_etape),
    DemanderAvis: in_transaction(avis.demander),
    NoterRelance: in_transaction(avis.relancer),
    ConstaterAvisNonRendu: in_transaction(avis.constater_non_rendu),
    AppliquerDecision: in_transaction(decisions.appliquer_decision),
    Expirer: in_transaction(circuit.expirer),
    Convoquer: in_transaction(circuit.convoquer),
    LireDossier: lire_dossier,
}
