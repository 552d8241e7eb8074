"""The calls about agents, services and intérims."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from services.web.clients.base import Client
from services.web.modeles import Page
from services.web.modeles_fiches import AgentFiche, AgentResume, Besoin, ChangementFiche, Interim, ServiceFiche

AGENTS, SERVICES, INTERIMS = "identity/v1/agents", "identity/v1/services", "identity/v1/interims"


class ClientFiches(Client):
    async def agents(self, *, q: str = "", cursor: str = "") -> Page[AgentResume]:
        return await self._lire(Page[AgentResume], "GET", AGENTS, params={"q": q, "cursor": cursor})

    async def agent(self, agent_id: UUID) -> AgentFiche:
        return await self._lire(AgentFiche, "GET", f"{AGENTS}/{agent_id}")

    async def enregistrer_un_agent(self, fiche: Mapping[str, Any], *, cle: str) -> AgentFiche:
        return await self._lire(AgentFiche, "POST", AGENTS, json=fiche, cle=cle)

    async def modifier_un_agent(self, agent_id: UUID, fiche: Mapping[str, Any], *, lue: str) -> AgentFiche:
        return await self._lire(AgentFiche, "PUT", f"{AGENTS}/{agent_id}", json=fiche, entetes={"If-Match": lue})

    async def annoncer_un_depart(self, agent_id: UUID, depart: Mapping[str, Any]) -> AgentFiche:
        return await self._lire(AgentFiche, "POST", f"{AGENTS}/{agent_id}/depart", json=depart)

    async def annuler_un_depart(self, agent_id: UUID) -> AgentFiche:
        return await self._lire(AgentFiche, "POST", f"{AGENTS}/{agent_id}/retour")

    async def ouvrir_l_acces(self, agent_id: UUID) -> None:
        await self._appeler("POST", f"{AGENTS}/{agent_id}/acces")

    async def changements_d_un_agent(self, agent_id: UUID, *, cursor: str = "") -> Page[ChangementFiche]:
        return await self._lire(Page[ChangementFiche], "GET", f"{AGENTS}/{agent_id}/changements", params={"cursor": cursor})

    async def amenagement(self, agent_id: UUID) -> str:
        return (await self._lire(Besoin, "GET", f"{AGENTS}/{agent_id}/amenagement")).besoin

    async def noter_l_amenagement(self, agent_id: UUID, besoin: str) -> None:
        await self._appeler("PUT", f"{AGENTS}/{agent_id}/amenagement", json={"besoin": besoin})

    async def services(self) -> list[ServiceFiche]:
        return await self._lire_tout(ServiceFiche, SERVICES)

    async def creer_un_service(self, service: Mapping[str, Any], *, cle: str) -> ServiceFiche:
        return await self._lire(ServiceFiche, "POST", SERVICES, json=service, cle=cle)

    async def modifier_un_service(self, service_id: UUID, service: Mapping[str, Any], *, lue: str) -> ServiceFiche:
        return await self._lire(ServiceFiche, "PUT", f"{SERVICES}/{service_id}", json=service, entetes={"If-Match": lue})

    async def supprimer_un_service(self, service_id: UUID) -> None:
        await self._appeler("DELETE", f"{SERVICES}/{service_id}")

    async def changements_d_un_service(self, service_id: UUID, *, cursor: str = "") -> Page[ChangementFiche]:
        return await self._lire(Page[ChangementFiche], "GET", f"{SERVICES}/{service_id}/changements", params={"cursor": cursor})

    async def interims(self) -> list[Interim]:
        return await self._lire_tout(Interim, INTERIMS)

    async def confier_un_interim(self, interim: Mapping[str, Any], *, cle: str) -> Interim:
        return await self._lire(Interim, "POST", INTERIMS, json=interim, cle=cle)

    async def annuler_un_interim(self, interim_id: UUID) -> Interim:
        return await self._lire(Interim, "POST", f"{INTERIMS}/{interim_id}/annulation")
