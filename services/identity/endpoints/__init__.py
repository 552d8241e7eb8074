"""HTTP of identity: parse, call the use case, answer. One file a topic."""

from fastapi import APIRouter

from services.identity.endpoints import comptes, connexion, imports, lecture, mandats, ouvertures, sessions

TOPICS = (comptes, connexion, imports, lecture, mandats, ouvertures, sessions)

router = APIRouter(prefix="/api/identity/v1")
for topic in TOPICS:
    router.include_router(topic.router)
