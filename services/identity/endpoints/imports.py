"""Import of agents from a file, dry run first; export; template."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from typing import Annotated, BinaryIO
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse

from services.identity.domain.imports.analyse import Action, Ligne, libelle
from services.identity.domain.imports.colonnes import Entete
from services.identity.endpoints.base import Curseur, Qui, Reglages
from services.identity.models import ImportAgents, LigneImport
from services.identity.schemas.imports import ApplicationCreate, FichierDepose, ImportPublic, LignePublique
from services.identity.service import exports, imports
from services.identity.tableurs.ecriture import TYPES, Format, ecrire
from services.identity.tableurs.feuille import Limites
from services.identity.tableurs.lecture import lire as lire_le_fichier
from services.identity.tableurs.reception import recevoir
from services.kit.clock import day_of, now
from services.kit.http import Ctx, IdempotencyKey, Tx
from services.kit.idempotency import once
from services.kit.pagination import Page

router = APIRouter()

FICHIER = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {"type": "object", "required": ["fichier"], "properties": {"fichier": {"type": "string", "format": "binary"}}}
            }
        },
    }
}
FormatDemande = Annotated[Format, Query(alias="format", description="csv (pour Excel en français) ou xlsx.")]


@router.get("/agents/export", summary="Exporter les agents de sa collectivité", response_class=StreamingResponse)
async def exporter(acteur: Qui, context: Ctx, format_: FormatDemande = Format.CSV) -> StreamingResponse:
    # Two transactions: the trace is committed before the first agent leaves.
    async with context.database.transaction() as session:
        await exports.noter(session, acteur, format_)
    return _fichier(f"agents-{day_of(now()).isoformat()}", format_, ecrire(format_, exports.agents(context.database, acteur)))


@router.get("/imports/modele", summary="Modèle vide d’un fichier d’agents", response_class=StreamingResponse)
async def modele(acteur: Qui, format_: FormatDemande = Format.XLSX) -> StreamingResponse:
    imports.importateur(acteur)
    return _fichier("modele-agents", format_, ecrire(format_, exports.modele()))


# The body is read here and not by FastAPI, which would take in the whole of it before anything is checked.
@router.post("/imports", status_code=201, summary="Déposer un fichier d’agents et l’analyser, sans rien changer", openapi_extra=FICHIER)
async def deposer(request: Request, acteur: Qui, context: Ctx, reglages: Reglages, cle: IdempotencyKey) -> ImportPublic:
    imports.importateur(acteur)
    limites = Limites(reglages.import_octets, reglages.import_lignes)
    recu = await recevoir(request, limites)
    empreinte, entete, lignes = await asyncio.to_thread(_lire, recu.contenu, limites)
    # Opened only now: no connection is held while a file comes in.
    async with context.database.transaction() as session:

        async def action() -> ImportPublic:
            return _public(await imports.deposer(session, acteur, nom=recu.nom, entete=entete, lignes=lignes))

        return await once(
            session,
            key=cle,
            scope=f"import:{acteur.compte_id}",
            request=FichierDepose(nom=recu.nom, empreinte=empreinte),
            reply_model=ImportPublic,
            action=action,
        )


@router.get("/imports", summary="Imports de sa collectivité, les plus récents d’abord")
async def lister(acteur: Qui, tx: Tx, cursor: Curseur = None) -> Page[ImportPublic]:
    lus, suivant = await imports.lister(tx, acteur, cursor=cursor)
    return Page(elements=[_public(lu) for lu in lus], suivant=suivant)


@router.get("/imports/{import_id}", summary="Un import, et où il en est")
async def lire(import_id: UUID, acteur: Qui, tx: Tx) -> ImportPublic:
    return _public(await imports.lire(tx, acteur, import_id))


@router.get("/imports/{import_id}/lignes", summary="Compte rendu d’un import, ligne à ligne")
async def lignes(
    import_id: UUID, acteur: Qui, tx: Tx, action: Action | None = None, avertissements: bool = False, cursor: Curseur = None
) -> Page[LignePublique]:
    lues, suivant = await imports.rapport(tx, acteur, import_id, action=action, avertis=avertissements, cursor=cursor)
    return Page(elements=[_ligne(ligne) for ligne in lues], suivant=suivant)


@router.get("/imports/{import_id}/rapport", summary="Compte rendu d’un import, en fichier", response_class=StreamingResponse)
async def rapport(import_id: UUID, acteur: Qui, tx: Tx, format_: FormatDemande = Format.CSV) -> StreamingResponse:
    lues = await imports.tout_le_rapport(tx, acteur, import_id)
    return _fichier("compte-rendu-import", format_, ecrire(format_, exports.rapport(lues)))


@router.post("/imports/{import_id}/application", status_code=202, summary="Appliquer un import analysé")
async def appliquer(import_id: UUID, corps: ApplicationCreate, acteur: Qui, tx: Tx) -> ImportPublic:
    return _public(await imports.appliquer(tx, acteur, import_id, corps.choix))


@router.post("/imports/{import_id}/abandon", summary="Abandonner un import")
async def abandonner(import_id: UUID, acteur: Qui, tx: Tx) -> ImportPublic:
    return _public(await imports.abandonner(tx, acteur, import_id))


def _lire(contenu: BinaryIO, limites: Limites) -> tuple[str, Entete, list[Ligne]]:
    """The hash of a file, its header and its lines: all that takes time."""
    with contenu:
        empreinte = hashlib.sha256(contenu.read()).hexdigest()
        contenu.seek(0)
        return empreinte, *imports.lignes_de(lire_le_fichier(contenu, limites))


def _fichier(nom: str, format_: Format, contenu: AsyncIterator[bytes]) -> StreamingResponse:
    entetes = {"Content-Disposition": f'attachment; filename="{nom}.{format_}"', "Cache-Control": "no-store"}
    return StreamingResponse(contenu, media_type=TYPES[format_], headers=entetes)


def _public(lu: ImportAgents) -> ImportPublic:
    return ImportPublic.model_validate({**lu.model_dump(), "avancement": {"fait": lu.fait, "total": lu.total}})


def _ligne(lue: LigneImport) -> LignePublique:
    messages = [{**message, "colonne": libelle(message["champ"])} for message in lue.messages]
    return LignePublique.model_validate({**lue.model_dump(), "nom": exports.nom_de(lue), "messages": messages})
