"""The service inscriptions: `python -m services.inscriptions.main`."""

from fastapi import FastAPI

from services.contracts.topology import consumers_of
from services.inscriptions import endpoints, handlers
from services.inscriptions.settings import Settings
from services.kit.app import build_app, serve


def create_app(settings: Settings) -> FastAPI:
    return build_app(
        settings,
        router=endpoints.router,
        consumers=consumers_of("inscriptions"),
        events=handlers.EVENTS,
        requests=handlers.REQUESTS,
    )


if __name__ == "__main__":
    settings = Settings()
    serve(create_app(settings), settings)
