"""What the pages ask about collectivités, and the letter of their opening."""

from uuid import UUID

import httpx

from services.web.clients.base import Client
from services.web.modeles import Page
from services.web.modeles_collectivites import Collectivite, CollectiviteResume, Situation


class ClientCollectivites(Client):
    async def lettre_d_ouverture(self, ouverture_id: UUID) -> httpx.Response:
        return await self._appeler("GET", f"identity/v1/ouvertures/{ouverture_id}/lettre")

    async def collectivites(self, *, q: str = "", etat: str = "", cursor: str = "") -> Page[CollectiviteResume]:
        params = {"q": q, "etat": etat, "cursor": cursor}
        return await self._lire(Page[CollectiviteResume], "GET", "identity/v1/collectivites", params=params)

    async def collectivite(self, collectivite_id: UUID) -> Collectivite:
        return await self._lire(Collectivite, "GET", f"identity/v1/collectivites/{collectivite_id}")

    async def situation(self, collectivite_id: UUID) -> Situation:
        return await self._lire(Situation, "GET", f"identity/v1/collectivites/{collectivite_id}/situation")

    async def changer_l_etat(self, collectivite_id: UUID, etat: str, motif: str, *, cle: str) -> Situation:
        corps = {"etat": etat, "motif": motif}
        return await self._lire(Situation, "POST", f"identity/v1/collectivites/{collectivite_id}/etat", json=corps, cle=cle)
