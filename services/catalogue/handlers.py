"""What the catalogue hears: the collectivités, for who sees what; the places, for the figures it shows."""

from typing import Any

from services.catalogue import service
from services.contracts.identity import CollectiviteEnregistree
from services.contracts.inscriptions import PlacesActualisees
from services.kit.consumer import Handler

EVENTS: dict[Any, Handler] = {
    CollectiviteEnregistree: service.suivre_collectivite,
    PlacesActualisees: service.suivre_places,
}
