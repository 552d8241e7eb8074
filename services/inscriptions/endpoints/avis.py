"""The avis, by the link that was mailed: no account, no session."""

from fastapi import APIRouter

from services.inscriptions.endpoints.commun import Reglages
from services.inscriptions.schemas import AvisCreate, DemandeAvisPublic
from services.inscriptions.service import decisions, lecture
from services.kit.http import Ctx, Tx

router = APIRouter()


@router.get("/avis/{jeton}")
async def lire_avis(jeton: str, tx: Tx, reglages: Reglages) -> DemandeAvisPublic:
    """What is asked of the holder of the link. Reading changes nothing: mail scanners open links."""
    return await lecture.lire_demande(tx, await lecture.demande_du_lien(tx, jeton, reglages.cles_avis))


@router.post("/avis/{jeton}")
async def donner_avis(jeton: str, corps: AvisCreate, context: Ctx, reglages: Reglages) -> DemandeAvisPublic:
    async with context.database.transaction() as session:
        demande = await lecture.demande_du_lien(session, jeton, reglages.cles_avis)
        soumission = await decisions.proposer_avis(session, demande, corps)
    await decisions.soumettre(context, soumission)
    async with context.database.transaction() as session:
        return await lecture.lire_demande(session, await lecture.demande_du_lien(session, jeton, reglages.cles_avis))
