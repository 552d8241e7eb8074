"""Requests: the list, and one of them with who holds it, its timeline, its papers and what the reader may decide."""

from collections.abc import Awaitable
from http import HTTPStatus
from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Form, Request, Response

from services.contracts.acteur import Droit
from services.contracts.inscriptions import Etat, Issue
from services.kit.problems import Problem
from services.web.acces import Connecte, Protege, Visiteur, si_encore_connecte, web_de
from services.web.dossier import Dossier, reunir
from services.web.modeles import InscriptionDetail
from services.web.rendu import page, vers
from services.web.saisie import VIERGE, Saisie, cle_d_idempotence
from services.web.settings import Settings

router = APIRouter(prefix="/inscriptions")


@router.get("")
async def lister(request: Request, visiteur: Connecte, etat: str = "", cursor: str = "") -> Response:
    choisi = Etat(etat) if etat in set(Etat) else None
    trouvees = await visiteur.api.inscriptions(etat=choisi, cursor=cursor)
    return page(request, "inscriptions.html", trouvees=trouvees, etat=choisi, cursor=cursor)


@router.get("/{inscription_id}")
async def montrer(request: Request, visiteur: Connecte, inscription_id: UUID) -> Response:
    return await _montrer(request, visiteur, inscription_id, VIERGE)


@router.get("/{inscription_id}/suivi")
async def suivre(request: Request, visiteur: Connecte, inscription_id: UUID, vu: str = "", etat: str = "") -> Response:
    """What changed since the browser looked: nothing, or the followed parts of the page anew."""
    dossier = await reunir(visiteur.api, inscription_id)
    if dossier.empreinte == vu:
        return Response(status_code=HTTPStatus.NO_CONTENT)
    return page(
        request,
        "_suivi_change.html",
        dossier=dossier,
        a_change_d_etat=dossier.etat_en_bref != etat,
        **_entourage(web_de(request).settings, visiteur, dossier),
    )


@router.post("/{inscription_id}/validation")
async def valider(
    request: Request,
    visiteur: Protege,
    inscription_id: UUID,
    issue: Annotated[str, Form()] = "",
    motif: Annotated[str, Form()] = "",
    cle: Annotated[str, Form()] = "",
) -> Response:
    decision = Issue.REFUSER if issue == Issue.REFUSER else Issue.VALIDER
    saisie = Saisie(f"validation-{decision}", {"motif": motif.strip(), "cle": cle})
    envoi = visiteur.api.valider(inscription_id, decision, motif.strip(), cle=cle_d_idempotence(cle, decision, motif.strip()))
    return await _decider(request, visiteur, inscription_id, envoi, saisie)


@router.post("/{inscription_id}/instruction")
async def instruire(
    request: Request,
    visiteur: Protege,
    inscription_id: UUID,
    issue: Annotated[str, Form()] = "",
    motif: Annotated[str, Form()] = "",
    cle: Annotated[str, Form()] = "",
) -> Response:
    if issue not in {Issue.ACCEPTER, Issue.LISTE_ATTENTE, Issue.REFUSER}:
        raise Problem("decision-inconnue", "Cette décision n’existe pas.", detail="Rechargez la page, puis décidez de nouveau.")
    decision = Issue(issue)
    saisie = Saisie(f"instruction-{decision}", {"motif": motif.strip(), "cle": cle})
    envoi = visiteur.api.instruire(inscription_id, decision, motif.strip(), cle=cle_d_idempotence(cle, decision, motif.strip()))
    return await _decider(request, visiteur, inscription_id, envoi, saisie)


@router.post("/{inscription_id}/retrait")
async def retirer(
    request: Request,
    visiteur: Protege,
    inscription_id: UUID,
    motif: Annotated[str, Form()] = "",
    cle: Annotated[str, Form()] = "",
) -> Response:
    saisie = Saisie("retrait", {"motif": motif.strip(), "cle": cle})
    envoi = visiteur.api.retirer(inscription_id, motif.strip(), cle=cle_d_idempotence(cle, motif.strip()))
    return await _decider(request, visiteur, inscription_id, envoi, saisie)


async def _decider(
    request: Request, visiteur: Visiteur, inscription_id: UUID, envoi: Awaitable[InscriptionDetail], saisie: Saisie
) -> Response:
    try:
        await envoi
    except Problem as problem:
        si_encore_connecte(problem)
        return await _montrer(request, visiteur, inscription_id, Saisie(saisie.formulaire, saisie.valeurs, problem))
    return vers(request, f"/inscriptions/{inscription_id}?fait={saisie.formulaire}")


async def _montrer(request: Request, visiteur: Visiteur, inscription_id: UUID, saisie: Saisie) -> Response:
    dossier = await reunir(visiteur.api, inscription_id)
    response = page(
        request,
        "inscription.html",
        statut=saisie.probleme.status if saisie.probleme else HTTPStatus.OK,
        dossier=dossier,
        saisie=saisie,
        fait=request.query_params.get("fait", "depot" if "depot" in request.query_params else ""),
        **_entourage(web_de(request).settings, visiteur, dossier),
    )
    if saisie.probleme and saisie.probleme.retry_after:
        response.headers["Retry-After"] = str(saisie.probleme.retry_after)
    return response


def _entourage(settings: Settings, visiteur: Visiteur, dossier: Dossier) -> dict[str, Any]:
    """Who looks, and the address of the circuit for who may operate it."""
    demande = dossier.demande
    adresse = None
    if settings.temporal_ui_url and visiteur.acteur.peut(Droit.OPERER):
        espace = quote(settings.temporal_namespace, safe="")
        adresse = f"{settings.temporal_ui_url.rstrip('/')}/namespaces/{espace}/workflows/{quote(demande.workflow_id, safe='')}"
    return {"adresse_du_circuit": adresse}
