"""The seat ledger of a session."""

from uuid import UUID

from fastapi import APIRouter

from services.inscriptions.endpoints.commun import Qui
from services.inscriptions.schemas import MouvementPublic
from services.inscriptions.service import registre
from services.kit.http import Tx
from services.kit.pagination import Page

router = APIRouter()


@router.get("/sessions/{session_id}/mouvements")
async def lire_les_mouvements(session_id: UUID, acteur: Qui, tx: Tx, cursor: str | None = None) -> Page[MouvementPublic]:
    """How the seats of a session came to be what they are, the newest movement first."""
    return await registre.lire(tx, acteur, session_id, cursor=cursor)
