"""The sessions one may ask for, the état du stage, and the deposit of a préinscription."""

import asyncio
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request, Response

from services.contracts.acteur import Droit
from services.kit.problems import Problem
from services.web.acces import Connecte, Protege, Visiteur, si_encore_connecte
from services.web.formats import SANS_SUITE
from services.web.modeles import Inscription
from services.web.rendu import page, vers
from services.web.saisie import VIERGE, Saisie, cle_d_idempotence

router = APIRouter(prefix="/sessions")


@router.get("")
async def lister(request: Request, visiteur: Connecte, q: str = "", structure: str = "", fermees: str = "", cursor: str = "") -> Response:
    q = q.strip()[:200]
    trouvees, structures = await asyncio.gather(
        visiteur.api.sessions(q=q, structure=structure, fermees=bool(fermees), cursor=cursor), visiteur.api.structures()
    )
    return page(
        request, "sessions.html", trouvees=trouvees, structures=structures, q=q, structure=structure, fermees=bool(fermees), cursor=cursor
    )


@router.get("/{session_id}")
async def montrer(request: Request, visiteur: Connecte, session_id: UUID) -> Response:
    return await _montrer(request, visiteur, session_id, VIERGE)


@router.get("/{session_id}/places")
async def montrer_les_places(request: Request, visiteur: Connecte, session_id: UUID, cursor: str = "") -> Response:
    stage, mouvements = await asyncio.gather(visiteur.api.session(session_id), visiteur.api.mouvements_de_places(session_id, cursor=cursor))
    return page(request, "places.html", stage=stage, mouvements=mouvements, cursor=cursor)


@router.post("/{session_id}/inscription")
async def deposer(
    request: Request,
    visiteur: Protege,
    session_id: UUID,
    motivation: Annotated[str, Form()] = "",
    cle: Annotated[str, Form()] = "",
) -> Response:
    motivation = motivation.strip()
    try:
        deposee = await visiteur.api.deposer(session_id, motivation, cle=cle_d_idempotence(cle, str(session_id), motivation))
    except Problem as problem:
        si_encore_connecte(problem)
        return await _montrer(request, visiteur, session_id, Saisie("depot", {"motivation": motivation, "cle": cle}, problem))
    return vers(request, f"/inscriptions/{deposee.id}?depot=1")


async def _montrer(request: Request, visiteur: Visiteur, session_id: UUID, saisie: Saisie) -> Response:
    stage, demande = await asyncio.gather(visiteur.api.session(session_id), _demande_en_cours(visiteur, session_id))
    statut = saisie.probleme.status if saisie.probleme else 200
    return page(
        request,
        "session.html",
        statut=statut,
        stage=stage,
        demande=demande,
        inscrit_des_agents=visiteur.acteur.peut(Droit.GERER_DEMANDES),
        publie=visiteur.acteur.peut(Droit.PUBLIER_SESSIONS),
        saisie=saisie,
    )


async def _demande_en_cours(visiteur: Visiteur, session_id: UUID) -> Inscription | None:
    """The request that this agent already has for this session. The page does not depend on it."""
    if visiteur.acteur.agent_id is None or visiteur.acteur.peut(Droit.LIRE_COLLECTIVITE):
        return None
    try:
        siennes = (await visiteur.api.inscriptions()).elements
    except Problem:
        return None
    return next((demande for demande in siennes if demande.session.id == session_id and demande.etat not in SANS_SUITE), None)
