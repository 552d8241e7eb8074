"""Agents by files: choose one, read what it would change, apply it; take them all away."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from starlette.datastructures import UploadFile

from services.kit.problems import FieldError, Invalid, Problem
from services.web.acces import Connecte, Protege, Visiteur, si_encore_connecte
from services.web.rendu import page, vers
from services.web.saisie import VIERGE, Saisie, cle_d_idempotence

PLUS_LOURD = 25_000_000
"""Octets of a form that is read at all; the API says more precisely what it takes."""
PATIENCE = 300_000_000
EN_COURS = frozenset({"analyse", "en_application"})
FILTRES: dict[str, tuple[str, dict[str, Any]]] = {
    "": ("Toutes les lignes", {}),
    "erreurs": ("En erreur", {"action": "erreur"}),
    "avertissements": ("Avec un avertissement", {"avertis": True}),
    "creations": ("À créer", {"action": "creer"}),
    "modifications": ("À modifier", {"action": "modifier"}),
}
FORMATS = frozenset({"csv", "xlsx"})


async def peser(request: Request) -> None:
    """Before anything is read: a file beyond reason goes by without being kept, and its sender reads why."""
    annonce = request.headers.get("content-length", "")
    if annonce.isdecimal() and int(annonce) <= PLUS_LOURD:
        return
    passes = 0
    async for morceau in request.stream():
        passes += len(morceau)
        if passes > PATIENCE:
            break
    raise Invalid("Ce fichier est trop lourd.", detail="Partagez-le en plusieurs fichiers, ou enregistrez-le au format CSV.")


router = APIRouter(prefix="/imports")


@router.get("")
async def montrer(request: Request, visiteur: Connecte, cursor: str = "") -> Response:
    return await _montrer(request, visiteur, VIERGE, cursor)


@router.post("", dependencies=[Depends(peser)])
async def deposer(request: Request, visiteur: Protege) -> Response:
    async with request.form() as formulaire:
        cle = str(formulaire.get("cle", ""))
        fichier = formulaire.get("fichier")
        try:
            if not isinstance(fichier, UploadFile) or not fichier.filename:
                raise _sans_fichier()
            cle_de_l_envoi = cle_d_idempotence(cle, fichier.filename, str(fichier.size))
            depose = await visiteur.api.deposer_import(fichier.filename, fichier.file, cle=cle_de_l_envoi)
        except Problem as problem:
            si_encore_connecte(problem)
            return await _montrer(request, visiteur, Saisie("import", {"cle": cle}, problem), "")
    return vers(request, f"/imports/{depose.id}")


@router.get("/fichiers/{nom}")
async def telecharger(visiteur: Connecte, nom: str) -> Response:
    """`agents.csv`, `modele.xlsx`…"""
    quoi, _, format_ = nom.partition(".")
    return await _fichier(visiteur, {"agents": "agents/export", "modele": "imports/modele"}.get(quoi, ""), format_)


@router.get("/{import_id}")
async def suivre(request: Request, visiteur: Connecte, import_id: UUID, lignes: str = "", cursor: str = "") -> Response:
    return await _suivre(request, visiteur, import_id, VIERGE, lignes, cursor)


@router.get("/{import_id}/rapport.csv")
async def rapport(visiteur: Connecte, import_id: UUID) -> Response:
    return await _fichier(visiteur, f"imports/{import_id}/rapport", "csv")


@router.post("/{import_id}/application")
async def appliquer(request: Request, visiteur: Protege, import_id: UUID) -> Response:
    choix = str((await request.form()).get("choix", ""))
    try:
        await visiteur.api.appliquer_import(import_id, choix)
    except Problem as problem:
        si_encore_connecte(problem)
        return await _suivre(request, visiteur, import_id, Saisie("application", {}, problem), "", "")
    return vers(request, f"/imports/{import_id}")


@router.post("/{import_id}/abandon")
async def abandonner(request: Request, visiteur: Protege, import_id: UUID) -> Response:
    await visiteur.api.abandonner_import(import_id)
    return vers(request, "/imports")


async def _montrer(request: Request, visiteur: Visiteur, saisie: Saisie, cursor: str) -> Response:
    return page(
        request,
        "imports.html",
        statut=saisie.probleme.status if saisie.probleme else 200,
        imports=await visiteur.api.imports(cursor=cursor),
        cursor=cursor,
        saisie=saisie,
    )


async def _suivre(request: Request, visiteur: Visiteur, import_id: UUID, saisie: Saisie, filtre: str, cursor: str) -> Response:
    suivi = await visiteur.api.import_d_agents(import_id)
    filtre = filtre if filtre in FILTRES else ""
    lignes = None
    if suivi.etat != "analyse":
        lignes = await visiteur.api.lignes_d_import(import_id, cursor=cursor, **FILTRES[filtre][1])
    return page(
        request,
        "import.html",
        statut=saisie.probleme.status if saisie.probleme else 200,
        suivi=suivi,
        en_cours=suivi.etat in EN_COURS,
        lignes=lignes,
        filtres={cle: nom for cle, (nom, _) in FILTRES.items()},
        filtre=filtre,
        cursor=cursor,
        saisie=saisie,
    )


async def _fichier(visiteur: Visiteur, chemin: str, format_: str) -> Response:
    if not chemin or format_ not in FORMATS:
        raise Problem("introuvable", "Cette page n’existe pas.", status=404)
    reponse = await visiteur.api.fichier_d_agents(chemin, format_)
    entetes = {nom: reponse.headers[nom] for nom in ("content-disposition", "content-type") if nom in reponse.headers}
    return Response(reponse.content, headers={**entetes, "Cache-Control": "no-store"})


def _sans_fichier() -> Invalid:
    return Invalid("Aucun fichier n’a été envoyé.", errors=[FieldError(champ="fichier", message="Choisissez un fichier à importer.")])
