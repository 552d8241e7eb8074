"""HTTP of the service."""

from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Request, Response

from services.contracts.acteur import Acteur
from services.documents import service
from services.documents.archive import Archive
from services.documents.schemas import DocumentList, Verification
from services.kit.auth import bearer
from services.kit.http import Tx

router = APIRouter(prefix="/api/documents/v1", tags=["documents"])

Qui = Annotated[Acteur, Depends(bearer(Acteur))]


def _archive(request: Request) -> Archive:
    archive: Archive = request.app.state.archive
    return archive


def _repond(media_type: str) -> dict[int | str, dict[str, Any]]:
    return {200: {"content": {media_type: {}}}, 304: {"description": "Le lecteur a déjà ce contenu."}}


Archives = Annotated[Archive, Depends(_archive)]

# A content never changes under its hash, but who may read it does: each reading asks, and is told « unchanged ».
CACHE = "private, no-cache"

Connu = Annotated[str | None, Header(alias="If-None-Match")]


async def _contenu(archive: Archive, empreinte: str, connu: str | None, media_type: str, disposition: str = "inline") -> Response:
    etiquette = f'"{empreinte}"'
    entetes = {"ETag": etiquette, "Cache-Control": CACHE}
    if connu is not None and etiquette in connu:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=entetes)
    # Whole, and not piece by piece: nothing may leave before its hash is known to be right.
    return Response(await archive.lire(empreinte), media_type=media_type, headers={**entetes, "Content-Disposition": disposition})


@router.get("/documents")
async def lister(inscription_id: UUID, acteur: Qui, tx: Tx) -> DocumentList:
    """The papers of a request that the reader may see."""
    return await service.lister(tx, acteur, inscription_id)


@router.get("/documents/{document_id}/contenu", response_class=Response, responses=_repond("application/pdf"))
async def telecharger(document_id: UUID, acteur: Qui, tx: Tx, archive: Archives, connu: Connu = None) -> Response:
    """The PDF."""
    document = await service.lire(tx, acteur, document_id)
    disposition = f'inline; filename="{service.nom_fichier(document)}"'
    return await _contenu(archive, document.empreinte, connu, "application/pdf", disposition)


@router.get("/documents/{document_id}/version-html", response_class=Response, responses=_repond("text/html"))
async def lire_en_html(document_id: UUID, acteur: Qui, tx: Tx, archive: Archives, connu: Connu = None) -> Response:
    """The accessible twin of the PDF."""
    document = await service.lire(tx, acteur, document_id)
    return await _contenu(archive, document.empreinte_html, connu, "text/html; charset=utf-8")


@router.get("/verification/{reference}")
async def verifier(reference: str, tx: Tx) -> Verification:
    """Whether a paper with this reference was made here. Public; the answer has the same shape whatever it is."""
    return await service.verifier(tx, reference)
