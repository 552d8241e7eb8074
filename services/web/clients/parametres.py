"""The calls about the settings of a collectivité, its gestionnaires and its first steps."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from services.web.clients.base import Client
from services.web.modeles import Page
from services.web.modeles_parametres import (
    Copies,
    Demarrage,
    Gestionnaire,
    GestionnaireDetail,
    Identite,
    Preinscription,
    Reglage,
    Transferts,
)

ICI = "identity/v1/collectivite"
GESTIONNAIRES = f"{ICI}/gestionnaires"


class ClientParametres(Client):
    async def identite(self) -> Identite:
        return await self._lire(Identite, "GET", f"{ICI}/identite")

    async def changer_l_identite(self, identite: Mapping[str, Any], *, lue: str) -> Identite:
        return await self._lire(Identite, "PUT", f"{ICI}/identite", json=identite, entetes={"If-Match": lue})

    async def preinscription(self) -> Preinscription:
        return await self._lire(Preinscription, "GET", f"{ICI}/preinscription")

    async def changer_la_preinscription(self, *, permise: bool, lue: str) -> Preinscription:
        corps = {"preinscription_agents": permise}
        return await self._lire(Preinscription, "PUT", f"{ICI}/preinscription", json=corps, entetes={"If-Match": lue})

    async def copies(self) -> Copies:
        return await self._lire(Copies, "GET", f"{ICI}/copies")

    async def changer_les_copies(self, copies: list[dict[str, Any]], *, lue: str) -> Copies:
        return await self._lire(Copies, "PUT", f"{ICI}/copies", json={"copies": copies}, entetes={"If-Match": lue})

    async def transferts(self) -> Transferts:
        return await self._lire(Transferts, "GET", f"{ICI}/transferts")

    async def changer_les_transferts(self, gabarits: list[str], *, lue: str) -> Transferts:
        return await self._lire(Transferts, "PUT", f"{ICI}/transferts", json={"gabarits": gabarits}, entetes={"If-Match": lue})

    async def reglages(self, *, cursor: str = "") -> Page[Reglage]:
        return await self._lire(Page[Reglage], "GET", f"{ICI}/historique", params={"cursor": cursor})

    async def gestionnaires(self) -> list[Gestionnaire]:
        return await self._lire_tout(Gestionnaire, GESTIONNAIRES)

    async def gestionnaire(self, gestionnaire_id: UUID) -> GestionnaireDetail:
        return await self._lire(GestionnaireDetail, "GET", f"{GESTIONNAIRES}/{gestionnaire_id}")

    async def inviter_un_gestionnaire(self, invite: Mapping[str, Any], *, cle: str) -> GestionnaireDetail:
        return await self._lire(GestionnaireDetail, "POST", GESTIONNAIRES, json=invite, cle=cle)

    async def inviter_de_nouveau(self, gestionnaire_id: UUID, *, cle: str) -> GestionnaireDetail:
        return await self._lire(GestionnaireDetail, "POST", f"{GESTIONNAIRES}/{gestionnaire_id}/invitation", cle=cle)

    async def modifier_un_gestionnaire(self, gestionnaire_id: UUID, acces: Mapping[str, Any], *, lue: str) -> GestionnaireDetail:
        return await self._lire(GestionnaireDetail, "PUT", f"{GESTIONNAIRES}/{gestionnaire_id}", json=acces, entetes={"If-Match": lue})

    async def mettre_fin_a_un_acces(self, gestionnaire_id: UUID, fin: Mapping[str, Any]) -> GestionnaireDetail:
        return await self._lire(GestionnaireDetail, "POST", f"{GESTIONNAIRES}/{gestionnaire_id}/fin", json=fin)

    async def demarrage(self) -> Demarrage:
        return await self._lire(Demarrage, "GET", f"{ICI}/demarrage")

    async def conclure_une_etape(self, etape: str, etat: str) -> Demarrage:
        return await self._lire(Demarrage, "PUT", f"{ICI}/demarrage/{etape}", json={"etat": etat})
