"""What every endpoint of the service asks for: who calls, and the service's settings."""

from typing import Annotated

from fastapi import Depends

from services.contracts.acteur import Acteur
from services.inscriptions.settings import Settings
from services.kit.auth import bearer
from services.kit.http import Ctx

Qui = Annotated[Acteur, Depends(bearer(Acteur))]


def _settings(context: Ctx) -> Settings:
    return context.settings_as(Settings)


Reglages = Annotated[Settings, Depends(_settings)]
