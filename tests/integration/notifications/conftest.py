"""A database of notifications, a real SMTP server that can refuse, defer, or be away, and the service whole on real servers."""

import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from deploy.local.settings import free_ports
from services.contracts.notifications import DeposerMessage, Gabarit
from services.kit.bus import Bus
from services.kit.context import Context
from services.kit.database import Database
from services.notifications import service
from services.notifications.settings import Settings
from tests.dossiers import INSCRIPTION, dossier
from tests.servers import PostgresServer

MOT_DE_PASSE = b"sesame"


class Boite:
    """Keeps what it accepts; `reponses` are given first, one a recipient, and `refus_expediteur` to whoever writes."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.recus: list[EmailMessage] = []
        self.chiffres: list[bool] = []
        self.reponses: list[str] = []
        self.refus_expediteur = ""
        self._controller: Controller | None = None

    async def handle_MAIL(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:  # noqa: N802 -- aiosmtpd's name
        if self.refus_expediteur:
            return self.refus_expediteur
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:  # noqa: N802 -- aiosmtpd's name
        if self.reponses:
            return self.reponses.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 -- aiosmtpd's name
        content = envelope.content
        assert isinstance(content, bytes)
        self.recus.append(message_from_bytes(content, policy=policy.default))
        transport = server.transport
        self.chiffres.append(transport is not None and transport.get_extra_info("ssl_object") is not None)
        return "250 Message accepted"

    def ouvrir(self, **options: Any) -> None:
        """`options` are those of aiosmtpd: TLS, authentication."""
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port, **options)
        self._controller.start()

    def fermer(self) -> None:
        if self._controller is not None:
            self._controller.stop()
            self._controller = None


def qui_verifie(server: SMTP, session: Session, envelope: Envelope, mechanism: str, donnees: object) -> AuthResult:
    """An aiosmtpd authenticator: one password opens."""
    juste = isinstance(donnees, LoginPassword) and donnees.password == MOT_DE_PASSE
    return AuthResult(success=juste, handled=False)


@pytest.fixture
def boite() -> Iterator[Boite]:
    boite = Boite(free_ports(1)[0])
    boite.ouvrir()
    yield boite
    boite.fermer()


def reglages(url: str, smtp_url: str, **autrement: object) -> Settings:
    champs: dict[str, object] = {
        "port": 1,
        "database_url": url,
        "nats_url": "nats://127.0.0.1:1",
        "jwks_url": "http://127.0.0.1:1",
        "public_url": "http://localhost:8080",
        "smtp_url": smtp_url,
    }
    return Settings.model_validate(champs | autrement)


@asynccontextmanager
async def contexte(url: str, smtp_url: str) -> AsyncIterator[Context]:
    """What the sender holds in its hands, without NATS."""
    settings, database = reglages(url, smtp_url), Database(url)
    yield Context(settings, Bus(settings), database)
    await database.dispose()


@pytest.fixture
async def context(postgres: PostgresServer, boite: Boite) -> AsyncIterator[Context]:
    async with contexte(postgres.database_for("notifications"), f"smtp://127.0.0.1:{boite.port}") as context:
        yield context


async def deposer(context: Context, gabarit: Gabarit = Gabarit.AVIS_DEMANDE, cle: str = "cle", **autrement: object) -> bool:
    """Queue a message about a dossier; whether it was queued before."""
    demande = DeposerMessage(cle=cle, gabarit=gabarit, inscription_id=INSCRIPTION)
    async with context.database.transaction() as session:
        return (await service.deposer(session, demande, dossier(**autrement))).deja_fait


def tls_du_serveur(certificat: str, cle: str) -> ssl.SSLContext:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificat, cle)
    return tls
