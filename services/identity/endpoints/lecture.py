"""Read structures, collectivités and agents, each within his scope."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from services.identity.domain.valeurs import EtatCollectivite
from services.identity.endpoints.base import Curseur, Qui, Recherche
from services.identity.models import Agent
from services.identity.schemas.connexion import MoiPublic
from services.identity.schemas.lecture import AgentPublic, AgentResume, CollectivitePublic, CollectiviteResume, StructurePublic
from services.identity.service import fiches, lecture, personnes
from services.kit.http import Tx
from services.kit.pagination import Page

router = APIRouter()


@router.get("/moi", summary="Qui suis-je\N{NARROW NO-BREAK SPACE}?")
async def moi(acteur: Qui, session: Tx) -> MoiPublic:
    collectivite, organisation = await lecture.organisation(session, acteur)
    return MoiPublic(acteur=acteur, collectivite=collectivite, organisation=organisation)


@router.get("/structures", summary="Délégations et instituts de l’organisme")
async def structures(_: Qui, session: Tx) -> list[StructurePublic]:
    return [StructurePublic.model_validate(structure) for structure in await lecture.structures(session)]


@router.get("/collectivites", summary="Collectivités de son ressort")
async def collectivites(
    acteur: Qui, session: Tx, q: Recherche = "", etat: EtatCollectivite | None = None, cursor: Curseur = None
) -> Page[CollectiviteResume]:
    lignes, suivant = await lecture.collectivites(session, acteur, q=q, etat=etat, cursor=cursor)
    return Page(elements=[CollectiviteResume.model_validate(ligne) for ligne in lignes], suivant=suivant)


@router.get("/collectivites/{identifiant}", summary="Une collectivité")
async def collectivite(identifiant: UUID, acteur: Qui, session: Tx) -> CollectivitePublic:
    return CollectivitePublic.model_validate(await lecture.collectivite(session, acteur, identifiant))


@router.get("/agents", summary="Agents de sa collectivité")
async def agents(acteur: Qui, session: Tx, q: Recherche = "", cursor: Curseur = None) -> Page[AgentResume]:
    lignes, suivant = await lecture.agents(session, acteur, q=q, cursor=cursor)
    return Page(elements=[AgentResume.model_validate(_avec(agent, service=service)) for agent, service in lignes], suivant=suivant)


@router.get("/agents/{identifiant}", summary="Un agent, son service et son supérieur")
async def agent(identifiant: UUID, acteur: Qui, session: Tx, response: Response) -> AgentPublic:
    """Reading somebody else's record is noted, and he sees it. `ETag` marks what was read."""
    fiche = await lecture.agent(session, acteur, identifiant)
    await personnes.noter_la_lecture(session, acteur, fiche.agent, "fiche")
    lue = agent_public(fiche)
    response.headers["ETag"] = lue.etiquette
    return lue


def agent_public(fiche: lecture.Fiche) -> AgentPublic:
    lue = {"superieur": fiche.superieur, "suppleant": fiche.suppleant, "acces": fiche.acces, "etiquette": fiches.etiquette(fiche.agent)}
    return AgentPublic.model_validate(_avec(fiche.agent, service=fiche.service, **lue))


def _avec(agent: Agent, **autres: object) -> dict[str, Any]:
    return {**agent.model_dump(), **autres}
