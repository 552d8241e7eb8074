"""The gestionnaires of one's collectivité."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from services.identity.domain.roles import ROLES
from services.identity.endpoints.base import Qui
from services.identity.schemas.parametres import (
    FinSaisie,
    GestionnaireDetail,
    GestionnaireInvite,
    GestionnaireModifie,
    GestionnairePublic,
    Renvoi,
    ServiceNomme,
)
from services.identity.schemas.second_facteur import Motif
from services.identity.service import fins_de_gestion, gestionnaires, secours
from services.kit.etag import IfMatch
from services.kit.http import IdempotencyKey, Tx
from services.kit.idempotency import once

router = APIRouter(prefix="/collectivite/gestionnaires")


@router.get("", summary="Les gestionnaires de sa collectivité, et ceux qui l’ont été")
async def lister(acteur: Qui, tx: Tx) -> list[GestionnairePublic]:
    return [GestionnairePublic(**_faits(lu)) for lu in await gestionnaires.lister(tx, acteur)]


@router.post("", status_code=201, summary="Inviter un gestionnaire")
async def inviter(corps: GestionnaireInvite, acteur: Qui, tx: Tx, cle: IdempotencyKey) -> GestionnaireDetail:
    async def action() -> GestionnaireDetail:
        invite = await gestionnaires.inviter(tx, acteur, corps)
        return await _detail(tx, acteur, invite.id)

    return await once(tx, key=cle, scope=f"gestionnaire:{acteur.compte_id}", request=corps, reply_model=GestionnaireDetail, action=action)


@router.get("/{gestionnaire_id}", summary="Un gestionnaire, et ce qu’il encadre")
async def lire(gestionnaire_id: UUID, acteur: Qui, tx: Tx, response: Response) -> GestionnaireDetail:
    return _marque(await _detail(tx, acteur, gestionnaire_id), response)


@router.put("/{gestionnaire_id}", summary="Changer le rôle ou les services d’un gestionnaire")
async def modifier(
    gestionnaire_id: UUID, corps: GestionnaireModifie, acteur: Qui, tx: Tx, lue: IfMatch, response: Response
) -> GestionnaireDetail:
    await gestionnaires.modifier(tx, acteur, gestionnaire_id, corps, lue=lue)
    return _marque(await _detail(tx, acteur, gestionnaire_id), response)


@router.post("/{gestionnaire_id}/invitation", summary="Renvoyer le lien d’activation")
async def inviter_de_nouveau(gestionnaire_id: UUID, acteur: Qui, tx: Tx, cle: IdempotencyKey) -> GestionnaireDetail:
    async def action() -> GestionnaireDetail:
        await gestionnaires.inviter_de_nouveau(tx, acteur, gestionnaire_id)
        return await _detail(tx, acteur, gestionnaire_id)

    scope = f"renvoi:{acteur.compte_id}"
    return await once(
        tx, key=cle, scope=scope, request=Renvoi(gestionnaire_id=gestionnaire_id), reply_model=GestionnaireDetail, action=action
    )


@router.post("/{gestionnaire_id}/fin", summary="Mettre fin à l’accès d’un gestionnaire, et confier ce qu’il suivait")
async def finir(gestionnaire_id: UUID, corps: FinSaisie, acteur: Qui, tx: Tx) -> GestionnaireDetail:
    await fins_de_gestion.finir(tx, acteur, gestionnaire_id, corps)
    return await _detail(tx, acteur, gestionnaire_id)


@router.post("/{gestionnaire_id}/second-facteur/retrait", summary="Retirer les seconds facteurs qu’un gestionnaire a perdus")
async def secourir(gestionnaire_id: UUID, corps: Motif, acteur: Qui, tx: Tx) -> GestionnaireDetail:
    await secours.secourir_un_gestionnaire(tx, acteur, gestionnaire_id, corps.motif)
    return await _detail(tx, acteur, gestionnaire_id)


async def _detail(tx: Tx, acteur: Qui, gestionnaire_id: UUID) -> GestionnaireDetail:
    lu, dirige = await gestionnaires.lire(tx, acteur, gestionnaire_id)
    return GestionnaireDetail(
        **_faits(lu),
        dirige=dirige,
        agent=lu.est_aussi_agent,
        second_facteur=await secours.a_un_second_facteur(tx, lu.compte),
        etiquette=gestionnaires.etiquette(lu.appartenance),
    )


def _marque(detail: GestionnaireDetail, response: Response) -> GestionnaireDetail:
    response.headers["ETag"] = detail.etiquette
    return detail


def _faits(lu: gestionnaires.Gestionnaire) -> dict[str, Any]:
    appartenance, compte = lu.appartenance, lu.compte
    return {
        **compte.model_dump(include={"nom", "prenom", "identifiant", "email"}),
        **appartenance.model_dump(include={"id", "debut", "fin", "motif_fin", "fin_par"}),
        "role": lu.role,
        "role_libelle": ROLES[lu.role].libelle,
        "services": [ServiceNomme(id=service, nom=lu.noms[service]) for service in appartenance.services if service in lu.noms],
        "etat": lu.etat,
        "derniere_connexion": lu.derniere_connexion,
    }
