"""HTTP of the service."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from services.contracts.acteur import Acteur
from services.kit.auth import bearer
from services.kit.http import Tx
from services.notifications import service
from services.notifications.schemas import MessageList

router = APIRouter(prefix="/api/notifications/v1", tags=["notifications"])

Qui = Annotated[Acteur, Depends(bearer(Acteur))]


@router.get("/messages")
async def lister(inscription_id: UUID, acteur: Qui, tx: Tx) -> MessageList:
    """The messages about a request, oldest first, with what became of each."""
    return await service.lister(tx, acteur, inscription_id)
