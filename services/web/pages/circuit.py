"""What happens to a request of the collectivité, and when: told in words, changed by the gestionnaire principal."""

import asyncio
import re
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from services.contracts.acteur import Droit
from services.contracts.inscriptions import Delai, EtapeAvis, UniteDelai
from services.kit.problems import FieldError, Invalid, Problem
from services.web.acces import Connecte, Protege, Visiteur, si_encore_connecte
from services.web.rendu import page, vers
from services.web.saisie import VIERGE, Saisie

router = APIRouter(prefix="/circuit")

NOMBRES = re.compile(r"[\s,;]+")


@router.get("")
async def montrer(request: Request, visiteur: Connecte) -> Response:
    return await _montrer(request, visiteur, VIERGE)


@router.post("")
async def changer(
    request: Request,
    visiteur: Protege,
    version: Annotated[str, Form()] = "",
    avis: Annotated[str, Form()] = "",
    delai: Annotated[str, Form()] = "",
    unite: Annotated[str, Form()] = UniteDelai.JOURS_OUVRES,
    relances: Annotated[str, Form()] = "",
    veille: Annotated[str, Form()] = "",
    escalade: Annotated[str, Form()] = "",
) -> Response:
    valeurs = {"avis": avis, "delai": delai, "unite": unite, "relances": relances, "veille": veille, "escalade": escalade}
    try:
        etapes = [_etape(delai, unite, relances, veille=bool(veille), escalade=bool(escalade))] if avis == "oui" else []
        await visiteur.api.changer_circuit(etapes, depuis=_entier(version, "version"))
    except Problem as problem:
        si_encore_connecte(problem)
        return await _montrer(request, visiteur, Saisie("circuit", valeurs, problem))
    return vers(request, "/circuit?enregistre=1")


async def _montrer(request: Request, visiteur: Visiteur, saisie: Saisie) -> Response:
    circuit, versions = await asyncio.gather(visiteur.api.circuit(), visiteur.api.versions_du_circuit())
    return page(
        request,
        "circuit.html",
        statut=saisie.probleme.status if saisie.probleme else 200,
        circuit=circuit,
        versions=versions,
        etape=circuit.etapes[0] if circuit.etapes else None,
        modifiable=visiteur.acteur.peut(Droit.REGLER_COLLECTIVITE),
        enregistre="enregistre" in request.query_params,
        saisie=saisie,
    )


def _etape(delai: str, unite: str, relances: str, *, veille: bool, escalade: bool) -> EtapeAvis:
    unite_choisie = UniteDelai.SECONDES if unite == UniteDelai.SECONDES else UniteDelai.JOURS_OUVRES
    return EtapeAvis(
        delai=Delai(valeur=_entier(delai, "delai"), unite=unite_choisie),
        relances=tuple(
            Delai(valeur=_entier(nombre, "relances"), unite=unite_choisie) for nombre in NOMBRES.split(relances.strip()) if nombre
        ),
        relance_la_veille=veille,
        escalade_suppleant=escalade,
    )


def _entier(texte: str, champ: str) -> int:
    if not re.fullmatch(r"[0-9]{1,6}", texte.strip()):
        raise Invalid("Le circuit est à corriger.", errors=[FieldError(champ=champ, message="Écrivez un nombre entier, en chiffres.")])
    return int(texte)
