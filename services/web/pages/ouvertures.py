"""The openings of collectivités, for their délégation: give codes, follow, decide."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request, Response

from services.contracts.ouvertures import EtapeOuverture
from services.kit.problems import Problem
from services.web.acces import Connecte, Protege, Visiteur, si_encore_connecte
from services.web.formats_ouvertures import ETAPES
from services.web.pages.documents import POLITIQUE_DU_PDF
from services.web.rendu import page, vers
from services.web.saisie import VIERGE, Saisie, cle_d_idempotence

router = APIRouter(prefix="/ouvertures")


@router.get("")
async def lister(request: Request, visiteur: Connecte, etape: str = "", cursor: str = "") -> Response:
    return await _lister(request, visiteur, VIERGE, etape, cursor)


@router.post("")
async def remettre(
    request: Request,
    visiteur: Protege,
    siret: Annotated[str, Form()] = "",
    nom: Annotated[str, Form()] = "",
    email: Annotated[str, Form()] = "",
    departement: Annotated[str, Form()] = "",
    delegation: Annotated[str, Form()] = "",
    adresse: Annotated[str, Form()] = "",
    code_postal: Annotated[str, Form()] = "",
    ville: Annotated[str, Form()] = "",
    cle: Annotated[str, Form()] = "",
) -> Response:
    valeurs = {
        "siret": siret,
        "nom": nom,
        "email": email,
        "departement": departement,
        "adresse": adresse,
        "code_postal": code_postal,
        "ville": ville,
        "delegation": delegation,
    }
    try:
        ouverture = await visiteur.api.remettre_les_codes(valeurs, cle=cle_d_idempotence(cle, *valeurs.values()))
    except Problem as problem:
        si_encore_connecte(problem)
        return await _lister(request, visiteur, Saisie("ouverture", {**valeurs, "cle": cle}, problem), "", "")
    return vers(request, f"/ouvertures/{ouverture.id}")


@router.get("/{ouverture_id}")
async def montrer(request: Request, visiteur: Connecte, ouverture_id: UUID) -> Response:
    return await _montrer(request, visiteur, ouverture_id, VIERGE)


@router.get("/{ouverture_id}/lettre")
async def lettre(visiteur: Connecte, ouverture_id: UUID) -> Response:
    """The letter that carries the code, as the API makes it."""
    reponse = await visiteur.api.lettre_d_ouverture(ouverture_id)
    entetes = {
        "Content-Disposition": reponse.headers.get("content-disposition", "inline"),
        "Content-Security-Policy": POLITIQUE_DU_PDF,
        "Cache-Control": "no-store",
    }
    return Response(reponse.content, media_type="application/pdf", headers=entetes)


@router.post("/{ouverture_id}/mot-de-passe")
async def renvoyer(request: Request, visiteur: Protege, ouverture_id: UUID) -> Response:
    await visiteur.api.renvoyer_le_mot_de_passe(ouverture_id)
    return vers(request, f"/ouvertures/{ouverture_id}")


@router.post("/{ouverture_id}/decision")
async def decider(
    request: Request, visiteur: Protege, ouverture_id: UUID, issue: Annotated[str, Form()] = "", motif: Annotated[str, Form()] = ""
) -> Response:
    try:
        await visiteur.api.decider_une_ouverture(ouverture_id, issue, motif)
    except Problem as problem:
        si_encore_connecte(problem)
        return await _montrer(request, visiteur, ouverture_id, Saisie("decision", {"motif": motif}, problem))
    return vers(request, f"/ouvertures/{ouverture_id}")


async def _lister(request: Request, visiteur: Visiteur, saisie: Saisie, etape: str, cursor: str) -> Response:
    choisie = EtapeOuverture(etape) if etape in set(EtapeOuverture) else None
    return page(
        request,
        "ouvertures.html",
        statut=saisie.probleme.status if saisie.probleme else 200,
        ouvertures=await visiteur.api.ouvertures(etape=choisie, cursor=cursor),
        structures=[] if visiteur.acteur.structure else await visiteur.api.structures(),
        etapes=ETAPES,
        etape=choisie,
        cursor=cursor,
        saisie=saisie,
    )


async def _montrer(request: Request, visiteur: Visiteur, ouverture_id: UUID, saisie: Saisie) -> Response:
    ouverture = await visiteur.api.ouverture(ouverture_id)
    statut = saisie.probleme.status if saisie.probleme else 200
    return page(request, "ouverture.html", statut=statut, ouverture=ouverture, etapes=ETAPES, saisie=saisie)
