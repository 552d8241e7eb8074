"""The gestionnaires of the collectivité: invited, given another role, ended with what they held handed over."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from services.contracts.acteur import Droit
from services.kit.problems import Problem
from services.web import formats_fiches, formats_parametres
from services.web.acces import Connecte, Protege, Visiteur, si_encore_connecte
from services.web.choix_agent import Choix
from services.web.modeles_parametres import Gestionnaire
from services.web.rendu import page, vers
from services.web.saisie import VIERGE, Saisie, cle_d_idempotence, exiger

router = APIRouter(prefix="/collectivite/gestionnaires")


@router.get("")
async def lister(request: Request, visiteur: Connecte) -> Response:
    return await _lister(request, visiteur, VIERGE)


@router.post("")
async def inviter(request: Request, visiteur: Protege) -> Response:
    saisi = await _saisi(request)
    try:
        await visiteur.api.inviter_un_gestionnaire(invitation(saisi), cle=cle_d_idempotence(saisi.get("cle", ""), *saisi.values()))
    except Problem as problem:
        si_encore_connecte(problem)
        return await _lister(request, visiteur, Saisie("invitation", saisi, problem))
    return vers(request, "/collectivite/gestionnaires?enregistre=1")


@router.get("/{gestionnaire_id}")
async def montrer(request: Request, visiteur: Connecte, gestionnaire_id: UUID) -> Response:
    return await _montrer(request, visiteur, gestionnaire_id, VIERGE)


@router.post("/{gestionnaire_id}")
async def modifier(request: Request, visiteur: Protege, gestionnaire_id: UUID) -> Response:
    saisi = await _saisi(request)
    try:
        await visiteur.api.modifier_un_gestionnaire(gestionnaire_id, _acces(saisi), lue=saisi.get("lue", ""))
    except Problem as problem:
        si_encore_connecte(problem)
        return await _montrer(request, visiteur, gestionnaire_id, Saisie("acces", saisi, problem))
    return vers(request, f"/collectivite/gestionnaires/{gestionnaire_id}?enregistre=1")


@router.post("/{gestionnaire_id}/invitation")
async def inviter_de_nouveau(request: Request, visiteur: Protege, gestionnaire_id: UUID) -> Response:
    saisi = await _saisi(request)
    try:
        await visiteur.api.inviter_de_nouveau(gestionnaire_id, cle=cle_d_idempotence(saisi.get("cle", "")))
    except Problem as problem:
        si_encore_connecte(problem)
        return await _montrer(request, visiteur, gestionnaire_id, Saisie("renvoi", saisi, problem))
    return vers(request, f"/collectivite/gestionnaires/{gestionnaire_id}?envoye=1")


@router.post("/{gestionnaire_id}/fin")
async def finir(request: Request, visiteur: Protege, gestionnaire_id: UUID) -> Response:
    saisi = await _saisi(request)
    try:
        successeur = await Choix("successeur_id", saisi.get("successeur_id", "")).resoudre(visiteur.api)
        corps = {
            "motif": exiger(saisi.get("motif", ""), "motif"),
            "repreneur_id": saisi.get("repreneur_id") or None,
            "successeur_id": str(successeur) if successeur else None,
            "reste_agent": bool(saisi.get("reste_agent")),
        }
        await visiteur.api.mettre_fin_a_un_acces(gestionnaire_id, corps)
    except Problem as problem:
        si_encore_connecte(problem)
        return await _montrer(request, visiteur, gestionnaire_id, Saisie("fin", saisi, problem))
    return vers(request, "/collectivite/gestionnaires?fini=1")


@router.post("/{gestionnaire_id}/second-facteur")
async def secourir(request: Request, visiteur: Protege, gestionnaire_id: UUID) -> Response:
    saisi = await _saisi(request)
    try:
        await visiteur.api.secourir_un_gestionnaire(gestionnaire_id, exiger(saisi.get("raison", ""), "raison"))
    except Problem as problem:
        si_encore_connecte(problem)
        return await _montrer(request, visiteur, gestionnaire_id, Saisie("secours", saisi, problem))
    return vers(request, f"/collectivite/gestionnaires/{gestionnaire_id}?secouru=1")


def invitation(saisi: Mapping[str, str]) -> dict[str, Any]:
    """What the API takes, from the form of this page or of the first steps."""
    return {**{champ: saisi.get(champ, "") for champ in ("prenom", "nom", "email")}, **_acces(saisi)}


async def _saisi(request: Request) -> dict[str, str]:
    """The form; the services, several, stand together in one text."""
    formulaire = await request.form()
    saisi = {nom: str(valeur) for nom, valeur in formulaire.items() if nom not in {"csrf", "services"}}
    return {**saisi, "services": ",".join(str(service) for service in formulaire.getlist("services"))}


def _acces(saisi: Mapping[str, str]) -> dict[str, Any]:
    return {"role": saisi.get("role", ""), "services": [service for service in saisi.get("services", "").split(",") if service]}


async def _lister(request: Request, visiteur: Visiteur, saisie: Saisie) -> Response:
    gestionnaires = await visiteur.api.gestionnaires()
    regle = _nomme(visiteur)
    return page(
        request,
        "gestionnaires.html",
        statut=saisie.probleme.status if saisie.probleme else 200,
        en_fonction=[gestionnaire for gestionnaire in gestionnaires if gestionnaire.etat != "termine"],
        anciens=[gestionnaire for gestionnaire in gestionnaires if gestionnaire.etat == "termine"],
        noeuds=formats_fiches.arbre(await visiteur.api.services()) if regle else [],
        valeurs=saisie.valeurs or {"role": "gestionnaire"},
        formats=formats_parametres,
        regle=regle,
        enregistre="enregistre" in request.query_params,
        fini="fini" in request.query_params,
        saisie=saisie,
    )


async def _montrer(request: Request, visiteur: Visiteur, gestionnaire_id: UUID, saisie: Saisie) -> Response:
    gestionnaire = await visiteur.api.gestionnaire(gestionnaire_id)
    regle = _nomme(visiteur) and gestionnaire.etat != "termine"
    acces, fin = saisie.pour("acces"), saisie.pour("fin")
    connues = {"role": gestionnaire.role, "services": ",".join(str(service.id) for service in gestionnaire.services)}
    return page(
        request,
        "gestionnaire.html",
        statut=saisie.probleme.status if saisie.probleme else 200,
        gestionnaire=gestionnaire,
        noeuds=formats_fiches.arbre(await visiteur.api.services()) if regle else [],
        repreneurs=_repreneurs(await visiteur.api.gestionnaires(), gestionnaire_id) if regle else {},
        valeurs=acces.valeurs or connues,
        valeurs_fin=fin.valeurs or {"reste_agent": "oui"},
        lue=acces.lue(gestionnaire.etiquette),
        formats=formats_parametres,
        regle=regle,
        enregistre="enregistre" in request.query_params,
        envoye="envoye" in request.query_params,
        secouru="secouru" in request.query_params,
        saisie=saisie,
    )


def _repreneurs(gestionnaires: list[Gestionnaire], sauf: UUID) -> dict[str, str]:
    """Who may take over: the others who deal with requests."""
    return {
        str(autre.id): f"{autre.nom_complet} ({autre.role_libelle})"
        for autre in gestionnaires
        if autre.id != sauf and autre.etat != "termine" and autre.role != "lecture"
    }


def _nomme(visiteur: Visiteur) -> bool:
    """Whether he names gestionnaires. Nobody does for another collectivité, under a mandate."""
    return visiteur.acteur.peut(Droit.REGLER_COLLECTIVITE) and visiteur.acteur.mandat is None
