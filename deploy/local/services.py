"""The services, the worker and their one-off tasks, as programs: what each is told, and how it is started."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from deploy.local.credentials import DATABASES, Credentials
from deploy.local.files import writable_folder
from deploy.local.postgres import service_url
from deploy.local.probes import http_ready, never
from deploy.local.programs import Port, Program, nothing
from deploy.local.settings import HOST, StackSettings

SERVICES = (*DATABASES, "web")
WORKER = "workflows"
SEEDED = ("identity", "catalogue")
DEMONSTRATION = "deploy/demo"
NATS_ADMINISTRATOR = "provision"


@dataclass(frozen=True)
class Processes:
    """Builds the programs of one stack. `postgres_admin_url` is where the databases are."""

    settings: StackSettings
    credentials: Credentials
    postgres_admin_url: str

    def services(self) -> list[Program]:
        return [self._service(name) for name in (*SERVICES, WORKER)]

    def migrations(self) -> list[Program]:
        return [self._task(f"migration-{name}", ("services.kit.migrate", name), self._database(name)) for name in DATABASES]

    def seeds(self) -> list[Program]:
        return [self._task(f"demonstration-{name}", (f"services.{name}.seed", DEMONSTRATION), self._told(name)) for name in SEEDED]

    def provision(self) -> Program:
        return self._task("provision", ("deploy.provision",), {**self._nats(NATS_ADMINISTRATOR), **self._temporal()})

    def scenario_environment(self) -> dict[str, str]:
        return outer_environment() | {"IEL_PUBLIC_URL": self.settings.public_url, **self._temporal()}

    def database_url(self, service: str) -> str:
        return service_url(self.postgres_admin_url, f"iel_{service}", self.credentials.postgres[service], f"iel_{service}")

    def _service(self, name: str) -> Program:
        port = self.settings.port_of(name)
        module = "workflows.main" if name == WORKER else f"services.{name}.main"
        return Program(
            name=name,
            argv=(sys.executable, "-m", module),
            ports=(Port(port, f"IEL_PORT_{name.upper()}"),),
            ready=http_ready(port, "/health/ready"),
            env=outer_environment() | self._told(name),
            prepare=self._make_documents_folder if name == "documents" else nothing,
        )

    def _task(self, name: str, arguments: tuple[str, ...], told: Mapping[str, str]) -> Program:
        return Program(
            name=name,
            argv=(sys.executable, "-m", *arguments),
            ports=(),
            ready=never,
            env={**outer_environment(), "IEL_LOG_LEVEL": self.settings.log_level, **told},
        )

    def _told(self, name: str) -> dict[str, str]:
        """The environment of one service: see its `settings.py`."""
        settings = self.settings
        common = {
            "IEL_SERVICE": name,
            "IEL_HOST": HOST,
            "IEL_PORT": str(settings.port_of(name)),
            "IEL_JWKS_URL": f"http://{HOST}:{settings.port_identity}/api/identity/v1/jwks.json",
            "IEL_PUBLIC_URL": settings.public_url,
            "IEL_LOG_LEVEL": settings.log_level,
            **self._nats(name),
            **(self._database(name) if name in DATABASES else {}),
        }
        return common | self._own(name)

    def _own(self, name: str) -> dict[str, str]:
        """What only this service is told."""
        settings = self.settings
        own: dict[str, dict[str, str]] = {
            "identity": {
                "IEL_JWT_KEYS_FILE": str(settings.state_dir / "jwt-keys.json"),
                "IEL_LIENS_KEYS": self.credentials.liens,
                "IEL_FACTEURS_KEYS": self.credentials.facteurs,
                **settings.oidc,
            },
            "inscriptions": {"IEL_AVIS_KEYS": self.credentials.avis, "IEL_DELAIS_COURTS": "true"},
            "documents": {"IEL_DOCUMENTS_URL": settings.documents_address},
            "notifications": {"IEL_SMTP_URL": settings.smtp_address, "IEL_MAIL_FROM": settings.mail_from},
            "web": {"IEL_API_URL": settings.api_url, **self._temporal_ui()},
            WORKER: self._temporal(),
        }
        return own.get(name, {})

    def _nats(self, user: str) -> dict[str, str]:
        address = {"IEL_NATS_URL": self.settings.nats_address}
        if self.settings.nats_url and "@" in self.settings.nats_url:
            return address
        return {**address, "IEL_NATS_USER": user, "IEL_NATS_PASSWORD": self.credentials.nats[user]}

    def _database(self, name: str) -> dict[str, str]:
        return {"IEL_DATABASE_URL": self.database_url(name)}

    def _temporal(self) -> dict[str, str]:
        return {
            "IEL_TEMPORAL_ADDRESS": self.settings.temporal_target,
            "IEL_TEMPORAL_NAMESPACE": self.settings.temporal_namespace,
            **self._temporal_ui(),
        }

    def _temporal_ui(self) -> dict[str, str]:
        return {"IEL_TEMPORAL_UI_URL": self.settings.temporal_ui} if self.settings.temporal_ui else {}

    def _make_documents_folder(self) -> None:
        if self.settings.documents_url is None:
            writable_folder(self.settings.state_dir / "documents")


def outer_environment() -> dict[str, str]:
    """Ours, without what is meant for the launcher."""
    return {name: value for name, value in os.environ.items() if not name.startswith("IEL_")} | {"PYTHONUNBUFFERED": "1"}
