"""How the people of the collectivité are called when they log in: tried, kept, then applied to who is there."""

import re
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from services.kit.problems import Problem
from services.web.acces import Connecte, Protege, Visiteur, si_encore_connecte
from services.web.modeles_comptes import ApercuIdentifiants, RegleIdentifiants
from services.web.rendu import page, vers
from services.web.saisie import VIERGE, Saisie

router = APIRouter(prefix="/collectivite/identifiants")


@router.get("")
async def montrer(request: Request, visiteur: Connecte) -> Response:
    regle = await visiteur.api.regle_des_identifiants()
    return _page(request, regle, await visiteur.api.apercu_des_identifiants(regle.forme, regle.prefixe))


@router.post("")
async def choisir(
    request: Request,
    visiteur: Protege,
    forme: Annotated[str, Form()] = "",
    prefixe: Annotated[str, Form()] = "",
    depuis: Annotated[str, Form()] = "",
    geste: Annotated[str, Form()] = "",
) -> Response:
    """`geste`: to see what this form would change, or to keep it for the accounts to come."""
    valeurs = {"forme": forme, "prefixe": prefixe}
    try:
        if geste == "enregistrer":
            await visiteur.api.changer_la_regle_des_identifiants(forme, prefixe.strip(), depuis=depuis)
            return vers(request, "/collectivite/identifiants?fait=regle")
        essai = await visiteur.api.apercu_des_identifiants(forme, prefixe.strip())
    except Problem as problem:
        return await _corriger(request, visiteur, Saisie("regle", valeurs, problem))
    return _page(request, await visiteur.api.regle_des_identifiants(), essai, Saisie("regle", valeurs))


@router.post("/application")
async def appliquer(request: Request, visiteur: Protege) -> Response:
    return vers(request, f"/collectivite/identifiants?fait=applique&nombre={await visiteur.api.appliquer_les_identifiants()}")


async def _corriger(request: Request, visiteur: Visiteur, saisie: Saisie) -> Response:
    if saisie.probleme is not None:
        si_encore_connecte(saisie.probleme)
    regle = await visiteur.api.regle_des_identifiants()
    return _page(request, regle, await visiteur.api.apercu_des_identifiants(regle.forme, regle.prefixe), saisie)


def _page(request: Request, regle: RegleIdentifiants, apercu: ApercuIdentifiants, saisie: Saisie = VIERGE) -> Response:
    """`essai`: the preview is that of what is typed, not of the rule kept."""
    nombre = request.query_params.get("nombre", "")
    return page(
        request,
        "identifiants.html",
        statut=saisie.probleme.status if saisie.probleme else HTTPStatus.OK,
        regle=regle,
        apercu=apercu,
        essai=bool(saisie.formulaire) and saisie.probleme is None,
        fait=request.query_params.get("fait", ""),
        nombre=int(nombre) if re.fullmatch("[0-9]{1,7}", nombre) else 0,
        saisie=saisie,
    )
