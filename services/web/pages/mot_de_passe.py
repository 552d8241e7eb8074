"""A forgotten password: the page says the same whether the account exists or not."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from services.kit.problems import FieldError, Invalid, Problem
from services.web.acces import FormulairePublic, web_de
from services.web.rendu import page, vers
from services.web.saisie import VIERGE, Saisie

router = APIRouter(prefix="/mot-de-passe-oublie")


@router.get("")
async def montrer(request: Request) -> Response:
    return _montrer(request, VIERGE)


@router.post("", dependencies=[FormulairePublic])
async def demander(request: Request, identifiant: Annotated[str, Form()] = "") -> Response:
    try:
        if not identifiant.strip():
            erreur = FieldError(champ="identifiant", message="Écrivez votre identifiant ou votre adresse électronique.")
            raise Invalid("La saisie est à compléter.", errors=[erreur])
        await web_de(request).api.oublier_mot_de_passe(identifiant.strip())
    except Problem as problem:
        return _montrer(request, Saisie("oubli", {"identifiant": identifiant}, problem))
    return vers(request, "/mot-de-passe-oublie?envoye=1")


def _montrer(request: Request, saisie: Saisie) -> Response:
    statut = saisie.probleme.status if saisie.probleme else 200
    envoye = "envoye" in request.query_params
    return page(request, "mot_de_passe_oublie.html", statut=statut, formulaire_public=True, envoye=envoye, saisie=saisie)
