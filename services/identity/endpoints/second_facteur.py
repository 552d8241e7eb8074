"""One's second factors, and what organisations require."""

from collections.abc import Awaitable, Callable
from typing import TypeVar
from uuid import UUID

from fastapi import APIRouter
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identity.endpoints.base import Qui, Reglages
from services.identity.schemas.second_facteur import (
    CleCreate,
    ClePublic,
    CodePresente,
    CodesDeSecours,
    EpreuvePublic,
    Exigence,
    ExigenceStructure,
    MotDePassePresente,
    SecondFacteurPublic,
    SecoursCreate,
    SecoursPublic,
    TotpAEnregistrer,
)
from services.identity.service import cles, exigences, facteurs, secours
from services.kit.context import Context
from services.kit.http import Ctx, Tx
from services.kit.problems import Problem

router = APIRouter()
MOI = "/moi/second-facteur"

T = TypeVar("T")


@router.get(MOI, summary="Ses seconds facteurs")
async def lire(acteur: Qui, tx: Tx) -> SecondFacteurPublic:
    etat = await facteurs.etat(tx, acteur)
    return SecondFacteurPublic(
        totp_depuis=etat.totp.actif_le if etat.totp else None,
        cles=[ClePublic.model_validate(cle) for cle in etat.cles],
        codes_restants=etat.codes_restants,
        attendu=acteur.second_facteur_attendu and etat.totp is None and not etat.cles,
    )


# No Idempotency-Key here: its table would keep secrets in clear. PUT gives the same secret again, codes and épreuves serve once.
@router.put(MOI + "/totp", summary="Préparer une application d’authentification")
async def preparer_totp(acteur: Qui, tx: Tx, reglages: Reglages) -> TotpAEnregistrer:
    secret, adresse = await facteurs.preparer_totp(tx, acteur, reglages)
    return TotpAEnregistrer(secret=secret, adresse=adresse)


@router.post(MOI + "/totp/activation", summary="Enregistrer l’application par un de ses codes")
async def activer_totp(corps: CodePresente, acteur: Qui, tx: Tx, reglages: Reglages) -> CodesDeSecours:
    return CodesDeSecours(codes=await facteurs.activer_totp(tx, acteur, corps.code, reglages))


@router.post(MOI + "/totp/retrait", status_code=204, summary="Retirer l’application")
async def retirer_totp(corps: MotDePassePresente, acteur: Qui, context: Ctx) -> None:
    await _valider(context, lambda session: facteurs.retirer_totp(session, acteur, corps.mot_de_passe))


@router.post(MOI + "/codes-de-secours", summary="Tirer de nouveaux codes de secours")
async def tirer_les_codes(corps: MotDePassePresente, acteur: Qui, context: Ctx) -> CodesDeSecours:
    return CodesDeSecours(codes=await _valider(context, lambda session: facteurs.tirer_les_codes(session, acteur, corps.mot_de_passe)))


@router.post(MOI + "/cles/epreuve", summary="Préparer l’enregistrement d’une clé d’accès")
async def preparer_cle(acteur: Qui, tx: Tx, reglages: Reglages) -> EpreuvePublic:
    return EpreuvePublic.model_validate(await cles.preparer(tx, acteur, reglages.public_url))


@router.post(MOI + "/cles", status_code=201, summary="Enregistrer une clé d’accès")
async def enregistrer_cle(corps: CleCreate, acteur: Qui, tx: Tx, reglages: Reglages) -> CodesDeSecours:
    codes = await cles.enregistrer(tx, acteur, epreuve=corps.epreuve, nom=corps.nom, cle=corps.cle, public_url=reglages.public_url)
    return CodesDeSecours(codes=codes)


@router.post(MOI + "/cles/{cle_id}/retrait", status_code=204, summary="Retirer une clé d’accès")
async def retirer_cle(cle_id: UUID, corps: MotDePassePresente, acteur: Qui, context: Ctx) -> None:
    await _valider(context, lambda session: facteurs.retirer_cle(session, acteur, cle_id, corps.mot_de_passe))


@router.get("/collectivites/{collectivite_id}/second-facteur", summary="Ce que la collectivité exige de ses gestionnaires")
async def lire_l_exigence(collectivite_id: UUID, acteur: Qui, tx: Tx) -> Exigence:
    return Exigence(exige=(await exigences.collectivite(tx, acteur, collectivite_id)).second_facteur_exige)


@router.put("/collectivites/{collectivite_id}/second-facteur", summary="Exiger un second facteur des gestionnaires")
async def exiger(collectivite_id: UUID, corps: Exigence, acteur: Qui, tx: Tx) -> Exigence:
    return Exigence(exige=(await exigences.exiger(tx, acteur, collectivite_id, exige=corps.exige)).second_facteur_exige)


@router.get("/structures/second-facteur", summary="Ce que chaque structure exige des siens")
async def lire_les_exigences(acteur: Qui, tx: Tx) -> list[ExigenceStructure]:
    return [ExigenceStructure.model_validate(structure) for structure in await exigences.structures(tx, acteur)]


@router.post("/comptes/secours", summary="Retirer les seconds facteurs que quelqu’un a perdus")
async def secourir(corps: SecoursCreate, acteur: Qui, tx: Tx) -> SecoursPublic:
    return SecoursPublic(nom=await secours.secourir(tx, acteur, corps.identifiant, corps.motif))


@router.put("/structures/{code}/second-facteur", summary="Exiger un second facteur des personnes d’une structure")
async def exiger_d_une_structure(code: str, corps: Exigence, acteur: Qui, tx: Tx) -> Exigence:
    return Exigence(exige=(await exigences.exiger_d_une_structure(tx, acteur, code, exige=corps.exige)).second_facteur_exige)


async def _valider(context: Context, action: Callable[[AsyncSession], Awaitable[T | Problem]]) -> T:
    """A refusal writes too (a failure counted), and must be committed."""
    async with context.database.transaction() as session:
        issue = await action(session)
    if isinstance(issue, Problem):
        raise issue
    return issue
