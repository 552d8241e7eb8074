"""The request: filed, read, decided upon."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from services.contracts.acteur import Acteur
from services.contracts.circuits import Soumettre
from services.contracts.inscriptions import Etat
from services.inscriptions.endpoints.commun import Qui
from services.inscriptions.schemas import (
    InscriptionCreate,
    InscriptionDetail,
    InscriptionPublic,
    InstructionCreate,
    RetraitCreate,
    ValidationCreate,
)
from services.inscriptions.service import decisions, depot, lecture
from services.kit.context import Context
from services.kit.http import Ctx, IdempotencyKey, Tx
from services.kit.idempotency import once
from services.kit.pagination import Page

router = APIRouter()


@router.post("/inscriptions", status_code=201)
async def deposer(corps: InscriptionCreate, acteur: Qui, tx: Tx, cle: IdempotencyKey) -> InscriptionDetail:
    """File a préinscription. Answers as soon as it is kept: its circuit starts by itself."""

    async def action() -> InscriptionDetail:
        inscription = await depot.deposer(tx, acteur, corps)
        return await lecture.lire(tx, acteur, inscription.id)

    return await once(tx, key=cle, scope=f"depot:{acteur.compte_id}", request=corps, reply_model=InscriptionDetail, action=action)


@router.get("/inscriptions")
async def lister(
    acteur: Qui,
    tx: Tx,
    etat: Etat | None = None,
    a_traiter: Annotated[bool, Query(description="Seulement ce qui attend une décision de moi")] = False,
    cursor: str | None = None,
) -> Page[InscriptionPublic]:
    return await lecture.lister(tx, acteur, etat=etat, en_attente_de_lui=a_traiter, cursor=cursor)


@router.get("/inscriptions/{inscription_id}")
async def lire(inscription_id: UUID, acteur: Qui, tx: Tx) -> InscriptionDetail:
    return await lecture.lire(tx, acteur, inscription_id)


@router.post("/inscriptions/{inscription_id}/validation")
async def valider(inscription_id: UUID, corps: ValidationCreate, acteur: Qui, context: Ctx, cle: IdempotencyKey) -> InscriptionDetail:
    async with context.database.transaction() as session:
        soumission = await decisions.proposer_validation(session, acteur, inscription_id, corps, cle)
    return await _decider(context, acteur, soumission)


@router.post("/inscriptions/{inscription_id}/instruction")
async def instruire(inscription_id: UUID, corps: InstructionCreate, acteur: Qui, context: Ctx, cle: IdempotencyKey) -> InscriptionDetail:
    async with context.database.transaction() as session:
        soumission = await decisions.proposer_instruction(session, acteur, inscription_id, corps, cle)
    return await _decider(context, acteur, soumission)


@router.post("/inscriptions/{inscription_id}/retrait")
async def retirer(inscription_id: UUID, corps: RetraitCreate, acteur: Qui, context: Ctx, cle: IdempotencyKey) -> InscriptionDetail:
    async with context.database.transaction() as session:
        soumission = await decisions.proposer_retrait(session, acteur, inscription_id, corps, cle)
    return await _decider(context, acteur, soumission)


async def _decider(context: Context, acteur: Acteur, soumission: Soumettre) -> InscriptionDetail:
    """No transaction is held while the circuit decides."""
    await decisions.soumettre(context, soumission)
    async with context.database.transaction() as session:
        return await lecture.lire(session, acteur, soumission.inscription_id)
