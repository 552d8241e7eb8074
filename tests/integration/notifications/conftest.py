"""A database of notifications and a real SMTP server that can refuse, defer, or be away."""

from collections.abc import AsyncIterator, Iterator
from email import message_from_bytes
from email.message import Message as Mail

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from deploy.local.settings import free_ports
from services.contracts.notifications import DeposerMessage, Gabarit
from services.kit.bus import Bus
from services.kit.context import Context
from services.kit.database import Database
from services.notifications import service
from services.notifications.settings import Settings
from tests.dossiers import INSCRIPTION, dossier
from tests.servers import PostgresServer


class Boite:
    """Keeps what it accepts; `reponses` are given first, one a recipient."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.recus: list[Mail] = []
        self.reponses: list[str] = []
        self._controller: Controller | None = None

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:  # noqa: N802 -- aiosmtpd's name
        if self.reponses:
            return self.reponses.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 -- aiosmtpd's name
        content = envelope.content
        assert isinstance(content, bytes)
        self.recus.append(message_from_bytes(content))
        return "250 Message accepted"

    def ouvrir(self) -> None:
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    def fermer(self) -> None:
        if self._controller is not None:
            self._controller.stop()
            self._controller = None


@pytest.fixture
def boite() -> Iterator[Boite]:
    boite = Boite(free_ports(1)[0])
    boite.ouvrir()
    yield boite
    boite.fermer()


@pytest.fixture
async def context(postgres: PostgresServer, boite: Boite) -> AsyncIterator[Context]:
    url = postgres.database_for("notifications")
    settings = Settings.model_validate(
        {
            "port": 1,
            "database_url": url,
            "nats_url": "nats://127.0.0.1:1",
            "jwks_url": "http://127.0.0.1:1",
            "public_url": "http://localhost:8080",
            "smtp_url": f"smtp://127.0.0.1:{boite.port}",
        }
    )
    database = Database(url)
    yield Context(settings, Bus(settings), database)
    await database.dispose()


async def deposer(context: Context, gabarit: Gabarit = Gabarit.AVIS_DEMANDE, cle: str = "cle") -> bool:
    """Queue a message; whether it was queued before."""
    demande = DeposerMessage(cle=cle, gabarit=gabarit, inscription_id=INSCRIPTION)
    async with context.database.transaction() as session:
        return (await service.deposer(session, demande, dossier())).deja_fait
