"""Everything the local stack lets one choose, from the environment (prefix `IEL_`)."""

import random
import socket
from pathlib import Path
from typing import Self

from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parents[2]
HOST = "127.0.0.1"
PORT_PREFIX = "port_"
FREE_RANGE = (15_000, 32_000)


class StackSettings(BaseSettings):
    """Ports, state folder, and the address of each server that is not ours to start.

    A server whose address is given (`postgres_url`, `nats_url`, `temporal_address`, `smtp_url`, `gateway_url`) is left out.
    """

    model_config = SettingsConfigDict(env_prefix="IEL_", extra="ignore", env_ignore_empty=True)

    state_dir: Path = ROOT / ".local"

    port_gateway: int = 8080
    port_gateway_tls: int = 8443
    port_postgres: int = 54320
    port_nats: int = 42220
    port_nats_monitor: int = 42221
    port_temporal: int = 42330
    port_temporal_ui: int = 42331
    port_smtp: int = 42250
    port_mailbox: int = 42251
    port_identity: int = 42401
    port_catalogue: int = 42402
    port_inscriptions: int = 42403
    port_documents: int = 42404
    port_notifications: int = 42405
    port_web: int = 42406
    port_workflows: int = 42407

    postgres_url: str | None = None
    """Administrator's address, `postgresql://user:password@host:port/postgres`: roles and databases are made there."""
    nats_url: str | None = None
    """With user and password inside, they serve every service; without, the users of `deploy.nats` are expected."""
    temporal_address: str | None = None
    temporal_namespace: str = "default"
    temporal_ui_url: str | None = None
    smtp_url: str | None = None
    documents_url: str | None = None
    gateway_url: str | None = None

    oidc_issuer: str | None = None
    """The provider of identities one may log in with; the other `oidc_…` say what `services/identity/settings.py` explains."""
    oidc_client_id: str | None = None
    oidc_client_secret: str | None = None
    oidc_nom: str | None = None
    oidc_scopes: str | None = None
    oidc_acr: str | None = None
    oidc_adresses_verifiees: str | None = None

    mail_from: str = "Inscription en ligne <ne-pas-repondre@inscription.localhost>"
    log_level: str = "INFO"

    @property
    def nats_address(self) -> str:
        return self.nats_url or f"nats://{HOST}:{self.port_nats}"

    @property
    def temporal_target(self) -> str:
        return self.temporal_address or f"{HOST}:{self.port_temporal}"

    @property
    def temporal_ui(self) -> str | None:
        """Address of Temporal's pages; unknown when Temporal is elsewhere and nobody said."""
        if self.temporal_address:
            return self.temporal_ui_url
        return self.temporal_ui_url or f"http://localhost:{self.port_temporal_ui}"

    @property
    def smtp_address(self) -> str:
        return self.smtp_url or f"smtp://{HOST}:{self.port_smtp}"

    @property
    def documents_address(self) -> str:
        return self.documents_url or (self.state_dir / "documents").as_uri()

    @property
    def public_url(self) -> str:
        """Where browsers go, without a final slash."""
        return (self.gateway_url or f"http://localhost:{self.port_gateway}").rstrip("/")

    @property
    def api_url(self) -> str:
        return (self.gateway_url or f"http://{HOST}:{self.port_gateway}").rstrip("/")

    @property
    def mailbox_url(self) -> str | None:
        """The page of the sink; nothing when mails leave for a real server."""
        return None if self.smtp_url else f"{self.public_url}/courrier"

    @property
    def oidc(self) -> dict[str, str]:
        """What identity is told of the provider: only what was chosen."""
        chosen = {name: getattr(self, name) for name in type(self).model_fields if name.startswith("oidc_")}
        return {f"IEL_{name.upper()}": value for name, value in chosen.items() if value is not None}

    def port_of(self, service: str) -> int:
        return int(getattr(self, PORT_PREFIX + service))

    def with_free_ports(self) -> Self:
        """The same settings on ports that nobody holds now, so that several stacks run side by side."""
        names = [name for name in type(self).model_fields if name.startswith(PORT_PREFIX)]
        return self.model_copy(update=dict(zip(names, free_ports(len(names)), strict=True)))


def free_ports(count: int) -> list[int]:
    """Distinct loopback ports that were free an instant ago.

    Below the range from which the system numbers outgoing connections: there, a client that keeps calling a server that is
    down may end up connected to itself, and hold the port.
    """
    found: list[int] = []
    candidates = iter(random.SystemRandom().sample(range(*FREE_RANGE), FREE_RANGE[1] - FREE_RANGE[0]))
    while len(found) < count:
        port = next(candidates)
        if is_free(port):
            found.append(port)
    return found


def is_free(port: int) -> bool:
    with socket.socket() as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind((HOST, port))
        except OSError:
            return False
        return True
