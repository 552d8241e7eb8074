"""A password chosen through the link of a mail: the first one, or in place of a forgotten one. Showing changes nothing."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from services.kit.problems import FieldError, Invalid, Problem
from services.web.acces import FormulairePublic, web_de
from services.web.rendu import page, vers
from services.web.saisie import VIERGE, Saisie

router = APIRouter()


@router.get("/activation/{jeton}")
@router.get("/mot-de-passe/{jeton}")
async def montrer(request: Request, jeton: str) -> Response:
    return await _montrer(request, jeton, VIERGE)


@router.post("/lien/{jeton}", dependencies=[FormulairePublic])
async def choisir(
    request: Request, jeton: str, mot_de_passe: Annotated[str, Form()] = "", confirmation: Annotated[str, Form()] = ""
) -> Response:
    try:
        exiger_repete(mot_de_passe, confirmation, "mot_de_passe")
        await web_de(request).api.choisir_mot_de_passe(jeton, mot_de_passe)
    except Problem as problem:
        return await _montrer(request, jeton, Saisie("mot_de_passe", {}, problem))
    return vers(request, "/connexion?fin=mot-de-passe")


@router.post("/lien/{jeton}/renvoi", dependencies=[FormulairePublic])
async def renvoyer(request: Request, jeton: str) -> Response:
    await web_de(request).api.renvoyer_lien(jeton)
    return vers(request, "/mot-de-passe-oublie?envoye=1")


async def _montrer(request: Request, jeton: str, saisie: Saisie) -> Response:
    try:
        lien = await web_de(request).api.lien(jeton)
    except Problem as problem:
        if problem.status not in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}:
            raise
        return page(request, "lien_perime.html", statut=problem.status, formulaire_public=True, probleme=problem, jeton=jeton)
    statut = saisie.probleme.status if saisie.probleme else HTTPStatus.OK
    return page(request, "choix_mot_de_passe.html", statut=statut, formulaire_public=True, lien=lien, jeton=jeton, saisie=saisie)


def exiger_repete(mot_de_passe: str, confirmation: str, champ: str) -> None:
    """A password is typed twice: nobody sees it."""
    erreurs = []
    if not mot_de_passe:
        erreurs.append(FieldError(champ=champ, message="Écrivez le nouveau mot de passe."))
    elif mot_de_passe != confirmation:
        erreurs.append(FieldError(champ="confirmation", message="Les deux saisies diffèrent\N{NO-BREAK SPACE}: écrivez deux fois le même."))
    if erreurs:
        raise Invalid("La saisie est à corriger.", errors=erreurs)
