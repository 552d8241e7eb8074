"""HTTP of identity: parse, call the use case, answer. One file a topic."""

from fastapi import APIRouter

from services.identity.endpoints import (
    adresses,
    comptes,
    connexion,
    cycle_de_vie,
    fiches,
    gestionnaires,
    identifiants,
    identites,
    imports,
    lecture,
    mandats,
    ouvertures,
    parametres,
    personnes,
    second_facteur,
    services,
    sessions,
)

TOPICS = (
    comptes,
    connexion,
    identites,
    adresses,
    identifiants,
    cycle_de_vie,
    imports,
    lecture,
    fiches,
    services,
    personnes,
    ouvertures,
    second_facteur,
    sessions,
    gestionnaires,
    parametres,
    mandats,
)

router = APIRouter(prefix="/api/identity/v1")
for topic in TOPICS:
    router.include_router(topic.router)
