"""Where one acts, and the mandates between collectivités."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from services.web.clients.base import Client
from services.web.modeles import Jetons, Page
from services.web.modeles_mandats import Appartenance, CollectiviteTrouvee, Mandat

MANDATS = "identity/v1/mandats"


class ClientMandats(Client):
    async def mes_appartenances(self) -> list[Appartenance]:
        return await self._lire_tout(Appartenance, "identity/v1/moi/appartenances")

    async def basculer(self, renouvellement: str, vers: str) -> Jetons:
        return await self._lire(Jetons, "POST", "identity/v1/sessions/bascule", json={"refresh_token": renouvellement, "vers": vers})

    async def mandats(self, *, q: str = "", cursor: str = "") -> Page[Mandat]:
        return await self._lire(Page[Mandat], "GET", MANDATS, params={"q": q, "cursor": cursor})

    async def mandat(self, mandat_id: UUID) -> Mandat:
        return await self._lire(Mandat, "GET", f"{MANDATS}/{mandat_id}")

    async def chercher_une_collectivite(self, q: str) -> list[CollectiviteTrouvee]:
        return await self._lire_tout(CollectiviteTrouvee, f"{MANDATS}/collectivites", params={"q": q})

    async def proposer_un_mandat(self, corps: Mapping[str, Any], *, cle: str) -> Mandat:
        return await self._lire(Mandat, "POST", MANDATS, json=corps, cle=cle)

    async def decider_d_un_mandat(self, mandat_id: UUID, acte: str, motif: str) -> Mandat:
        return await self._lire(Mandat, "POST", f"{MANDATS}/{mandat_id}/decision", json={"acte": acte, "motif": motif})
