"""What the API answers about registering agents for a session, as the pages show it."""

from uuid import UUID

from services.contracts.base import Message
from services.contracts.inscriptions import Etat


class LigneCollective(Message):
    """What becomes, or would become, of one agent; `obstacle` says why nothing."""

    agent_id: UUID
    nom_complet: str
    service: str
    etat: Etat | None
    etat_libelle: str
    obstacle: str | None
    avertissements: list[str]
    inscription_id: UUID | None = None
    numero: str | None = None
    priorite: int | None = None


class Collective(Message):
    appliquee: bool
    possibles: int
    impossibles: int
    lignes: list[LigneCollective]


class Candidats(Message):
    services: list[str]
    lignes: list[LigneCollective]
    tronque: bool
