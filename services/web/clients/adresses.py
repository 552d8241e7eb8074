"""The address of one's account, and its change."""

from urllib.parse import quote
from uuid import UUID

from services.web.clients.base import Client
from services.web.modeles_comptes import Adresse, ChangementAConfirmer, LienAdresse, Suite

MIENNE = "identity/v1/moi/adresse"


class ClientAdresses(Client):
    async def mon_adresse(self) -> Adresse:
        return await self._lire(Adresse, "GET", MIENNE)

    async def changer_d_adresse(self, nouvelle: str, mot_de_passe: str) -> None:
        await self._appeler("PUT", MIENNE, json={"nouvelle": nouvelle, "mot_de_passe": mot_de_passe})

    async def garder_mon_adresse(self) -> None:
        await self._appeler("DELETE", MIENNE)

    async def lien_d_adresse(self, jeton: str) -> LienAdresse:
        return await self._lire(LienAdresse, "GET", f"identity/v1/liens-adresse/{quote(jeton, safe='')}")

    async def repondre_au_lien_d_adresse(self, jeton: str, reponse: str) -> str:
        chemin = f"identity/v1/liens-adresse/{quote(jeton, safe='')}"
        return (await self._lire(Suite, "POST", chemin, json={"reponse": reponse})).suite

    async def adresses_a_confirmer(self) -> list[ChangementAConfirmer]:
        return await self._lire_tout(ChangementAConfirmer, "identity/v1/changements-adresse")

    async def confirmer_une_adresse(self, changement_id: UUID, motif: str) -> str:
        chemin = f"identity/v1/changements-adresse/{changement_id}/confirmation"
        return (await self._lire(Suite, "POST", chemin, json={"motif": motif})).suite
