"""Suspend, close, reopen a collectivité, and read why it is where it is."""

from uuid import UUID

from fastapi import APIRouter

from services.identity.domain.valeurs import EtatCollectivite
from services.identity.endpoints.base import Qui
from services.identity.schemas.cycle_de_vie import ChangementPublic, EtatCreate, SituationPublique
from services.identity.service import cycle_de_vie
from services.kit.http import IdempotencyKey, Tx
from services.kit.idempotency import once

router = APIRouter(prefix="/collectivites/{identifiant}")


@router.get("/situation", summary="L’état d’une collectivité, et comment elle y est venue")
async def lire(identifiant: UUID, acteur: Qui, tx: Tx) -> SituationPublique:
    return await _publique(tx, acteur, identifiant)


@router.post("/etat", status_code=201, summary="Suspendre, clore ou rouvrir une collectivité")
async def changer(identifiant: UUID, corps: EtatCreate, acteur: Qui, tx: Tx, cle: IdempotencyKey) -> SituationPublique:
    async def action() -> SituationPublique:
        await cycle_de_vie.changer_l_etat(tx, acteur, identifiant, corps)
        return await _publique(tx, acteur, identifiant)

    scope = f"etat:{identifiant}:{acteur.compte_id}"
    return await once(tx, key=cle, scope=scope, request=corps, reply_model=SituationPublique, action=action)


async def _publique(tx: Tx, acteur: Qui, identifiant: UUID) -> SituationPublique:
    lue = await cycle_de_vie.situation(tx, acteur, identifiant)
    return SituationPublique(
        collectivite_id=lue.collectivite.id,
        nom=lue.collectivite.nom,
        etat=EtatCollectivite(lue.collectivite.etat),
        delegation_nom=lue.delegation.nom,
        delegation_email=lue.delegation.email,
        possibles=list(lue.possibles),
        changements=[ChangementPublic.model_validate(changement) for changement in lue.changements],
    )
