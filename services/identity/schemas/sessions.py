"""Where someone is logged in."""

from datetime import datetime
from uuid import UUID

from services.identity.schemas.base import Lue


class SessionOuverte(Lue):
    id: UUID
    ouverte_depuis: str
    ouverte_le: datetime
    vue_le: datetime
    expire_le: datetime
    actuelle: bool = False
    """The one that asks."""
