"""The address of one's account: its change is asked for here, and answered by the links of the two mails. Showing changes nothing."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from services.kit.problems import FieldError, Invalid, Problem
from services.web.acces import Connecte, FormulairePublic, Protege, Visiteur, si_encore_connecte, web_de
from services.web.rendu import page, vers
from services.web.saisie import VIERGE, Saisie

router = APIRouter()

MESSAGES = {
    "demande": "Deux messages sont partis\N{NO-BREAK SPACE}: confirmez depuis la nouvelle adresse et depuis l’actuelle.",
    "abandon": "Le changement est abandonné\N{NO-BREAK SPACE}: votre adresse reste la même.",
}


@router.get("/mon-compte/adresse")
async def montrer(request: Request, visiteur: Connecte, fait: str = "") -> Response:
    return await _montrer(request, visiteur, VIERGE, MESSAGES.get(fait))


@router.post("/mon-compte/adresse")
async def demander(
    request: Request, visiteur: Protege, nouvelle: Annotated[str, Form()] = "", mot_de_passe: Annotated[str, Form()] = ""
) -> Response:
    try:
        _exiger(nouvelle, mot_de_passe)
        await visiteur.api.changer_d_adresse(nouvelle.strip(), mot_de_passe)
    except Problem as problem:
        si_encore_connecte(problem)
        return await _montrer(request, visiteur, Saisie("adresse", {"nouvelle": nouvelle}, problem))
    return vers(request, "/mon-compte/adresse?fait=demande")


@router.post("/mon-compte/adresse/abandon")
async def abandonner(request: Request, visiteur: Protege) -> Response:
    await visiteur.api.garder_mon_adresse()
    return vers(request, "/mon-compte/adresse?fait=abandon")


@router.get("/adresse/{jeton}")
async def lire_le_lien(request: Request, jeton: str) -> Response:
    try:
        lien = await web_de(request).api.lien_d_adresse(jeton)
    except Problem as problem:
        return _lien_perime(request, problem)
    return page(request, "adresse_lien.html", formulaire_public=True, lien=lien, jeton=jeton)


@router.post("/adresse/{jeton}", dependencies=[FormulairePublic])
async def repondre(request: Request, jeton: str, reponse: Annotated[str, Form()] = "") -> Response:
    try:
        suite = await web_de(request).api.repondre_au_lien_d_adresse(jeton, reponse)
    except Problem as problem:
        return _lien_perime(request, problem)
    return page(request, "adresse_suite.html", suite=suite)


def _lien_perime(request: Request, problem: Problem) -> Response:
    if problem.status not in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}:
        raise problem
    return page(request, "adresse_perimee.html", statut=problem.status, probleme=problem)


async def _montrer(request: Request, visiteur: Visiteur, saisie: Saisie, message: str | None = None) -> Response:
    adresse = await visiteur.api.mon_adresse()
    statut = saisie.probleme.status if saisie.probleme else HTTPStatus.OK
    return page(request, "adresse.html", statut=statut, adresse=adresse, saisie=saisie, message=message)


def _exiger(nouvelle: str, mot_de_passe: str) -> None:
    erreurs = []
    if not nouvelle.strip():
        erreurs.append(FieldError(champ="nouvelle", message="Écrivez la nouvelle adresse."))
    if not mot_de_passe:
        erreurs.append(FieldError(champ="mot_de_passe", message="Écrivez votre mot de passe actuel."))
    if erreurs:
        raise Invalid("La saisie est à compléter.", errors=erreurs)
