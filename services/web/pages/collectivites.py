"""The collectivités of one's ressort: found, read, suspended, closed, reopened."""

import asyncio
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Form, Request, Response

from services.kit.problems import FieldError, Invalid, Problem
from services.web.acces import Connecte, Protege, Visiteur, si_encore_connecte
from services.web.formats_collectivites import EFFETS, ETATS, GESTES
from services.web.formats_ouvertures import NATURES
from services.web.modeles_collectivites import EtatCollectivite
from services.web.rendu import page, vers
from services.web.saisie import VIERGE, Saisie, cle_d_idempotence

router = APIRouter(prefix="/collectivites")


@router.get("")
async def lister(request: Request, visiteur: Connecte, q: str = "", etat: str = "", cursor: str = "") -> Response:
    choisi = EtatCollectivite(etat) if etat in set(EtatCollectivite) else None
    collectivites = await visiteur.api.collectivites(q=q, etat=choisi or "", cursor=cursor)
    filtres = {nom: valeur for nom, valeur in (("q", q), ("etat", choisi or "")) if valeur}
    return page(
        request,
        "collectivites.html",
        collectivites=collectivites,
        adresse=f"/collectivites?{urlencode(filtres)}" if filtres else "/collectivites",
        q=q,
        etat=choisi,
        etats=ETATS,
        cursor=cursor,
    )


@router.get("/{collectivite_id}")
async def montrer(request: Request, visiteur: Connecte, collectivite_id: UUID) -> Response:
    return await _montrer(request, visiteur, collectivite_id, VIERGE)


@router.post("/{collectivite_id}/etat")
async def changer(
    request: Request,
    visiteur: Protege,
    collectivite_id: UUID,
    etat: Annotated[str, Form()] = "",
    motif: Annotated[str, Form()] = "",
    cle: Annotated[str, Form()] = "",
) -> Response:
    try:
        if not motif.strip():
            message = "Écrivez le motif\N{NO-BREAK SPACE}: la collectivité le lira."
            raise Invalid("La saisie est à corriger.", errors=[FieldError(champ="motif", message=message)])
        await visiteur.api.changer_l_etat(collectivite_id, etat, motif, cle=cle_d_idempotence(cle, etat, motif))
    except Problem as problem:
        si_encore_connecte(problem)
        return await _montrer(request, visiteur, collectivite_id, Saisie("etat", {"motif": motif, "cle": cle}, problem))
    return vers(request, f"/collectivites/{collectivite_id}")


async def _montrer(request: Request, visiteur: Visiteur, collectivite_id: UUID, saisie: Saisie) -> Response:
    collectivite, situation = await asyncio.gather(visiteur.api.collectivite(collectivite_id), visiteur.api.situation(collectivite_id))
    return page(
        request,
        "fiche_collectivite.html",
        statut=saisie.probleme.status if saisie.probleme else 200,
        collectivite=collectivite,
        situation=situation,
        etats=ETATS,
        gestes=GESTES,
        effets=EFFETS,
        natures=NATURES,
        saisie=saisie,
    )
