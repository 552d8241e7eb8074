"""The terms of use that collectivités accept."""

from fastapi import APIRouter, Request, Response

from services.web.acces import PeutEtreConnecte
from services.web.rendu import page

router = APIRouter()


@router.get("/conditions")
async def montrer(request: Request, _: PeutEtreConnecte) -> Response:
    return page(request, "conditions.html")
