"""The SMTP sink of the local stack, and the page where its mails are read."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from deploy.local.files import writable_folder
from deploy.local.probes import all_of, http_ready, smtp_ready
from deploy.local.programs import Port, Program
from deploy.local.settings import HOST


@dataclass(frozen=True)
class Mailbox:
    folder: Path
    smtp_port: int
    page_port: int

    def program(self) -> Program:
        return Program(
            name="smtp",
            argv=(sys.executable, "-m", "deploy.local.mailbox"),
            ports=(Port(self.smtp_port, "IEL_PORT_SMTP"), Port(self.page_port, "IEL_PORT_MAILBOX")),
            ready=all_of(smtp_ready(self.smtp_port), http_ready(self.page_port, "/health/ready")),
            prepare=self.prepare,
            env={
                "PATH": os.environ.get("PATH", os.defpath),
                "IEL_HOST": HOST,
                "IEL_PORT_SMTP": str(self.smtp_port),
                "IEL_PORT_MAILBOX": str(self.page_port),
                "IEL_MAILBOX_DIR": str(self.folder),
            },
        )

    def prepare(self) -> None:
        writable_folder(self.folder)
