"""The identity process: `python -m services.identity.main`."""

from fastapi import FastAPI

from services.identity import endpoints, handlers
from services.identity.oidc.fournisseur import Fournisseur
from services.identity.service.jour import tourner_les_jours_sans_fin
from services.identity.service.travail_imports import traiter_les_imports_sans_fin
from services.identity.settings import Settings
from services.identity.trousseau import Trousseau
from services.kit.app import build_app, serve


def create_app(settings: Settings) -> FastAPI:
    tasks = [traiter_les_imports_sans_fin, tourner_les_jours_sans_fin]
    app = build_app(settings, router=endpoints.router, requests=handlers.REQUESTS, tasks=tasks)
    app.state.trousseau = Trousseau.ouvrir(settings.jwt_keys_file, settings.duree_acces)
    app.state.fournisseur = Fournisseur(settings.oidc) if settings.oidc else None
    return app


if __name__ == "__main__":
    settings = Settings()
    serve(create_app(settings), settings)
