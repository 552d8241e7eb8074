"""The avis given through the link of a mail, without an account. Showing it changes nothing: mail scanners open links."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from services.contracts.inscriptions import SensAvis
from services.kit.problems import FieldError, Invalid, Problem
from services.web.acces import FormulairePublic, web_de
from services.web.rendu import page, vers
from services.web.saisie import VIERGE, Saisie

router = APIRouter(prefix="/avis")


@router.get("/{jeton}")
async def montrer(request: Request, jeton: str) -> Response:
    return await _montrer(request, jeton, VIERGE)


@router.post("/{jeton}", dependencies=[FormulairePublic])
async def rendre(request: Request, jeton: str, sens: Annotated[str, Form()] = "", commentaire: Annotated[str, Form()] = "") -> Response:
    commentaire = commentaire.strip()
    try:
        if sens not in {SensAvis.FAVORABLE, SensAvis.SOUS_RESERVE, SensAvis.DEFAVORABLE}:
            raise Invalid("Votre avis n’est pas complet.", errors=[FieldError(champ="sens", message="Choisissez l’un des trois avis.")])
        await web_de(request).api.donner_avis(jeton, sens, commentaire)
    except Problem as problem:
        return await _montrer(request, jeton, Saisie("avis", {"sens": sens, "commentaire": commentaire}, problem))
    return vers(request, f"/avis/{jeton}?rendu=1")


async def _montrer(request: Request, jeton: str, saisie: Saisie) -> Response:
    demande = await web_de(request).api.demande_avis(jeton)
    statut = saisie.probleme.status if saisie.probleme else 200
    return page(
        request,
        "avis.html",
        statut=statut,
        formulaire_public=True,
        demande=demande,
        jeton=jeton,
        vient_d_etre_rendu="rendu" in request.query_params,
        saisie=saisie,
    )
