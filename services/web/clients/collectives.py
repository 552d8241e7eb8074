"""The calls by which a gestionnaire registers agents."""

from collections.abc import Sequence
from uuid import UUID

from services.web.clients.base import Client
from services.web.modeles_collectives import Candidats, Collective


class ClientCollectives(Client):
    async def candidats(self, session_id: UUID, *, q: str = "", service: str = "") -> Candidats:
        return await self._lire(Candidats, "GET", f"inscriptions/v1/sessions/{session_id}/candidats", params={"q": q, "service": service})

    async def inscrire(self, session_id: UUID, agents: Sequence[str], motif: str, *, choix: str, essai: bool, cle: str) -> Collective:
        corps = {"session_id": str(session_id), "agents": list(agents), "motif": motif, "choix": choix, "essai": essai}
        return await self._lire(Collective, "POST", "inscriptions/v1/inscriptions/collectives", json=corps, cle=cle)
