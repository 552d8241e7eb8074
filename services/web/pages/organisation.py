"""For whom one acts: told, and changed."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from services.kit.problems import Problem
from services.web.acces import Connecte, ConnexionRequiseError, Visiteur, protege_partout, si_encore_connecte, web_de
from services.web.rendu import page, vers
from services.web.saisie import VIERGE, Saisie

router = APIRouter(prefix="/organisation")


@router.get("")
async def montrer(request: Request, visiteur: Connecte) -> Response:
    return await _montrer(request, visiteur, VIERGE)


@router.post("")
async def basculer(request: Request, vers_qui: Annotated[str, Form(alias="vers")] = "") -> Response:
    visiteur = await protege_partout(request)
    web = web_de(request)
    try:
        session = await web.sessions.basculer(visiteur.identifiant, web.api, vers_qui)
    except Problem as problem:
        si_encore_connecte(problem)
        return await _montrer(request, visiteur, Saisie("organisation", {"vers": vers_qui}, problem))
    if session is None:
        raise ConnexionRequiseError
    return vers(request, "/organisation?change=1")


async def _montrer(request: Request, visiteur: Visiteur, saisie: Saisie) -> Response:
    return page(
        request,
        "organisation.html",
        statut=saisie.probleme.status if saisie.probleme else 200,
        places=await visiteur.api.mes_appartenances(),
        change="change" in request.query_params,
        saisie=saisie,
    )
