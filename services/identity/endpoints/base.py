"""What the endpoints of identity declare."""

from typing import Annotated

from fastapi import Depends, Query, Request

from services.contracts.acteur import Acteur
from services.identity.settings import Settings
from services.identity.trousseau import Trousseau
from services.kit.auth import bearer

Qui = Annotated[Acteur, Depends(bearer(Acteur))]
Recherche = Annotated[str, Query(max_length=200, description="Mots cherchés, sans souci des accents ni des majuscules.")]
Curseur = Annotated[
    str | None, Query(max_length=1000, description="Valeur «\N{NO-BREAK SPACE}suivant\N{NO-BREAK SPACE}» de la page précédente.")
]


def _trousseau(request: Request) -> Trousseau:
    trousseau: Trousseau = request.app.state.trousseau
    return trousseau


def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.context.settings
    return settings


Cles = Annotated[Trousseau, Depends(_trousseau)]
Reglages = Annotated[Settings, Depends(_settings)]
