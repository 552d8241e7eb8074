"""The papers of a request, brought from the archive to who may read them."""

from uuid import UUID

import httpx
from fastapi import APIRouter, Response

from services.web.acces import Connecte

router = APIRouter(prefix="/documents")

GARDES = ("content-type", "content-disposition")


@router.get("/{document_id}")
async def telecharger(visiteur: Connecte, document_id: UUID) -> Response:
    return _transmis(await visiteur.api.contenu(document_id))


@router.get("/{document_id}/version-html")
async def lire(visiteur: Connecte, document_id: UUID) -> Response:
    """The accessible twin of the PDF."""
    return _transmis(await visiteur.api.version_html(document_id))


def _transmis(reponse: httpx.Response) -> Response:
    return Response(reponse.content, headers={nom: reponse.headers[nom] for nom in GARDES if nom in reponse.headers})
