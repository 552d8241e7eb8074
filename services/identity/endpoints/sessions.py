"""Where one is logged in."""

from uuid import UUID

from fastapi import APIRouter

from services.identity.endpoints.base import Qui
from services.identity.schemas.sessions import SessionOuverte
from services.identity.service import sessions
from services.kit.http import Tx

router = APIRouter(prefix="/moi/sessions")


@router.get("", summary="Où l’on est connecté")
async def lister(acteur: Qui, tx: Tx) -> list[SessionOuverte]:
    familles = await sessions.les_siennes(tx, acteur)
    return [SessionOuverte.model_validate({**famille.model_dump(), "actuelle": famille.id == acteur.session_id}) for famille in familles]


@router.delete("/{session_id}", status_code=204, summary="Fermer une de ses connexions")
async def fermer(session_id: UUID, acteur: Qui, tx: Tx) -> None:
    await sessions.fermer(tx, acteur, session_id)


@router.delete("", status_code=204, summary="Se déconnecter partout")
async def fermer_partout(acteur: Qui, tx: Tx) -> None:
    await sessions.fermer_partout(tx, acteur)
