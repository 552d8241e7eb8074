"""The second step of a login, and the login by a passkey alone."""

import json
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import JSONResponse

from services.kit.problems import FieldError, Invalid, Problem
from services.web.acces import FormulairePublic, web_de
from services.web.appareil import appareil
from services.web.pages.connexion import demander_second_facteur, entrer, formulaire
from services.web.rendu import vers
from services.web.saisie import Saisie

router = APIRouter(prefix="/connexion")

# What only a new login mends.
A_RECOMMENCER = frozenset({"defi-perime", "acces-termine"})


@router.get("/second-facteur")
async def revenir(request: Request) -> Response:
    """Reached by the history of the browser: what led here is gone."""
    return vers(request, "/connexion")


@router.post("/second-facteur", dependencies=[FormulairePublic])
async def confirmer(
    request: Request,
    defi: Annotated[str, Form()] = "",
    moyens: Annotated[str, Form()] = "",
    suite: Annotated[str, Form()] = "/",
    code: Annotated[str, Form()] = "",
    epreuve: Annotated[str, Form()] = "",
    cle: Annotated[str, Form()] = "",
) -> Response:
    try:
        preuve = preuve_de_la_cle(epreuve, cle) if cle else _preuve_du_code(code)
        jetons = await web_de(request).api.confirmer_session(defi, preuve, depuis=_appareil(request))
    except Problem as problem:
        if problem.slug in A_RECOMMENCER:
            return await formulaire(request, suite, Saisie("cle", {}, problem))
        return demander_second_facteur(request, defi, moyens.split(), suite, Saisie("second_facteur", {}, problem))
    return await entrer(request, jetons, suite)


@router.post("/second-facteur/epreuve", dependencies=[FormulairePublic])
async def eprouver(request: Request, defi: Annotated[str, Form()] = "") -> Response:
    return JSONResponse((await web_de(request).api.eprouver_second_facteur(defi)).model_dump(mode="json"))


@router.post("/cle/epreuve", dependencies=[FormulairePublic])
async def eprouver_cle(request: Request) -> Response:
    return JSONResponse((await web_de(request).api.eprouver_cle()).model_dump(mode="json"))


@router.post("/cle", dependencies=[FormulairePublic])
async def se_connecter_par_cle(
    request: Request,
    suite: Annotated[str, Form()] = "/",
    epreuve: Annotated[str, Form()] = "",
    cle: Annotated[str, Form()] = "",
) -> Response:
    try:
        jetons = await web_de(request).api.ouvrir_par_cle(preuve_de_la_cle(epreuve, cle), depuis=_appareil(request))
    except Problem as problem:
        return await formulaire(request, suite, Saisie("cle", {}, problem))
    return await entrer(request, jetons, suite)


def preuve_de_la_cle(epreuve: str, cle: str) -> dict[str, Any]:
    """What our script put in the form."""
    try:
        return {"epreuve": epreuve, "cle": json.loads(cle)}
    except ValueError as erreur:
        raise Invalid("La clé d’accès n’a pas répondu.", detail="Réessayez.") from erreur


def _preuve_du_code(code: str) -> dict[str, Any]:
    if not code.strip():
        raise Invalid("La saisie est à compléter.", errors=[FieldError(champ="code", message="Écrivez le code.")])
    return {"code": code.strip()}


def _appareil(request: Request) -> str:
    return appareil(request.headers.get("user-agent", ""))
