"""The papers of a request, brought from the archive to who may read them."""

from uuid import UUID

from fastapi import APIRouter, Response

from services.web.acces import Connecte
from services.web.rendu import statique

router = APIRouter(prefix="/documents")

# Browsers show a PDF with a viewer of theirs, which the policy of the pages would stop.
POLITIQUE_DU_PDF = "frame-ancestors 'none'"


@router.get("/{document_id}")
async def telecharger(visiteur: Connecte, document_id: UUID) -> Response:
    reponse = await visiteur.api.contenu(document_id)
    entetes = {
        "Content-Disposition": reponse.headers.get("content-disposition", "attachment"),
        "Content-Security-Policy": POLITIQUE_DU_PDF,
    }
    return Response(reponse.content, media_type="application/pdf", headers=entetes)


@router.get("/{document_id}/version-html")
async def lire(visiteur: Connecte, document_id: UUID) -> Response:
    """The accessible twin of the PDF, as archived; only its presentation is ours."""
    reponse = await visiteur.api.version_html(document_id)
    presentation = "".join(
        (
            f'<link rel="icon" href="{statique("marque.svg")}" type="image/svg+xml">',
            f'<link rel="stylesheet" href="{statique("polices.css")}">',
            f'<link rel="stylesheet" href="{statique("papier.css")}">',
        )
    )
    jumeau = reponse.content.replace(b"</head>", presentation.encode() + b"</head>", 1)
    return Response(jumeau, media_type="text/html; charset=utf-8")
