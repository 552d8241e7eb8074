"""HTTP of the service."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

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


Archives = Annotated[Archive, Depends(_archive)]

# A content never changes under its hash: the browser may keep it, for this reader alone.
CACHE = "private, max-age=31536000, immutable"


@router.get("/documents")
async def lister(inscription_id: UUID, acteur: Qui, tx: Tx) -> DocumentList:
    """The papers of a request that the reader may see."""
    return await service.lister(tx, acteur, inscription_id)


@router.get("/documents/{document_id}/contenu", response_class=Response, responses={200: {"content": {"application/pdf": {}}}})
async def telecharger(document_id: UUID, acteur: Qui, tx: Tx, archive: Archives) -> Response:
    """The PDF."""
    document = await service.lire(tx, acteur, document_id)
    entetes = {
        "ETag": f'"{document.empreinte}"',
        "Cache-Control": CACHE,
        "Content-Disposition": f'inline; filename="{service.nom_fichier(document)}"',
    }
    return Response(await archive.lire(document.empreinte), media_type="application/pdf", headers=entetes)


@router.get("/documents/{document_id}/version-html", response_class=Response, responses={200: {"content": {"text/html": {}}}})
async def lire_en_html(document_id: UUID, acteur: Qui, tx: Tx, archive: Archives) -> Response:
    """The accessible twin of the PDF."""
    document = await service.lire(tx, acteur, document_id)
    entetes = {"ETag": f'"{document.empreinte_html}"', "Cache-Control": CACHE}
    return Response(await archive.lire(document.empreinte_html), media_type="text/html; charset=utf-8", headers=entetes)


@router.get("/verification/{reference}")
async def verifier(reference: str, tx: Tx) -> Verification:
    """Whether a paper with this reference was made here. Public; the answer has the same shape whatever it is."""
    return await service.verifier(tx, reference)
