"""Temporal with its UI, kept in one file."""

from dataclasses import dataclass
from pathlib import Path

from deploy.local.binaries import binary
from deploy.local.probes import http_ready
from deploy.local.programs import Port, Program
from deploy.local.settings import HOST
from deploy.search_attributes import SEARCH_ATTRIBUTES


@dataclass(frozen=True)
class Temporal:
    """The development server of Temporal: the real one in one process, with SQLite for its database."""

    database: Path
    port: int
    ui_port: int
    namespace: str = "default"

    def program(self) -> Program:
        attributes = [argument for name, kind in SEARCH_ATTRIBUTES.items() for argument in ("--search-attribute", f"{name}={kind}")]
        return Program(
            name="temporal",
            argv=(
                *(binary("temporal"), "server", "start-dev"),
                *("--ip", HOST, "--port", str(self.port), "--ui-port", str(self.ui_port)),
                *("--db-filename", str(self.database), "--namespace", self.namespace),
                # Half as long again under load without it; what is committed stays on disk all the same.
                *("--sqlite-pragma", "journal_mode=WAL", "--sqlite-pragma", "synchronous=FULL"),
                *("--log-level", "warn", "--ui-disable-news-fetch", "--disable-config-file"),
                *attributes,
            ),
            ports=(Port(self.port, "IEL_PORT_TEMPORAL"), Port(self.ui_port, "IEL_PORT_TEMPORAL_UI")),
            # The UI asks the server: its answer speaks for both.
            ready=http_ready(self.ui_port, f"/api/v1/namespaces/{self.namespace}"),
            # The server would ask its maker whether it is up to date.
            env={"TEMPORAL_VERSION_CHECK_DISABLED": "1"},
        )
