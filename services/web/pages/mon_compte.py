"""One's own account: who one is here, one's password, where one is logged in."""

import asyncio
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request, Response

from services.kit.problems import FieldError, Invalid, Problem
from services.web.acces import COOKIE_SESSION, Connecte, Protege, Visiteur, retirer_cookie, si_encore_connecte, web_de
from services.web.pages.activation import exiger_repete
from services.web.rendu import page, vers
from services.web.saisie import VIERGE, Saisie

router = APIRouter(prefix="/mon-compte")


@router.get("")
async def montrer(request: Request, visiteur: Connecte) -> Response:
    return await _montrer(request, visiteur, VIERGE)


@router.post("/mot-de-passe")
async def changer(
    request: Request,
    visiteur: Protege,
    ancien: Annotated[str, Form()] = "",
    nouveau: Annotated[str, Form()] = "",
    confirmation: Annotated[str, Form()] = "",
) -> Response:
    try:
        if not ancien:
            raise Invalid("La saisie est à corriger.", errors=[FieldError(champ="ancien", message="Écrivez votre mot de passe actuel.")])
        exiger_repete(nouveau, confirmation, "nouveau")
        await visiteur.api.changer_mot_de_passe(ancien, nouveau)
    except Problem as problem:
        si_encore_connecte(problem)
        return await _montrer(request, visiteur, Saisie("mot_de_passe", {}, problem))
    return await _a_reconnecter(request, visiteur, "mot-de-passe")


@router.post("/sessions/{session_id}/fermeture")
async def fermer(request: Request, visiteur: Protege, session_id: UUID) -> Response:
    try:
        await visiteur.api.fermer_une_session(session_id)
    except Problem as problem:
        if problem.status != HTTPStatus.NOT_FOUND:
            raise
        # It ended meanwhile: what was wanted is so.
    return vers(request, "/mon-compte?fermee=1")


@router.post("/deconnexion-partout")
async def se_deconnecter_partout(request: Request, visiteur: Protege) -> Response:
    await visiteur.api.se_deconnecter_partout()
    return await _a_reconnecter(request, visiteur, "partout")


async def _a_reconnecter(request: Request, visiteur: Visiteur, fin: str) -> Response:
    """His tokens are revoked: this session ends too."""
    await web_de(request).sessions.fermer(visiteur.identifiant)
    response = vers(request, f"/connexion?fin={fin}")
    retirer_cookie(response, COOKIE_SESSION)
    return response


async def _montrer(request: Request, visiteur: Visiteur, saisie: Saisie) -> Response:
    sessions, adresse, tiers = await asyncio.gather(visiteur.api.mes_sessions(), visiteur.api.mon_adresse(), web_de(request).tiers.nom())
    return page(
        request,
        "mon_compte.html",
        statut=saisie.probleme.status if saisie.probleme else 200,
        sessions=sessions,
        adresse=adresse,
        tiers=tiers,
        fermee="fermee" in request.query_params,
        saisie=saisie,
    )
