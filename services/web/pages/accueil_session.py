"""How many a session expects, and how it takes them: changed by who publishes it, with the reason."""

import asyncio
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from services.contracts.catalogue import ModeAdmission
from services.kit.problems import FieldError, Invalid, Problem
from services.web.acces import Connecte, Protege, Visiteur, si_encore_connecte
from services.web.modeles import Stage
from services.web.rendu import page, vers
from services.web.saisie import VIERGE, Saisie

router = APIRouter(prefix="/sessions/{session_id}/accueil")

CHAMPS = ("effectif_attendu", "effectif_minimum", "mode_admission", "liste_attente", "motif", "lue")


@router.get("")
async def montrer(request: Request, visiteur: Connecte, session_id: UUID) -> Response:
    return await _montrer(request, visiteur, session_id, VIERGE)


@router.post("")
async def regler(request: Request, visiteur: Protege, session_id: UUID) -> Response:
    formulaire = await request.form()
    saisi = {champ: str(formulaire.get(champ, "")).strip() for champ in CHAMPS}
    try:
        await visiteur.api.regler_l_accueil(session_id, _corps(saisi), lue=saisi["lue"])
    except Problem as problem:
        si_encore_connecte(problem)
        return await _montrer(request, visiteur, session_id, Saisie("accueil", saisi, problem))
    return vers(request, f"/sessions/{session_id}/accueil?enregistre=1")


async def _montrer(request: Request, visiteur: Visiteur, session_id: UUID, saisie: Saisie) -> Response:
    stage, changements = await asyncio.gather(visiteur.api.session(session_id), visiteur.api.changements_de_session(session_id))
    return page(
        request,
        "accueil_session.html",
        statut=saisie.probleme.status if saisie.probleme else 200,
        stage=stage,
        changements=changements,
        modes=ModeAdmission,
        valeurs=saisie.valeurs or _valeurs(stage),
        lue=saisie.lue(stage.etiquette),
        enregistre="enregistre" in request.query_params,
        saisie=saisie,
    )


def _valeurs(stage: Stage) -> dict[str, str]:
    return {
        "effectif_attendu": str(stage.effectif_attendu),
        "effectif_minimum": str(stage.effectif_minimum),
        "mode_admission": stage.mode_admission,
        "liste_attente": "oui" if stage.liste_attente else "",
        "motif": "",
    }


def _corps(saisi: dict[str, str]) -> dict[str, Any]:
    return {
        "effectif_attendu": _nombre(saisi, "effectif_attendu"),
        "effectif_minimum": _nombre(saisi, "effectif_minimum"),
        "mode_admission": saisi["mode_admission"],
        "liste_attente": saisi["liste_attente"] == "oui",
        "motif": saisi["motif"],
    }


def _nombre(saisi: dict[str, str], champ: str) -> int:
    if not saisi[champ].isdecimal():
        raise Invalid("La saisie est à corriger.", errors=[FieldError(champ=champ, message="Écrivez un nombre entier.")])
    return int(saisi[champ])
