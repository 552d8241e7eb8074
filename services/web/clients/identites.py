"""Login by a third party, and the identities linked to one's account."""

from uuid import UUID

from services.web.clients.base import Client
from services.web.modeles import Jetons
from services.web.modeles_comptes import Depart, Identites, QuiIdentifie, Retour

MIENNES = "identity/v1/moi/identites"
TIERS = "identity/v1/sessions/oidc"


class ClientIdentites(Client):
    async def qui_identifie(self) -> QuiIdentifie:
        return await self._lire(QuiIdentifie, "GET", TIERS)

    async def partir_chez_le_tiers(self, retour: str) -> Depart:
        return await self._lire(Depart, "POST", f"{TIERS}/depart", json={"redirect_uri": retour})

    async def ouvrir_session_tierce(self, retour: Retour, *, depuis: str) -> Jetons:
        return await self._lire(Jetons, "POST", TIERS, json={**retour.model_dump(), "depuis": depuis})

    async def mes_identites(self) -> Identites:
        return await self._lire(Identites, "GET", MIENNES)

    async def lier_une_identite(self, retour: Retour) -> None:
        await self._appeler("POST", MIENNES, json=retour.model_dump())

    async def delier_une_identite(self, identite_id: UUID) -> None:
        await self._appeler("DELETE", f"{MIENNES}/{identite_id}")
