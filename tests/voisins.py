"""A service on the bus, standing for the real one beside the service under test: its own name, its own allow-list."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from services.kit.bus import Bus
from services.kit.context import Context
from services.kit.requests import RequestHandler, RequestServer
from services.kit.settings import ServiceSettings
from tests.servers import NatsServer


def reglages(nats: NatsServer, service: str) -> ServiceSettings:
    return ServiceSettings(
        service=service, port=1, jwks_url="http://127.0.0.1:1", public_url="http://localhost:8080", **nats.login(service).__dict__
    )


@asynccontextmanager
async def voisin(nats: NatsServer, service: str, reponses: Mapping[Any, RequestHandler]) -> AsyncIterator[Bus]:
    """Answers what is asked of it until the block ends; its bus asks others."""
    settings = reglages(nats, service)
    bus = Bus(settings)
    await bus.connect()
    serveur = RequestServer(Context(settings, bus), reponses)
    await serveur.start()
    try:
        yield bus
    finally:
        await serveur.stop()
        await bus.close()
