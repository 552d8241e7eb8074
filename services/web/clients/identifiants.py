"""The form of the identifiants of one's collectivité."""

from services.web.clients.base import Client
from services.web.modeles_comptes import ApercuIdentifiants, Application, RegleIdentifiants

CHEMIN = "identity/v1/identifiants"


class ClientIdentifiants(Client):
    async def regle_des_identifiants(self) -> RegleIdentifiants:
        return await self._lire(RegleIdentifiants, "GET", CHEMIN)

    async def changer_la_regle_des_identifiants(self, forme: str, prefixe: str, *, depuis: str) -> None:
        await self._appeler("PUT", CHEMIN, json={"forme": forme, "prefixe": prefixe}, entetes={"If-Match": f'"{depuis}"'})

    async def apercu_des_identifiants(self, forme: str, prefixe: str) -> ApercuIdentifiants:
        return await self._lire(ApercuIdentifiants, "GET", f"{CHEMIN}/apercu", params={"forme": forme, "prefixe": prefixe})

    async def appliquer_les_identifiants(self) -> int:
        return (await self._lire(Application, "POST", f"{CHEMIN}/application")).changes
