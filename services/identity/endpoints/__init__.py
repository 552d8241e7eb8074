"""HTTP of identity: parse, call the use case, answer. One file a topic."""

from fastapi import APIRouter

from services.identity.endpoints import adresses, comptes, connexion, identifiants, identites, imports, lecture, ouvertures, sessions

TOPICS = (adresses, comptes, connexion, identifiants, identites, imports, lecture, ouvertures, sessions)

router = APIRouter(prefix="/api/identity/v1")
for topic in TOPICS:
    router.include_router(topic.router)
