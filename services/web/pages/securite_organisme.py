"""What the structures of the organisme require of the accounts of their people, and help for those who lost their second factors."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from services.kit.problems import Problem
from services.web.acces import Connecte, Protege, Visiteur, si_encore_connecte
from services.web.rendu import page, vers
from services.web.saisie import VIERGE, Saisie, exiger

router = APIRouter(prefix="/securite")


@router.get("")
async def montrer(request: Request, visiteur: Connecte) -> Response:
    return await _montrer(request, visiteur, VIERGE)


@router.post("/structures")
async def regler(request: Request, visiteur: Protege, exigent: Annotated[list[str] | None, Form()] = None) -> Response:
    """Each structure whose box differs from what it requires today."""
    cochees = frozenset(exigent or ())
    try:
        for structure in await visiteur.api.exigences_des_structures():
            if structure.second_facteur_exige != (structure.code in cochees):
                await visiteur.api.exiger_d_une_structure(structure.code, exige=structure.code in cochees)
    except Problem as problem:
        si_encore_connecte(problem)
        return await _montrer(request, visiteur, Saisie("structures", {}, problem))
    return vers(request, "/securite?enregistre=1")


@router.post("/secours")
async def secourir(
    request: Request, visiteur: Protege, identifiant: Annotated[str, Form()] = "", motif: Annotated[str, Form()] = ""
) -> Response:
    saisi = {"identifiant": identifiant, "motif": motif}
    try:
        await visiteur.api.secourir(exiger(identifiant, "identifiant"), exiger(motif, "motif"))
    except Problem as problem:
        si_encore_connecte(problem)
        return await _montrer(request, visiteur, Saisie("secours", saisi, problem))
    return vers(request, "/securite?secouru=1")


async def _montrer(request: Request, visiteur: Visiteur, saisie: Saisie) -> Response:
    return page(
        request,
        "securite_organisme.html",
        statut=saisie.probleme.status if saisie.probleme else 200,
        structures=await visiteur.api.exigences_des_structures(),
        enregistre="enregistre" in request.query_params,
        secouru="secouru" in request.query_params,
        saisie=saisie,
    )
