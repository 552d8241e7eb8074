"""What the handlers of a service hold in their hands."""

from dataclasses import dataclass

from services.kit.bus import Bus
from services.kit.database import Database
from services.kit.settings import ServiceSettings


@dataclass
class Context:
    settings: ServiceSettings
    bus: Bus
    _database: Database | None = None

    @property
    def database(self) -> Database:
        """The service's database; a service without one has no business here."""
        if self._database is None:
            raise LookupError(f"service {self.settings.service} has no database")
        return self._database

    @property
    def has_database(self) -> bool:
        return self._database is not None
