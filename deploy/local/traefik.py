"""The gateway: Traefik, with the configuration of deploy/gateway."""

from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from deploy.local.binaries import binary
from deploy.local.certificates import Certificates
from deploy.local.files import writable_folder
from deploy.local.probes import http_ready
from deploy.local.programs import Port, Program
from deploy.local.settings import HOST, ROOT

TEMPLATES = ROOT / "deploy" / "gateway"
PING_HOST = "passerelle.invalid"
"""A name that no browser asks for: the state of the gateway is not for them."""


@dataclass(frozen=True)
class Gateway:
    """`services` are ports by service, `web` among them; `mailbox_port` is None when mails leave for a real server."""

    folder: Path
    port: int
    tls_port: int
    services: dict[str, int]
    mailbox_port: int | None

    @property
    def certificates(self) -> Certificates:
        return Certificates(self.folder / "tls")

    def program(self) -> Program:
        return Program(
            name="gateway",
            argv=(binary("traefik"), f"--configFile={self.folder / 'traefik.yml'}"),
            ports=(Port(self.port, "IEL_PORT_GATEWAY"), Port(self.tls_port, "IEL_PORT_GATEWAY_TLS")),
            ready=http_ready(self.port, "/ping", named=PING_HOST),
            prepare=self.prepare,
        )

    def prepare(self) -> None:
        writable_folder(self.folder)
        self.certificates.ensure()
        templates = Environment(
            loader=FileSystemLoader(TEMPLATES),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            autoescape=False,  # noqa: S701 -- YAML
        )
        routes = self.folder / "routes.yml"
        ports = self.services if self.mailbox_port is None else {**self.services, "courrier": self.mailbox_port}
        routes.write_text(
            templates.get_template("routes.yml.j2").render(
                host=HOST,
                services=[name for name in self.services if name != "web"],
                ports=ports,
                mailbox_port=self.mailbox_port,
                ping_host=PING_HOST,
                certificate=self.certificates.certificate,
                key=self.certificates.key,
            )
        )
        static = templates.get_template("traefik.yml.j2").render(host=HOST, port=self.port, tls_port=self.tls_port, routes=routes)
        (self.folder / "traefik.yml").write_text(static)
