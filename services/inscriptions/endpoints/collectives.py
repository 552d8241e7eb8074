"""Registering agents: one, or hundreds, by their gestionnaire."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from services.inscriptions.endpoints.commun import Qui
from services.inscriptions.schemas import CandidatsPublic, CollectiveCreate, CollectivePublic
from services.inscriptions.service import collective
from services.kit.http import IdempotencyKey, Tx
from services.kit.idempotency import once

router = APIRouter()


@router.get("/sessions/{session_id}/candidats")
async def lire_les_candidats(
    session_id: UUID,
    acteur: Qui,
    tx: Tx,
    q: Annotated[str, Query(max_length=100, description="Nom ou prénom")] = "",
    service: Annotated[str, Query(max_length=200, description="Tout un service")] = "",
) -> CandidatsPublic:
    """The agents whom the caller may register for this session, each with the outcome he would have."""
    return await collective.candidats(tx, acteur, session_id, texte=q.strip(), service=service)


@router.post("/inscriptions/collectives")
async def inscrire(corps: CollectiveCreate, acteur: Qui, tx: Tx, cle: IdempotencyKey) -> CollectivePublic:
    """Register agents for a session in one transaction, with the outcome of each; `essai` only says it."""

    async def action() -> CollectivePublic:
        return await collective.inscrire(tx, acteur, corps)

    if corps.essai:
        return await action()
    return await once(tx, key=cle, scope=f"collective:{acteur.compte_id}", request=corps, reply_model=CollectivePublic, action=action)
