"""The calls about one's own file, and the corrections asked for."""

from uuid import UUID

import httpx

from services.web.clients.base import Client
from services.web.modeles_fiches import Correction, CorrectionATraiter, DossierPersonnel

DOSSIER = "identity/v1/moi/dossier"


class ClientPersonnes(Client):
    async def mon_dossier(self) -> DossierPersonnel:
        return await self._lire(DossierPersonnel, "GET", DOSSIER)

    async def emporter_mon_dossier(self) -> httpx.Response:
        return await self._appeler("GET", f"{DOSSIER}/export")

    async def reunir_une_fiche(self, agent_id: UUID) -> None:
        await self._appeler("POST", f"{DOSSIER}/emplois/{agent_id}")

    async def demander_une_correction(self, champ: str, valeur: str, precisions: str, *, cle: str) -> Correction:
        corps = {"champ": champ, "valeur": valeur, "precisions": precisions}
        return await self._lire(Correction, "POST", f"{DOSSIER}/corrections", json=corps, cle=cle)

    async def corrections(self) -> list[CorrectionATraiter]:
        return await self._lire_tout(CorrectionATraiter, "identity/v1/corrections")

    async def repondre_a_une_correction(self, correction_id: UUID, *, faite: bool, reponse: str) -> None:
        await self._appeler("POST", f"identity/v1/corrections/{correction_id}", json={"faite": faite, "reponse": reponse})
