"""What the collectivité requires of the accounts of its gestionnaires."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request, Response

from services.kit.problems import Forbidden, Problem
from services.web.acces import Connecte, Protege, Visiteur, si_encore_connecte
from services.web.rendu import page, vers
from services.web.saisie import VIERGE, Saisie

router = APIRouter(prefix="/collectivite/securite")


@router.get("")
async def montrer(request: Request, visiteur: Connecte) -> Response:
    return await _montrer(request, visiteur, VIERGE)


@router.post("")
async def regler(request: Request, visiteur: Protege, exige: Annotated[str, Form()] = "") -> Response:
    try:
        await visiteur.api.exiger(_collectivite(visiteur), exige=exige == "oui")
    except Problem as problem:
        si_encore_connecte(problem)
        return await _montrer(request, visiteur, Saisie("securite", {"exige": exige}, problem))
    return vers(request, "/collectivite/securite?enregistre=1")


async def _montrer(request: Request, visiteur: Visiteur, saisie: Saisie) -> Response:
    return page(
        request,
        "securite_collectivite.html",
        statut=saisie.probleme.status if saisie.probleme else 200,
        exige=await visiteur.api.exigence(_collectivite(visiteur)),
        enregistre="enregistre" in request.query_params,
        saisie=saisie,
    )


def _collectivite(visiteur: Visiteur) -> UUID:
    if visiteur.acteur.collectivite_id is None:
        raise Forbidden("Cette page est celle des collectivités.")
    return visiteur.acteur.collectivite_id
