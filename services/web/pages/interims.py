"""Who stands in for whom, from when to when."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Request, Response

from services.contracts.acteur import Droit
from services.kit.problems import Problem
from services.web import formats_fiches as formats
from services.web.acces import Connecte, Protege, Visiteur, si_encore_connecte
from services.web.choix_agent import Choix
from services.web.rendu import page, vers
from services.web.saisie import VIERGE, Saisie, cle_d_idempotence, jour_saisi

router = APIRouter(prefix="/interims")


@router.get("")
async def lister(request: Request, visiteur: Connecte) -> Response:
    return await _lister(request, visiteur, VIERGE)


@router.post("")
async def confier(
    request: Request,
    visiteur: Protege,
    remplace_id: Annotated[str, Form()] = "",
    service_id: Annotated[str, Form()] = "",
    interimaire_id: Annotated[str, Form()] = "",
    debut: Annotated[str, Form()] = "",
    fin: Annotated[str, Form()] = "",
    motif: Annotated[str, Form()] = "",
    cle: Annotated[str, Form()] = "",
) -> Response:
    saisi = {
        "remplace_id": remplace_id,
        "service_id": service_id,
        "interimaire_id": interimaire_id,
        "debut": debut,
        "fin": fin,
        "motif": motif,
        "cle": cle,
    }
    try:
        corps = {**await _personnes(visiteur, remplace_id, interimaire_id), "service_id": service_id or None, "motif": motif}
        dates = {"debut": jour_saisi(debut, "debut").isoformat(), "fin": jour_saisi(fin, "fin").isoformat()}
        await visiteur.api.confier_un_interim({**corps, **dates}, cle=cle_d_idempotence(cle, *saisi.values()))
    except Problem as problem:
        si_encore_connecte(problem)
        return await _lister(request, visiteur, Saisie("interim", saisi, problem))
    return vers(request, "/interims?enregistre=1")


@router.post("/{interim_id}/annulation")
async def annuler(request: Request, visiteur: Protege, interim_id: UUID) -> Response:
    try:
        await visiteur.api.annuler_un_interim(interim_id)
    except Problem as problem:
        si_encore_connecte(problem)
        return await _lister(request, visiteur, Saisie("annulation", {}, problem))
    return vers(request, "/interims?enregistre=1")


async def _lister(request: Request, visiteur: Visiteur, saisie: Saisie) -> Response:
    interims = await visiteur.api.interims()
    return page(
        request,
        "interims.html",
        statut=saisie.probleme.status if saisie.probleme else 200,
        utiles=[interim for interim in reversed(interims) if interim.etat in {"en_cours", "a_venir"}],
        passes=[interim for interim in interims if interim.etat in {"termine", "annule"}],
        noeuds=formats.arbre(await visiteur.api.services()),
        etats=formats.ETATS_INTERIM,
        gere=visiteur.acteur.peut(Droit.GERER_AGENTS),
        enregistre="enregistre" in request.query_params,
        saisie=saisie,
    )


async def _personnes(visiteur: Visiteur, remplace: str, interimaire: str) -> dict[str, Any]:
    trouves = {
        champ: await Choix(champ, texte).resoudre(visiteur.api)
        for champ, texte in (("remplace_id", remplace), ("interimaire_id", interimaire))
    }
    return {champ: str(trouve) if trouve else None for champ, trouve in trouves.items()}
