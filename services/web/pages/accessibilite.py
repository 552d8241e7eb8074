"""The accessibility statement."""

from fastapi import APIRouter, Request, Response

from services.web.acces import PeutEtreConnecte
from services.web.rendu import page

router = APIRouter()


@router.get("/accessibilite")
async def declaration(request: Request, _: PeutEtreConnecte) -> Response:
    return page(request, "accessibilite.html")
