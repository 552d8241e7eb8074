"""Streams and durable consumers, as data: `deploy/provision.py` makes them, the consumer loops bind to them."""

from dataclasses import dataclass, field

STREAMS: dict[str, tuple[str, ...]] = {
    "IDENTITY": ("identity.v1.>",),
    "CATALOGUE": ("catalogue.v1.>",),
    "INSCRIPTIONS": ("inscriptions.v1.>",),
    "DOCUMENTS": ("documents.v1.>",),
    "NOTIFICATIONS": ("notifications.v1.>",),
}

DEAD_LETTERS = "DEAD_LETTERS"
"""Stream of the advisories that NATS raises when it gives a message up."""

WEB_SESSIONS = "web_sessions"
"""Key-value bucket of the web UI's server-side sessions."""


@dataclass(frozen=True)
class Consumer:
    """A durable pull consumer of `service` on `stream`, named `<service>-<stream>` in lower case."""

    service: str
    stream: str
    filters: tuple[str, ...]
    max_deliver: int = field(default=8)
    ack_wait_seconds: float = field(default=30)

    @property
    def durable(self) -> str:
        return f"{self.service}-{self.stream.lower()}"


CONSUMERS: tuple[Consumer, ...] = (
    Consumer("catalogue", "IDENTITY", ("identity.v1.collectivite.enregistree.*",)),
    Consumer("catalogue", "INSCRIPTIONS", ("inscriptions.v1.places.actualisees.*",)),
    Consumer("inscriptions", "IDENTITY", ("identity.v1.collectivite.enregistree.*", "identity.v1.agent.enregistre.*")),
    Consumer("inscriptions", "CATALOGUE", ("catalogue.v1.session.enregistree.*",)),
    Consumer("notifications", "IDENTITY", ("identity.v1.courriel.demande.*",)),
    Consumer("workflows", "IDENTITY", ("identity.v1.ouverture.avance.*",)),
    Consumer("workflows", "INSCRIPTIONS", ("inscriptions.v1.bulletin.depose.*",)),
)


def consumers_of(service: str) -> tuple[Consumer, ...]:
    return tuple(consumer for consumer in CONSUMERS if consumer.service == service)
