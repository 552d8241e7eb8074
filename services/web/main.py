"""The web UI: `python -m services.web.main`."""

import sys

import httpx
from fastapi import APIRouter, FastAPI

from services.kit.app import build_app, serve
from services.kit.french import NBSP
from services.web.acces import Web
from services.web.client import Api
from services.web.clients.base import nouveau_client
from services.web.coffre import Coffre, CoffreNats
from services.web.erreurs import installer_les_erreurs
from services.web.pages import (
    accessibilite,
    accueil,
    accueil_session,
    activation,
    adresse,
    adresses_a_confirmer,
    agents,
    avis,
    circuit,
    collectivite,
    collectivites,
    conditions,
    connexion,
    connexion_second_facteur,
    connexion_tiers,
    copies,
    demarrage,
    documents,
    gestionnaires,
    identifiants,
    imports,
    inscriptions,
    inscrire,
    interims,
    mandats,
    mon_compte,
    mon_dossier,
    mot_de_passe,
    organisation,
    ouverture,
    ouvertures,
    second_facteur,
    securite_collectivite,
    securite_organisme,
    services,
    sessions,
    verification,
)
from services.web.rendu import STATIQUE, Statique
from services.web.securite import EntetesDeSecurite
from services.web.session import Sessions
from services.web.settings import Settings
from services.web.tiers import TiersConnu

PAGES = (
    accueil,
    connexion,
    connexion_second_facteur,
    activation,
    mot_de_passe,
    mon_compte,
    second_facteur,
    securite_collectivite,
    securite_organisme,
    connexion_tiers,
    adresse,
    adresses_a_confirmer,
    sessions,
    inscrire,
    accueil_session,
    inscriptions,
    avis,
    circuit,
    collectivite,
    copies,
    gestionnaires,
    demarrage,
    identifiants,
    documents,
    agents,
    services,
    interims,
    mon_dossier,
    imports,
    collectivites,
    mandats,
    organisation,
    ouvertures,
    ouverture,
    conditions,
    verification,
    accessibilite,
)


def create_app(settings: Settings, transport: httpx.AsyncBaseTransport | None = None, coffre: Coffre | None = None) -> FastAPI:
    """The pages. `transport` carries the calls to the APIs and `coffre` keeps the sessions, the network's and NATS's by default."""
    router = APIRouter(include_in_schema=False)
    for topic in PAGES:
        router.include_router(topic.router)
    app = build_app(settings, router=router)
    app.state.web = assembler(settings, coffre or CoffreNats(app.state.context.bus), transport)
    app.mount("/static", Statique(directory=STATIQUE))
    app.add_middleware(EntetesDeSecurite)
    installer_les_erreurs(app)
    return app


def assembler(settings: Settings, coffre: Coffre, transport: httpx.AsyncBaseTransport | None) -> Web:
    api = Api(nouveau_client(settings.api_url, transport))
    return Web(settings=settings, api=api, sessions=Sessions(coffre), tiers=TiersConnu(api))


if __name__ == "__main__":
    if not (STATIQUE / "vendor").is_dir():
        commandes = f"«{NBSP}npm ci{NBSP}», puis «{NBSP}python -m services.web.build_static{NBSP}»"
        sys.exit(f"Les fichiers des pages manquent{NBSP}: lancez {commandes}.")
    settings = Settings()
    serve(create_app(settings), settings)
