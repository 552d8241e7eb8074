"""Log in and out."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from services.kit.problems import FieldError, Problem
from services.web.acces import (
    COOKIE_SESSION,
    FormulairePublic,
    PeutEtreConnecte,
    poser_cookie,
    protege_partout,
    retirer_cookie,
    web_de,
)
from services.web.appareil import appareil
from services.web.modeles import Jetons
from services.web.rendu import page, vers
from services.web.saisie import VIERGE, Saisie
from services.web.session import SessionWeb

router = APIRouter()

FINS = {
    "deconnexion": "Vous êtes déconnecté.",
    "partout": "Vous êtes déconnecté de tous vos appareils.",
    "mot-de-passe": "Votre mot de passe est enregistré. Connectez-vous avec lui.",
}
"""Why one is back at the login."""


def chez_nous(suite: str) -> str:
    """The page to go to after the login: one of ours, else the first."""
    return suite if suite.startswith("/") and not suite.startswith(("//", "/\\")) and suite.isprintable() else "/"


@router.get("/connexion")
async def montrer(request: Request, visiteur: PeutEtreConnecte, suite: str = "/", fin: str = "") -> Response:
    if visiteur is not None:
        return vers(request, chez_nous(suite))
    return await formulaire(request, suite, VIERGE, message=FINS.get(fin))


@router.post("/connexion", dependencies=[FormulairePublic])
async def se_connecter(
    request: Request,
    identifiant: Annotated[str, Form()] = "",
    mot_de_passe: Annotated[str, Form()] = "",
    suite: Annotated[str, Form()] = "/",
) -> Response:
    try:
        _exiger(identifiant, mot_de_passe)
        depuis = appareil(request.headers.get("user-agent", ""))
        jetons = await web_de(request).api.ouvrir_session(identifiant.strip(), mot_de_passe, depuis=depuis)
    except Problem as problem:
        if problem.slug == "second-facteur-requis":
            return demander_second_facteur(request, problem.extras["defi"], problem.extras["moyens"], suite, VIERGE)
        return await formulaire(request, suite, Saisie("connexion", {"identifiant": identifiant}, problem))
    return await entrer(request, jetons, suite)


async def formulaire(request: Request, suite: str, saisie: Saisie, message: str | None = None) -> Response:
    """The login, with every way in that there is."""
    statut = saisie.probleme.status if saisie.probleme else HTTPStatus.OK
    valeurs = {"suite": chez_nous(suite), "saisie": saisie, "message": message, "tiers": await web_de(request).tiers.nom()}
    return page(request, "connexion.html", statut=statut, formulaire_public=True, **valeurs)


def demander_second_facteur(request: Request, defi: str, moyens: Sequence[str], suite: str, saisie: Saisie) -> Response:
    """The second page of the login. What holds the first step is in its form, and opens nothing by itself."""
    statut = saisie.probleme.status if saisie.probleme else HTTPStatus.OK
    contexte = {"defi": defi, "moyens": moyens, "suite": chez_nous(suite), "saisie": saisie}
    return page(request, "connexion_second_facteur.html", statut=statut, formulaire_public=True, **contexte)


async def entrer(request: Request, jetons: Jetons, suite: str) -> Response:
    """Open the session of whom identity has recognised."""
    web = web_de(request)
    moi = await web.api.au_nom_de(jetons.access_token).moi()
    session = SessionWeb.ouverte(jetons, moi.organisation)
    ancien = request.cookies.get(COOKIE_SESSION)
    if ancien:
        await web.sessions.fermer(ancien)
    response = vers(request, suite)
    # A new id at each login: one that was known before opens nothing.
    poser_cookie(response, COOKIE_SESSION, await web.sessions.ouvrir(session))
    return response


@router.post("/deconnexion")
async def se_deconnecter(request: Request) -> Response:
    visiteur = await protege_partout(request)
    web = web_de(request)
    await web.sessions.fermer(visiteur.identifiant)
    response = vers(request, "/connexion?fin=deconnexion")
    retirer_cookie(response, COOKIE_SESSION)
    try:
        await web.api.fermer_session(visiteur.session.renouvellement)
    except Problem as problem:
        if problem.status < HTTPStatus.INTERNAL_SERVER_ERROR:
            raise
        # Identity is silent: the tokens are gone from here, and end by themselves.
    return response


def _exiger(identifiant: str, mot_de_passe: str) -> None:
    erreurs = []
    if not identifiant.strip():
        erreurs.append(FieldError(champ="identifiant", message="Écrivez votre identifiant."))
    if not mot_de_passe:
        erreurs.append(FieldError(champ="mot_de_passe", message="Écrivez votre mot de passe."))
    if erreurs:
        raise Problem("saisie-invalide", "La saisie est à compléter.", status=HTTPStatus.UNPROCESSABLE_ENTITY, errors=erreurs)
