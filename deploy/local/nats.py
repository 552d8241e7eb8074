"""NATS with JetStream: every acknowledged write is on the disk, every user has an allow-list."""

import json
from dataclasses import dataclass
from pathlib import Path

from deploy.local.binaries import binary
from deploy.local.files import writable_folder, write_private
from deploy.local.probes import http_ready
from deploy.local.programs import Port, Program
from deploy.local.settings import HOST
from deploy.nats.permissions import authorization


@dataclass(frozen=True)
class Nats:
    """A server keeping its data and configuration in `folder`; `passwords` by user of `deploy.nats`."""

    folder: Path
    port: int
    monitor_port: int
    passwords: dict[str, str]

    @property
    def url(self) -> str:
        return f"nats://{HOST}:{self.port}"

    @property
    def _configuration_file(self) -> Path:
        return self.folder / "nats-server.conf"

    def program(self) -> Program:
        return Program(
            name="nats",
            argv=(binary("nats-server"), "--config", str(self._configuration_file)),
            ports=(Port(self.port, "IEL_PORT_NATS"), Port(self.monitor_port, "IEL_PORT_NATS_MONITOR")),
            ready=http_ready(self.monitor_port, "/healthz"),
            prepare=self.prepare,
        )

    def prepare(self) -> None:
        writable_folder(self.folder)
        write_private(self._configuration_file, json.dumps(self._configuration(), indent=2))

    def _configuration(self) -> dict[str, object]:
        return {
            "server_name": "inscription-en-ligne",
            "host": HOST,
            "port": self.port,
            "http": f"{HOST}:{self.monitor_port}",
            # The default writes to the disk every two minutes: a crash would lose what was acknowledged.
            "jetstream": {"store_dir": str(self.folder / "jetstream"), "sync_interval": "always"},
            "authorization": authorization(self.passwords),
        }
