"""HTTP of the service: parse, authorise, call the use case, answer. One file for each matter."""

from fastapi import APIRouter

from services.inscriptions.endpoints import avis, circuits, collectives, demandes, places

router = APIRouter(prefix="/api/inscriptions/v1", tags=["inscriptions"])
for matiere in (collectives, demandes, avis, circuits, places):
    router.include_router(matiere.router)
