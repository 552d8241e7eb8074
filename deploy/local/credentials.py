"""The passwords and secrets of one state folder, generated once and kept in a file only its owner reads."""

import json
import secrets
from pathlib import Path
from typing import Self

from pydantic import BaseModel, Field

from deploy.local.files import write_private
from deploy.nats.permissions import USERS

DATABASES = ("identity", "catalogue", "inscriptions", "documents", "notifications")
"""Services that own data: one database and one role each, both named `iel_<service>`."""


def _password() -> str:
    return secrets.token_urlsafe(24)


class Credentials(BaseModel):
    """Passwords of the servers: `postgres` by service, `nats` by user, `avis` signs the links of the avis, `liens` those of the
    accounts, `facteurs` encrypts the secrets of second factors."""

    postgres_admin: str = Field(default_factory=_password)
    postgres: dict[str, str] = Field(default_factory=dict)
    nats: dict[str, str] = Field(default_factory=dict)
    avis: str = Field(default_factory=_password)
    liens: str = Field(default_factory=_password)
    facteurs: str = Field(default_factory=_password)

    @classmethod
    def generate(cls) -> Self:
        return cls().completed()

    @classmethod
    def load(cls, path: Path) -> Self:
        """Those of the file; what it lacks is generated and written there."""
        known = cls.model_validate(json.loads(path.read_text())) if path.exists() else cls()
        complete = known.completed()
        write_private(path, complete.model_dump_json(indent=2))
        return complete

    def completed(self) -> Self:
        return self.model_copy(
            update={
                "postgres": {name: self.postgres.get(name) or _password() for name in DATABASES},
                "nats": {user.name: self.nats.get(user.name) or _password() for user in USERS},
            }
        )
