"""The service notifications: `python -m services.notifications.main`."""

from fastapi import FastAPI

from services.contracts.topology import consumers_of
from services.kit.app import build_app, serve
from services.notifications import endpoints, handlers
from services.notifications.envoi import envoyer_sans_fin
from services.notifications.settings import Settings


def create_app(settings: Settings) -> FastAPI:
    return build_app(
        settings,
        router=endpoints.router,
        consumers=consumers_of("notifications"),
        events=handlers.EVENTS,
        requests=handlers.REQUESTS,
        tasks=[envoyer_sans_fin],
    )


if __name__ == "__main__":
    settings = Settings()
    serve(create_app(settings), settings)
