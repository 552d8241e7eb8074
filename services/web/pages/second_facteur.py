"""One's second factors: an application, passkeys, recovery codes."""

from typing import Annotated
from uuid import UUID

import segno
from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import JSONResponse

from services.kit.problems import FieldError, Invalid, Problem
from services.web.acces import Connecte, Protege, Visiteur, si_encore_connecte, web_de
from services.web.modeles_second_facteur import TotpAEnregistrer
from services.web.pages.connexion_second_facteur import preuve_de_la_cle
from services.web.rendu import page, vers
from services.web.saisie import VIERGE, Saisie

ICI = "/mon-compte/second-facteur"

router = APIRouter(prefix=ICI)

FAITS = {
    "retire": "Ce second facteur est retiré de votre compte.",
    "ajoute": "Ce second facteur est ajouté, et vos autres connexions ont pris fin. Vos codes de secours n’ont pas changé.",
}


@router.get("")
async def montrer(request: Request, visiteur: Connecte) -> Response:
    return await _montrer(request, visiteur, VIERGE)


@router.post("/totp/preparation")
async def preparer_totp(request: Request, visiteur: Protege) -> Response:
    return await _montrer(request, visiteur, VIERGE, await visiteur.api.preparer_totp())


@router.post("/totp")
async def activer_totp(request: Request, visiteur: Protege, code: Annotated[str, Form()] = "") -> Response:
    try:
        if not code.strip():
            raise Invalid("La saisie est à compléter.", errors=[FieldError(champ="code", message="Écrivez le code de l’application.")])
        codes = await visiteur.api.activer_totp(code.strip())
    except Problem as problem:
        si_encore_connecte(problem)
        if not problem.errors:
            return await _montrer(request, visiteur, Saisie("totp", {}, problem))
        # The same secret as before: what the application knows stays right.
        return await _montrer(request, visiteur, Saisie("totp", {}, problem), await visiteur.api.preparer_totp())
    return await _ajoute(request, visiteur, codes)


@router.post("/cles/epreuve")
async def preparer_cle(visiteur: Protege) -> Response:
    return JSONResponse((await visiteur.api.preparer_cle()).model_dump(mode="json"))


@router.post("/cles")
async def enregistrer_cle(
    request: Request,
    visiteur: Protege,
    nom: Annotated[str, Form()] = "",
    epreuve: Annotated[str, Form()] = "",
    cle: Annotated[str, Form()] = "",
) -> Response:
    try:
        if not nom.strip():
            raise Invalid("La saisie est à compléter.", errors=[FieldError(champ="nom", message="Donnez un nom à cette clé.")])
        codes = await visiteur.api.enregistrer_cle(nom.strip(), preuve_de_la_cle(epreuve, cle))
    except Problem as problem:
        si_encore_connecte(problem)
        return await _montrer(request, visiteur, Saisie("cle", {"nom": nom}, problem))
    return await _ajoute(request, visiteur, codes)


@router.post("/totp/retrait")
async def retirer_totp(request: Request, visiteur: Protege, mot_de_passe: Annotated[str, Form()] = "") -> Response:
    try:
        await visiteur.api.retirer_totp(_exiger(mot_de_passe))
    except Problem as problem:
        si_encore_connecte(problem)
        return await _montrer(request, visiteur, Saisie("totp-retrait", {}, problem))
    return await _retire(request, visiteur)


@router.post("/cles/{cle_id}/retrait")
async def retirer_cle(request: Request, visiteur: Protege, cle_id: UUID, mot_de_passe: Annotated[str, Form()] = "") -> Response:
    try:
        await visiteur.api.retirer_cle(cle_id, _exiger(mot_de_passe))
    except Problem as problem:
        si_encore_connecte(problem)
        return await _montrer(request, visiteur, Saisie(f"cle-{cle_id}", {}, problem))
    return await _retire(request, visiteur)


@router.post("/codes")
async def tirer_les_codes(request: Request, visiteur: Protege, mot_de_passe: Annotated[str, Form()] = "") -> Response:
    try:
        codes = await visiteur.api.tirer_les_codes(_exiger(mot_de_passe))
    except Problem as problem:
        si_encore_connecte(problem)
        return await _montrer(request, visiteur, Saisie("codes", {}, problem))
    return page(request, "codes_de_secours.html", codes=codes)


async def _ajoute(request: Request, visiteur: Visiteur, codes: list[str]) -> Response:
    await _renouveler(request, visiteur)
    # Shown now and never again: there is no address to come back to.
    return page(request, "codes_de_secours.html", codes=codes) if codes else vers(request, f"{ICI}?fait=ajoute")


async def _retire(request: Request, visiteur: Visiteur) -> Response:
    await _renouveler(request, visiteur)
    return vers(request, f"{ICI}?fait=retire")


async def _renouveler(request: Request, visiteur: Visiteur) -> None:
    """The rights of whose organisation requires a second factor come and go with it."""
    web = web_de(request)
    await web.sessions.renouveler(visiteur.identifiant, web.api)


def _exiger(mot_de_passe: str) -> str:
    if not mot_de_passe:
        raise Invalid("La saisie est à compléter.", errors=[FieldError(champ="mot_de_passe", message="Écrivez votre mot de passe actuel.")])
    return mot_de_passe


async def _montrer(request: Request, visiteur: Visiteur, saisie: Saisie, totp: TotpAEnregistrer | None = None) -> Response:
    return page(
        request,
        "second_facteur.html",
        statut=saisie.probleme.status if saisie.probleme else 200,
        facteurs=await visiteur.api.second_facteur(),
        totp=totp,
        qr=segno.make(totp.adresse).svg_data_uri(scale=5) if totp else None,
        fait=FAITS.get(request.query_params.get("fait", "")),
        saisie=saisie,
    )
