"""The opening of its account, for a collectivité that has none yet: its code and password open a form, then its follow-up."""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response

from services.kit.problems import FieldError, Invalid, Problem
from services.web.acces import FormulairePublic, poser_cookie, web_de
from services.web.client import Api
from services.web.formats_ouvertures import ETAPES, NATURES
from services.web.rendu import page, vers
from services.web.saisie import VIERGE, Saisie

router = APIRouter(prefix="/ouverture")

COOKIE_OUVERTURE = "__Host-iel-ouverture"
GESTIONNAIRES = 3
"""How many the form has room for; others are added later by the gestionnaire principal."""
CHAMPS = ("nom", "nature", "code_insee", "effectif", "adresse", "code_postal", "ville", "email", "autorite_nom", "autorite_qualite")
PERSONNE = ("prenom", "nom", "email")


@router.get("")
async def entrer(request: Request) -> Response:
    return page(request, "ouverture_acces.html", formulaire_public=True)


@router.post("", dependencies=[FormulairePublic])
async def ouvrir(request: Request, code: Annotated[str, Form()] = "", mot_de_passe: Annotated[str, Form()] = "") -> Response:
    try:
        _exiger(code, mot_de_passe)
        acces = await web_de(request).api.ouvrir_son_dossier(code, mot_de_passe)
    except Problem as problem:
        saisie = Saisie("acces", {"code": code}, problem)
        return page(request, "ouverture_acces.html", statut=problem.status, formulaire_public=True, saisie=saisie)
    response = vers(request, "/ouverture/dossier")
    poser_cookie(response, COOKIE_OUVERTURE, acces.jeton)
    return response


@router.get("/dossier")
async def montrer(request: Request) -> Response:
    return await _montrer(request, VIERGE)


@router.post("/dossier", dependencies=[FormulairePublic])
async def deposer(request: Request) -> Response:
    saisi = {nom: str(valeur) for nom, valeur in (await request.form()).items()}
    try:
        await _api(request).deposer_son_dossier(_acces(request), _dossier(saisi))
    except Problem as problem:
        return await _montrer(request, Saisie("dossier", saisi, problem))
    return vers(request, "/ouverture/dossier")


async def _montrer(request: Request, saisie: Saisie) -> Response:
    try:
        dossier = await _api(request).son_dossier(_acces(request))
    except Problem as problem:
        if problem.status != HTTPStatus.UNAUTHORIZED:
            raise
        return vers(request, "/ouverture")
    return page(
        request,
        "ouverture_dossier.html",
        statut=saisie.probleme.status if saisie.probleme else HTTPStatus.OK,
        formulaire_public=True,
        dossier=dossier,
        valeurs=dict(saisie.valeurs) or _valeurs(dossier.dossier, dossier.nom),
        natures=NATURES,
        etapes=ETAPES,
        places=range(GESTIONNAIRES),
        saisie=saisie,
    )


def _dossier(saisi: dict[str, str]) -> dict[str, Any]:
    personnes = [{champ: saisi.get(f"gestionnaires.{rang}.{champ}", "").strip() for champ in PERSONNE} for rang in range(GESTIONNAIRES)]
    return {
        **{champ: saisi.get(champ, "").strip() for champ in CHAMPS},
        # The first is there even when it is empty: what lacks is said beside its fields.
        "gestionnaires": [personne for rang, personne in enumerate(personnes) if not rang or any(personne.values())],
        "conditions": saisi.get("conditions", ""),
    }


def _valeurs(dossier: dict[str, Any], nom: str) -> dict[str, str]:
    """What was filed before, as the fields of the form; at first, only the name."""
    valeurs = {"nom": nom, **{champ: str(dossier[champ]) for champ in CHAMPS if champ in dossier}}
    for rang, personne in enumerate(dossier.get("gestionnaires", [])):
        valeurs |= {f"gestionnaires.{rang}.{champ}": personne[champ] for champ in PERSONNE}
    return valeurs


def _api(request: Request) -> Api:
    return web_de(request).api


def _acces(request: Request) -> str:
    return request.cookies.get(COOKIE_OUVERTURE, "aucun")


def _exiger(code: str, mot_de_passe: str) -> None:
    erreurs = []
    if not code.strip():
        erreurs.append(FieldError(champ="code", message="Écrivez le code qui figure sur la lettre de votre délégation."))
    if not mot_de_passe.strip():
        erreurs.append(FieldError(champ="mot_de_passe", message="Écrivez le mot de passe provisoire reçu par courriel."))
    if erreurs:
        raise Invalid("La saisie est à compléter.", errors=erreurs)
