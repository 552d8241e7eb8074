"""The catalogue as a process: `python -m services.catalogue.main`."""

from fastapi import FastAPI

from services.catalogue import handlers
from services.catalogue.endpoints import router
from services.catalogue.settings import Settings
from services.contracts.topology import consumers_of
from services.kit.app import build_app, serve


def create(settings: Settings) -> FastAPI:
    return build_app(settings, router=router, consumers=consumers_of("catalogue"), events=handlers.EVENTS)


if __name__ == "__main__":
    environment = Settings()
    serve(create(environment), environment)
