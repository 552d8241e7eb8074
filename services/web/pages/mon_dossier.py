"""What is kept about an agent: read by himself, taken away, corrected; and who answers."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request, Response

from services.kit.problems import Problem
from services.web import formats_fiches as formats
from services.web.acces import Connecte, Protege, Visiteur, si_encore_connecte
from services.web.rendu import page, vers
from services.web.saisie import VIERGE, Saisie, cle_d_idempotence, exiger

router = APIRouter()
LECTURES = {"fiche": "votre fiche", "amenagement": "votre besoin d’aménagement"}


@router.get("/mon-dossier")
async def montrer(request: Request, visiteur: Connecte) -> Response:
    return await _montrer(request, visiteur, VIERGE)


@router.get("/mon-dossier/export")
async def emporter(visiteur: Connecte) -> Response:
    recu = await visiteur.api.emporter_mon_dossier()
    entetes = {nom: recu.headers[nom] for nom in ("Content-Disposition", "Cache-Control")}
    return Response(recu.content, media_type=recu.headers["Content-Type"], headers=entetes)


@router.post("/mon-dossier/corrections")
async def demander(
    request: Request,
    visiteur: Protege,
    champ: Annotated[str, Form()] = "",
    valeur: Annotated[str, Form()] = "",
    precisions: Annotated[str, Form()] = "",
    cle: Annotated[str, Form()] = "",
) -> Response:
    try:
        cle_de_l_envoi = cle_d_idempotence(cle, champ, valeur, precisions)
        await visiteur.api.demander_une_correction(champ, exiger(valeur, "valeur"), precisions, cle=cle_de_l_envoi)
    except Problem as problem:
        si_encore_connecte(problem)
        saisi = {"champ": champ, "valeur": valeur, "precisions": precisions, "cle": cle}
        return await _montrer(request, visiteur, Saisie("correction", saisi, problem))
    return vers(request, "/mon-dossier?enregistre=1")


@router.post("/mon-dossier/besoin")
async def dire_son_besoin(request: Request, visiteur: Protege, besoin: Annotated[str, Form()] = "") -> Response:
    if visiteur.acteur.agent_id is not None:
        try:
            await visiteur.api.noter_l_amenagement(visiteur.acteur.agent_id, besoin)
        except Problem as problem:
            si_encore_connecte(problem)
            return await _montrer(request, visiteur, Saisie("besoin", {"besoin": besoin}, problem))
    return vers(request, "/mon-dossier?enregistre=1")


@router.post("/mon-dossier/emplois/{agent_id}")
async def reunir(request: Request, visiteur: Protege, agent_id: UUID) -> Response:
    await visiteur.api.reunir_une_fiche(agent_id)
    return vers(request, "/mon-dossier?enregistre=1")


@router.get("/corrections")
async def corrections(request: Request, visiteur: Connecte) -> Response:
    return await _corrections(request, visiteur, VIERGE)


@router.post("/corrections/{correction_id}")
async def repondre(
    request: Request, visiteur: Protege, correction_id: UUID, issue: Annotated[str, Form()] = "", reponse: Annotated[str, Form()] = ""
) -> Response:
    try:
        await visiteur.api.repondre_a_une_correction(correction_id, faite=issue == "faite", reponse=reponse)
    except Problem as problem:
        si_encore_connecte(problem)
        return await _corrections(request, visiteur, Saisie(str(correction_id), {"reponse": reponse}, problem))
    return vers(request, "/corrections?enregistre=1")


async def _montrer(request: Request, visiteur: Visiteur, saisie: Saisie) -> Response:
    return page(
        request,
        "mon_dossier.html",
        statut=saisie.probleme.status if saisie.probleme else 200,
        dossier=await visiteur.api.mon_dossier(),
        etats=formats.ETATS_CORRECTION,
        actions=formats.ACTIONS,
        lectures=LECTURES,
        enregistre="enregistre" in request.query_params,
        saisie=saisie,
    )


async def _corrections(request: Request, visiteur: Visiteur, saisie: Saisie) -> Response:
    return page(
        request,
        "corrections.html",
        statut=saisie.probleme.status if saisie.probleme else 200,
        corrections=await visiteur.api.corrections(),
        enregistre="enregistre" in request.query_params,
        saisie=saisie,
    )
