"""The address of one's account: its change asked for, confirmed from both mailboxes, or by the gestionnaire principal."""

from uuid import UUID

from fastapi import APIRouter

from services.identity.domain.adresses import identifiant_apres
from services.identity.domain.liens import UsageLien
from services.identity.endpoints.base import Qui, Reglages
from services.identity.models import ChangementEmail
from services.identity.schemas.adresses import (
    AdressePublique,
    ChangementAConfirmer,
    ChangementDemande,
    ChangementEnCours,
    ConfirmationCreate,
    LienAdressePublic,
    ReponseAdresse,
    SuitePublique,
)
from services.identity.service import adresses, adresses_reponses
from services.kit.http import Ctx, Tx

router = APIRouter()


@router.get("/moi/adresse", summary="Son adresse, et le changement en cours")
async def lire_la_sienne(acteur: Qui, tx: Tx) -> AdressePublique:
    adresse = await adresses.la_sienne(tx, acteur)
    compte = adresse.compte
    return AdressePublique(
        email=compte.email,
        identifiant=compte.identifiant,
        identifiant_suit=identifiant_apres(compte.identifiant, compte.email, "") != compte.identifiant,
        gestionnaires=[gestionnaire.nom_complet for gestionnaire in adresse.gestionnaires],
        en_cours=_en_cours(adresse.en_cours) if adresse.en_cours else None,
    )


# A PUT: asking twice is asking once, the second replaces the first. A refusal writes too (a failure counted), and must be committed.
@router.put("/moi/adresse", status_code=204, summary="Demander une autre adresse")
async def demander(corps: ChangementDemande, acteur: Qui, context: Ctx) -> None:
    async with context.database.transaction() as session:
        probleme = await adresses.demander(session, acteur, nouvelle=corps.nouvelle, mot_de_passe=corps.mot_de_passe)
    if probleme is not None:
        raise probleme


@router.delete("/moi/adresse", status_code=204, summary="Abandonner son changement d’adresse")
async def abandonner(acteur: Qui, tx: Tx) -> None:
    await adresses.abandonner(tx, acteur)


@router.get("/liens-adresse/{jeton}", summary="Ce que demande un lien de changement d’adresse")
async def lire_le_lien(jeton: str, tx: Tx, reglages: Reglages) -> LienAdressePublic:
    """Reading changes nothing: mail scanners open links."""
    changement, lien, compte = await adresses_reponses.lire(tx, jeton, reglages.cles_des_liens)
    return LienAdressePublic(
        usage=UsageLien(lien.usage),
        nom=compte.nom_complet,
        identifiant=compte.identifiant,
        ancienne=changement.ancienne if lien.usage == UsageLien.EMAIL_ANCIEN else None,
        nouvelle=changement.nouvelle,
        expire_le=lien.expire_le,
    )


@router.post("/liens-adresse/{jeton}", summary="Confirmer ou refuser un changement d’adresse")
async def repondre(jeton: str, corps: ReponseAdresse, tx: Tx, reglages: Reglages) -> SuitePublique:
    return SuitePublique(suite=await adresses_reponses.repondre(tx, jeton, corps.reponse, reglages.cles_des_liens))


@router.get("/changements-adresse", summary="Changements d’adresse qui attendent, dans sa collectivité")
async def a_confirmer(acteur: Qui, tx: Tx) -> list[ChangementAConfirmer]:
    return [
        ChangementAConfirmer(
            id=changement.id,
            nom=compte.nom_complet,
            identifiant=compte.identifiant,
            ancienne=changement.ancienne,
            nouvelle=changement.nouvelle,
            nouvelle_confirmee=changement.nouvelle_confirmee_le is not None,
            demande_le=changement.demande_le,
            expire_le=changement.expire_le,
        )
        for changement, compte in await adresses_reponses.a_confirmer(tx, acteur)
    ]


@router.post("/changements-adresse/{changement_id}/confirmation", summary="Confirmer à la place d’une boîte perdue")
async def confirmer(changement_id: UUID, corps: ConfirmationCreate, acteur: Qui, tx: Tx) -> SuitePublique:
    return SuitePublique(suite=await adresses_reponses.confirmer_a_la_place(tx, acteur, changement_id, corps.motif))


def _en_cours(changement: ChangementEmail) -> ChangementEnCours:
    return ChangementEnCours(
        nouvelle=changement.nouvelle,
        demande_le=changement.demande_le,
        expire_le=changement.expire_le,
        nouvelle_confirmee=changement.nouvelle_confirmee_le is not None,
        ancienne_confirmee=changement.ancienne_confirmee_le is not None,
        ancienne_confirmee_par=changement.ancienne_confirmee_par,
    )
