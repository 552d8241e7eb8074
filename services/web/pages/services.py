"""The tree of services of the collectivité."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from services.contracts.acteur import Droit
from services.kit.problems import NotFound, Problem
from services.web import formats_fiches as formats
from services.web.acces import Connecte, Protege, Visiteur, champs_envoyes, si_encore_connecte
from services.web.choix_agent import Choix
from services.web.modeles_fiches import ServiceFiche
from services.web.rendu import page, vers
from services.web.saisie import VIERGE, Saisie, cle_d_idempotence

router = APIRouter(prefix="/services")
ACTIONS = formats.ACTIONS | {"creation": "Service créé", "modification": "Service modifié"}


@router.get("")
async def lister(request: Request, visiteur: Connecte) -> Response:
    return await _lister(request, visiteur, VIERGE)


@router.post("")
async def creer(request: Request, visiteur: Protege) -> Response:
    saisi = await champs_envoyes(request)
    try:
        cle = cle_d_idempotence(saisi.get("cle", ""), *saisi.values())
        await visiteur.api.creer_un_service(await _corps(visiteur, saisi, None), cle=cle)
    except Problem as problem:
        si_encore_connecte(problem)
        return await _lister(request, visiteur, Saisie("service", saisi, problem))
    return vers(request, "/services?enregistre=1")


@router.get("/{service_id}")
async def montrer(request: Request, visiteur: Connecte, service_id: UUID, cursor: str = "") -> Response:
    return await _montrer(request, visiteur, service_id, VIERGE, cursor)


@router.post("/{service_id}")
async def modifier(request: Request, visiteur: Protege, service_id: UUID) -> Response:
    saisi = await champs_envoyes(request)
    try:
        connu = _trouve(await visiteur.api.services(), service_id)
        await visiteur.api.modifier_un_service(service_id, await _corps(visiteur, saisi, connu), lue=saisi.get("lue", ""))
    except Problem as problem:
        si_encore_connecte(problem)
        return await _montrer(request, visiteur, service_id, Saisie("service", saisi, problem), "")
    return vers(request, "/services?enregistre=1")


@router.post("/{service_id}/suppression")
async def supprimer(request: Request, visiteur: Protege, service_id: UUID) -> Response:
    try:
        await visiteur.api.supprimer_un_service(service_id)
    except Problem as problem:
        si_encore_connecte(problem)
        return await _montrer(request, visiteur, service_id, Saisie("suppression", {}, problem), "")
    return vers(request, "/services?enregistre=1")


async def _lister(request: Request, visiteur: Visiteur, saisie: Saisie) -> Response:
    services = await visiteur.api.services()
    return page(
        request,
        "services.html",
        statut=saisie.probleme.status if saisie.probleme else 200,
        noeuds=formats.arbre(services),
        gere=visiteur.acteur.peut(Droit.GERER_AGENTS),
        valeurs=saisie.valeurs,
        enregistre="enregistre" in request.query_params,
        saisie=saisie,
    )


async def _montrer(request: Request, visiteur: Visiteur, service_id: UUID, saisie: Saisie, cursor: str) -> Response:
    services = await visiteur.api.services()
    service = _trouve(services, service_id)
    remplie = saisie.pour("service")
    return page(
        request,
        "service.html",
        statut=saisie.probleme.status if saisie.probleme else 200,
        service=service,
        noeuds=formats.arbre(services),
        gere=visiteur.acteur.peut(Droit.GERER_AGENTS),
        valeurs=remplie.valeurs if remplie.formulaire else _valeurs(service),
        changements=await visiteur.api.changements_d_un_service(service_id, cursor=cursor),
        actions=ACTIONS,
        cursor=cursor,
        saisie=saisie,
    )


def _trouve(services: Sequence[ServiceFiche], service_id: UUID) -> ServiceFiche:
    for service in services:
        if service.id == service_id:
            return service
    raise NotFound("Ce service n’existe pas, ou ne vous est pas accessible.")


def _valeurs(service: ServiceFiche) -> dict[str, str]:
    return {
        "code": service.code,
        "nom": service.nom,
        "parent_id": str(service.parent_id or ""),
        "responsable_id": service.responsable or "",
        "suppleant_id": service.suppleant or "",
    }


async def _corps(visiteur: Visiteur, saisi: Mapping[str, str], connu: ServiceFiche | None) -> dict[str, Any]:
    """What the API takes; who led and still does is not looked for again."""
    personnes: dict[str, str | None] = {}
    for champ in ("responsable_id", "suppleant_id"):
        deja = (getattr(connu, champ.removesuffix("_id")) or "", getattr(connu, champ)) if connu else ("", None)
        trouve = await Choix(champ, saisi.get(champ, ""), *deja).resoudre(visiteur.api)
        personnes[champ] = str(trouve) if trouve else None
    return {"code": saisi.get("code", ""), "nom": saisi.get("nom", ""), "parent_id": saisi.get("parent_id") or None, **personnes}
