"""NATS: requests identity answers."""

from collections.abc import Mapping
from typing import Any

from services.contracts.identity import Courriel, LireCourriel
from services.contracts.ouvertures import AbandonnerOuverture, RappelerOuverture, RendreOperationnelle, SuivreOuverture, TrancherOuverture
from services.identity.service import courriels, suivi_ouvertures
from services.identity.settings import Settings
from services.kit.context import Context
from services.kit.requests import RequestHandler, in_transaction


async def lire_courriel(context: Context, demande: LireCourriel) -> Courriel:
    settings = context.settings_as(Settings)
    async with context.database.transaction() as session:
        return await courriels.lire(session, demande, public_url=settings.public_url, cles=settings.cles_des_liens)


REQUESTS: Mapping[Any, RequestHandler] = {
    LireCourriel: lire_courriel,
    SuivreOuverture: in_transaction(suivi_ouvertures.suivre),
    RappelerOuverture: in_transaction(suivi_ouvertures.rappeler),
    TrancherOuverture: in_transaction(suivi_ouvertures.trancher),
    AbandonnerOuverture: in_transaction(suivi_ouvertures.abandonner),
    RendreOperationnelle: in_transaction(suivi_ouvertures.rendre_operationnelle),
}
