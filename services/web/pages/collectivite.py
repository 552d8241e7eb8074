"""How the collectivité is set: one short page a topic, and what changed."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response

from services.contracts.acteur import Droit
from services.kit.problems import Problem
from services.web import formats_parametres as formats
from services.web.acces import Connecte, Protege, Visiteur, si_encore_connecte
from services.web.rendu import page, vers
from services.web.saisie import VIERGE, Saisie

router = APIRouter(prefix="/collectivite")

IDENTITE = ("adresse", "code_postal", "ville", "email", "effectif", "autorite_nom", "autorite_qualite")


@router.get("")
async def montrer(request: Request, visiteur: Connecte) -> Response:
    demarrage = await visiteur.api.demarrage()
    regle = _regle(visiteur)
    sous_mandat = visiteur.acteur.mandat is not None
    sujets = [sujet for sujet in formats.SUJETS if (regle or not sujet.reserve) and not (sous_mandat and sujet.chez_soi)]
    return page(request, "collectivite.html", sujets=sujets, demarrage=demarrage, regle=regle)


@router.get("/identite")
async def lire_l_identite(request: Request, visiteur: Connecte) -> Response:
    return await _identite(request, visiteur, VIERGE)


@router.post("/identite")
async def changer_l_identite(request: Request, visiteur: Protege) -> Response:
    saisi = {nom: str(valeur) for nom, valeur in (await request.form()).items() if nom != "csrf"}
    try:
        await visiteur.api.changer_l_identite({champ: saisi.get(champ, "") for champ in IDENTITE}, lue=saisi.get("lue", ""))
    except Problem as problem:
        si_encore_connecte(problem)
        return await _identite(request, visiteur, Saisie("identite", saisi, problem))
    return vers(request, "/collectivite/identite?enregistre=1")


@router.get("/preinscription")
async def lire_la_preinscription(request: Request, visiteur: Connecte) -> Response:
    return await _preinscription(request, visiteur, VIERGE)


@router.post("/preinscription")
async def changer_la_preinscription(
    request: Request, visiteur: Protege, permise: Annotated[str, Form()] = "", lue: Annotated[str, Form()] = ""
) -> Response:
    try:
        await visiteur.api.changer_la_preinscription(permise=permise == "oui", lue=lue)
    except Problem as problem:
        si_encore_connecte(problem)
        return await _preinscription(request, visiteur, Saisie("preinscription", {"permise": permise, "lue": lue}, problem))
    return vers(request, "/collectivite/preinscription?enregistre=1")


@router.get("/transferts")
async def lire_les_transferts(request: Request, visiteur: Connecte) -> Response:
    return await _transferts(request, visiteur, VIERGE, None)


@router.post("/transferts")
async def changer_les_transferts(
    request: Request, visiteur: Protege, gabarits: Annotated[list[str] | None, Form()] = None, lue: Annotated[str, Form()] = ""
) -> Response:
    coches = gabarits or []
    try:
        await visiteur.api.changer_les_transferts(coches, lue=lue)
    except Problem as problem:
        si_encore_connecte(problem)
        return await _transferts(request, visiteur, Saisie("transferts", {"lue": lue}, problem), coches)
    return vers(request, "/collectivite/transferts?enregistre=1")


@router.get("/historique")
async def lire_l_historique(request: Request, visiteur: Connecte, cursor: str = "") -> Response:
    reglages = await visiteur.api.reglages(cursor=cursor)
    return page(request, "collectivite_historique.html", reglages=reglages, cursor=cursor)


async def _identite(request: Request, visiteur: Visiteur, saisie: Saisie) -> Response:
    identite = await visiteur.api.identite()
    valeurs = saisie.valeurs if saisie.formulaire else {champ: str(getattr(identite, champ)) for champ in IDENTITE}
    suite = {"identite": identite, "valeurs": valeurs, "lue": saisie.lue(identite.etiquette)}
    return _sujet(request, visiteur, "collectivite_identite.html", saisie, **suite)


async def _preinscription(request: Request, visiteur: Visiteur, saisie: Saisie) -> Response:
    preinscription = await visiteur.api.preinscription()
    permise = saisie.valeur("permise") if saisie.formulaire else "oui" if preinscription.preinscription_agents else "non"
    suite = {"preinscription": preinscription, "permise": permise, "lue": saisie.lue(preinscription.etiquette)}
    return _sujet(request, visiteur, "collectivite_preinscription.html", saisie, **suite)


async def _transferts(request: Request, visiteur: Visiteur, saisie: Saisie, coches: list[str] | None) -> Response:
    transferts = await visiteur.api.transferts()
    suite = {"transferts": transferts, "coches": transferts.gabarits if coches is None else coches}
    return _sujet(request, visiteur, "collectivite_transferts.html", saisie, lue=saisie.lue(transferts.etiquette), **suite)


def _sujet(request: Request, visiteur: Visiteur, gabarit: str, saisie: Saisie, **suite: Any) -> Response:
    return page(
        request,
        gabarit,
        statut=saisie.probleme.status if saisie.probleme else 200,
        regle=_regle(visiteur),
        enregistre="enregistre" in request.query_params,
        saisie=saisie,
        **suite,
    )


def _regle(visiteur: Visiteur) -> bool:
    return visiteur.acteur.peut(Droit.REGLER_COLLECTIVITE)
