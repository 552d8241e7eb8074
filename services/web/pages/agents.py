"""The agents of the collectivité: found, registered, corrected, left and come back."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Request, Response

from services.contracts.acteur import Droit
from services.kit.problems import Problem
from services.web import formats_fiches as formats
from services.web.acces import Connecte, Protege, Visiteur, champs_envoyes, si_encore_connecte
from services.web.choix_agent import Choix
from services.web.modeles_fiches import AgentFiche
from services.web.rendu import page, vers
from services.web.saisie import VIERGE, Saisie, cle_d_idempotence, exiger, jour_saisi

router = APIRouter(prefix="/agents")
LISTES = {"civilites": formats.CIVILITES, "statuts": formats.STATUTS, "categories": formats.CATEGORIES, "filieres": formats.FILIERES}


@router.get("")
async def lister(request: Request, visiteur: Connecte, q: str = "", cursor: str = "") -> Response:
    gere = visiteur.acteur.peut(Droit.GERER_AGENTS)
    return page(
        request,
        "agents.html",
        agents=await visiteur.api.agents(q=q, cursor=cursor),
        q=q,
        cursor=cursor,
        gere=gere,
        corrections=len(await visiteur.api.corrections()) if gere else 0,
    )


@router.get("/nouveau")
async def nouveau(request: Request, visiteur: Connecte) -> Response:
    return await _formulaire(request, visiteur, None, VIERGE)


@router.post("/nouveau")
async def enregistrer(request: Request, visiteur: Protege) -> Response:
    saisi = await champs_envoyes(request)
    try:
        corps = await _corps(visiteur, saisi)
        cle = cle_d_idempotence(saisi.get("cle", ""), *saisi.values())
        agent = await visiteur.api.enregistrer_un_agent(corps, cle=cle)
    except Problem as problem:
        si_encore_connecte(problem)
        return await _formulaire(request, visiteur, None, Saisie("fiche", saisi, problem))
    return vers(request, f"/agents/{agent.id}?enregistre=1")


@router.get("/{agent_id}")
async def montrer(request: Request, visiteur: Connecte, agent_id: UUID, cursor: str = "") -> Response:
    return await _montrer(request, visiteur, agent_id, VIERGE, cursor)


@router.get("/{agent_id}/modifier")
async def modifier(request: Request, visiteur: Connecte, agent_id: UUID) -> Response:
    return await _formulaire(request, visiteur, await visiteur.api.agent(agent_id), VIERGE)


@router.post("/{agent_id}/modifier")
async def enregistrer_la_modification(request: Request, visiteur: Protege, agent_id: UUID) -> Response:
    saisi = await champs_envoyes(request)
    try:
        await visiteur.api.modifier_un_agent(agent_id, await _corps(visiteur, saisi), lue=saisi.get("lue", ""))
    except Problem as problem:
        si_encore_connecte(problem)
        return await _formulaire(request, visiteur, await visiteur.api.agent(agent_id), Saisie("fiche", saisi, problem))
    return vers(request, f"/agents/{agent_id}?enregistre=1")


@router.post("/{agent_id}/depart")
async def partir(
    request: Request,
    visiteur: Protege,
    agent_id: UUID,
    le: Annotated[str, Form()] = "",
    motif: Annotated[str, Form()] = "",
    successeur_id: Annotated[str, Form()] = "",
) -> Response:
    try:
        corps = {"le": jour_saisi(le, "le").isoformat(), "motif": exiger(motif, "motif")}
        successeur = await Choix("successeur_id", successeur_id).resoudre(visiteur.api)
        await visiteur.api.annoncer_un_depart(agent_id, {**corps, "successeur_id": str(successeur) if successeur else None})
    except Problem as problem:
        si_encore_connecte(problem)
        saisie = Saisie("depart", {"le": le, "motif": motif, "successeur_id": successeur_id}, problem)
        return await _montrer(request, visiteur, agent_id, saisie, "")
    return vers(request, f"/agents/{agent_id}?enregistre=1")


@router.post("/{agent_id}/retour")
async def revenir(request: Request, visiteur: Protege, agent_id: UUID) -> Response:
    await visiteur.api.annuler_un_depart(agent_id)
    return vers(request, f"/agents/{agent_id}?enregistre=1")


@router.post("/{agent_id}/acces")
async def ouvrir_l_acces(request: Request, visiteur: Protege, agent_id: UUID) -> Response:
    try:
        await visiteur.api.ouvrir_l_acces(agent_id)
    except Problem as problem:
        si_encore_connecte(problem)
        return await _montrer(request, visiteur, agent_id, Saisie("acces", {}, problem), "")
    return vers(request, f"/agents/{agent_id}?enregistre=1")


@router.get("/{agent_id}/amenagement")
async def lire_l_amenagement(request: Request, visiteur: Connecte, agent_id: UUID) -> Response:
    """On a page of its own: only opening it reads what it holds."""
    agent, besoin = await visiteur.api.agent(agent_id), await visiteur.api.amenagement(agent_id)
    return page(request, "amenagement.html", agent=agent, besoin=besoin, enregistre="enregistre" in request.query_params)


@router.post("/{agent_id}/amenagement")
async def noter_l_amenagement(request: Request, visiteur: Protege, agent_id: UUID, besoin: Annotated[str, Form()] = "") -> Response:
    try:
        await visiteur.api.noter_l_amenagement(agent_id, besoin)
    except Problem as problem:
        si_encore_connecte(problem)
        agent = await visiteur.api.agent(agent_id)
        saisie = Saisie("amenagement", {"besoin": besoin}, problem)
        return page(request, "amenagement.html", statut=problem.status, agent=agent, besoin=besoin, enregistre=False, saisie=saisie)
    return vers(request, f"/agents/{agent_id}/amenagement?enregistre=1")


async def _montrer(request: Request, visiteur: Visiteur, agent_id: UUID, saisie: Saisie, cursor: str) -> Response:
    agent = await visiteur.api.agent(agent_id)
    lit = visiteur.acteur.peut(Droit.LIRE_COLLECTIVITE)
    return page(
        request,
        "agent.html",
        statut=saisie.probleme.status if saisie.probleme else 200,
        agent=agent,
        changements=await visiteur.api.changements_d_un_agent(agent_id, cursor=cursor) if lit else None,
        cursor=cursor,
        gere=visiteur.acteur.peut(Droit.GERER_AGENTS),
        voit_les_besoins=visiteur.acteur.peut(Droit.LIRE_AMENAGEMENTS),
        statuts=formats.STATUTS,
        acces=formats.ACCES,
        actions=formats.ACTIONS,
        enregistre="enregistre" in request.query_params,
        saisie=saisie,
    )


async def _formulaire(request: Request, visiteur: Visiteur, agent: AgentFiche | None, saisie: Saisie) -> Response:
    valeurs: Mapping[str, str] = saisie.valeurs
    if not saisie.formulaire:
        valeurs = {**formats.saisie_de(agent), "superieur_id": await _superieur(visiteur, agent)} if agent else {"temps_travail": "100"}
    return page(
        request,
        "agent_formulaire.html",
        statut=saisie.probleme.status if saisie.probleme else 200,
        agent=agent,
        valeurs=valeurs,
        # What the form was first filled with, so that an untouched supérieur is not looked for again.
        superieur_connu=valeurs.get("superieur_connu", valeurs.get("superieur_id", "")),
        superieur_connu_id=valeurs.get("superieur_connu_id", str(agent.superieur_id or "") if agent else ""),
        services=formats.arbre(await visiteur.api.services()),
        ressemblance=saisie.probleme is not None and saisie.probleme.slug == "agent-ressemblant",
        listes=LISTES,
        saisie=saisie,
    )


async def _superieur(visiteur: Visiteur, agent: AgentFiche) -> str:
    """The agent's own supérieur, as the field shows him; the head of the service is not written there."""
    if agent.superieur_id is None:
        return ""
    if agent.superieur is not None and agent.superieur.agent_id == agent.superieur_id:
        return agent.superieur.nom_complet
    try:
        return (await visiteur.api.agent(agent.superieur_id)).nom_complet
    except Problem as problem:
        if problem.status != HTTPStatus.NOT_FOUND:
            raise
        # Out of the services that the visitor manages: he leaves him as he is, or names another.
        return "Supérieur d’un autre service"


async def _corps(visiteur: Visiteur, saisi: Mapping[str, str]) -> dict[str, Any]:
    """What the API takes, from what the form sent."""
    connu_id = saisi.get("superieur_connu_id", "")
    choix = Choix("superieur_id", saisi.get("superieur_id", ""), saisi.get("superieur_connu", ""), UUID(connu_id) if connu_id else None)
    superieur_id = await choix.resoudre(visiteur.api)
    corps: dict[str, Any] = {champ: saisi.get(champ, "") for champ in formats.CHAMPS if champ != "service_id"}
    return {
        **corps,
        "service_id": saisi.get("service_id") or None,
        "superieur_id": str(superieur_id) if superieur_id else None,
        "confirme": saisi.get("confirme") == "oui",
    }
