"""Accounts: activated and recovered by a link, their password changed."""

import asyncio

from fastapi import APIRouter

from services.identity.domain.liens import UsageLien
from services.identity.endpoints.base import Qui, Reglages
from services.identity.schemas.comptes import LienPublic, MotDePasseChange, MotDePasseChoisi, MotDePasseOublie
from services.identity.service import comptes, liens
from services.kit.http import Ctx, Tx

router = APIRouter()

DUREE_D_UN_OUBLI = 0.3
"""Seconds: longer than writing the mail of an account that exists takes."""


@router.get("/liens/{jeton}", summary="À quoi sert un lien reçu par courriel")
async def lire_le_lien(jeton: str, tx: Tx, reglages: Reglages) -> LienPublic:
    """Reading changes nothing: mail scanners open links."""
    lien, compte = await liens.lire(tx, jeton, reglages.cles_des_liens)
    return LienPublic(usage=UsageLien(lien.usage), nom=compte.nom_complet, identifiant=compte.identifiant, expire_le=lien.expire_le)


@router.post("/liens/{jeton}", status_code=204, summary="Choisir son mot de passe par le lien reçu")
async def choisir(jeton: str, corps: MotDePasseChoisi, tx: Tx, reglages: Reglages) -> None:
    await comptes.choisir(tx, jeton, corps.mot_de_passe, reglages.cles_des_liens)


@router.post("/liens/{jeton}/renvoi", status_code=204, summary="Recevoir un nouveau lien à la place de celui-ci")
async def renvoyer(jeton: str, tx: Tx, reglages: Reglages) -> None:
    await comptes.renvoyer(tx, jeton, reglages.cles_des_liens)


@router.post("/mot-de-passe-oublie", status_code=204, summary="Recevoir un lien pour un mot de passe oublié")
async def oublier(corps: MotDePasseOublie, context: Ctx) -> None:
    """The same answer, after the same time, whether the account exists or not."""
    reponse = asyncio.create_task(asyncio.sleep(DUREE_D_UN_OUBLI))
    try:
        async with context.database.transaction() as session:
            await comptes.oublier(session, corps.identifiant)
    finally:
        await reponse


# A refusal writes too (a failure counted), and must be committed.
@router.put("/moi/mot-de-passe", status_code=204, summary="Changer son mot de passe")
async def changer(corps: MotDePasseChange, acteur: Qui, context: Ctx) -> None:
    async with context.database.transaction() as session:
        probleme = await comptes.changer_le_sien(session, acteur, ancien=corps.ancien, nouveau=corps.nouveau)
    if probleme is not None:
        raise probleme
