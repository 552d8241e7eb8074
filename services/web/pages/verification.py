"""Anyone may check the reference printed on a paper; nothing personal is told beyond what it shows."""

from fastapi import APIRouter, Request, Response

from services.web.acces import PeutEtreConnecte, web_de
from services.web.rendu import page, vers

router = APIRouter(prefix="/verification")

REFERENCE_AU_PLUS = 60


@router.get("")
async def demander(request: Request, _: PeutEtreConnecte, reference: str = "") -> Response:
    reference = "".join(reference.split()).upper()[:REFERENCE_AU_PLUS]
    if reference.replace("-", "").isalnum():
        return vers(request, f"/verification/{reference}")
    return page(request, "verification.html", verification=None, reference=reference)


@router.get("/{reference}")
async def verifier(request: Request, _: PeutEtreConnecte, reference: str) -> Response:
    verification = await web_de(request).api.verification(reference[:REFERENCE_AU_PLUS])
    return page(request, "verification.html", verification=verification, reference=reference)
