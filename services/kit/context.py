"""What the handlers of a service hold in their hands."""

from dataclasses import dataclass
from typing import TypeVar

from services.kit.bus import Bus
from services.kit.database import Database
from services.kit.settings import ServiceSettings

SettingsT = TypeVar("SettingsT", bound=ServiceSettings)


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

    def settings_as(self, model: type[SettingsT]) -> SettingsT:
        """The settings, as the service's own class."""
        if not isinstance(self.settings, model):
            raise TypeError(f"settings of {self.settings.service} are not {model.__name__}")
        return self.settings
