"""What the pages ask about collectivités, and the letter of their opening."""

from typing import Any
from uuid import UUID

import httpx

from services.web.modeles import Page
from services.web.modeles_collectivites import Collectivite, CollectiviteResume, Situation


class ApiCollectivites:
    """A part of `Api`, which brings the two ways to call."""

    _appeler: Any
    _lire: Any

    async def lettre_d_ouverture(self, ouverture_id: UUID) -> httpx.Response:
        reponse: httpx.Response = await self._appeler("GET", f"identity/v1/ouvertures/{ouverture_id}/lettre")
        return reponse

    async def collectivites(self, *, q: str = "", etat: str = "", cursor: str = "") -> Page[CollectiviteResume]:
        params = {"q": q, "etat": etat, "cursor": cursor}
        lue: Page[CollectiviteResume] = await self._lire(Page[CollectiviteResume], "GET", "identity/v1/collectivites", params=params)
        return lue

    async def collectivite(self, collectivite_id: UUID) -> Collectivite:
        lue: Collectivite = await self._lire(Collectivite, "GET", f"identity/v1/collectivites/{collectivite_id}")
        return lue

    async def situation(self, collectivite_id: UUID) -> Situation:
        lue: Situation = await self._lire(Situation, "GET", f"identity/v1/collectivites/{collectivite_id}/situation")
        return lue

    async def changer_l_etat(self, collectivite_id: UUID, etat: str, motif: str, *, cle: str) -> Situation:
        corps = {"etat": etat, "motif": motif}
        lue: Situation = await self._lire(Situation, "POST", f"identity/v1/collectivites/{collectivite_id}/etat", json=corps, cle=cle)
        return lue
