"""HTTP of identity: parse, call the use case, answer."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from services.contracts.acteur import Acteur
from services.identity.models import Agent
from services.identity.schemas import (
    AgentPublic,
    AgentResume,
    CollectivitePublic,
    CollectiviteResume,
    JetonPresente,
    MoiPublic,
    SessionCreate,
    SessionPublic,
    StructurePublic,
)
from services.identity.service import connexion, lecture
from services.identity.settings import Settings
from services.identity.trousseau import Trousseau
from services.kit.auth import bearer
from services.kit.http import Ctx, Tx
from services.kit.pagination import Page
from services.kit.problems import Problem

router = APIRouter(prefix="/api/identity/v1")

Qui = Annotated[Acteur, Depends(bearer(Acteur))]
Recherche = Annotated[str, Query(max_length=200, description="Mots cherchés, sans souci des accents ni des majuscules.")]
Curseur = Annotated[
    str | None, Query(max_length=1000, description="Valeur «\N{NO-BREAK SPACE}suivant\N{NO-BREAK SPACE}» de la page précédente.")
]


def _trousseau(request: Request) -> Trousseau:
    trousseau: Trousseau = request.app.state.trousseau
    return trousseau


def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.context.settings
    return settings


Cles = Annotated[Trousseau, Depends(_trousseau)]
Reglages = Annotated[Settings, Depends(_settings)]


# Login and renewal open their own transaction: a refusal writes too (a failure counted, a theft), and must be committed.
@router.post("/sessions", summary="Se connecter")
async def ouvrir_session(demande: SessionCreate, context: Ctx, cles: Cles, reglages: Reglages) -> SessionPublic:
    async with context.database.transaction() as session:
        issue = await connexion.ouvrir(
            session,
            cles,
            identifiant=demande.identifiant,
            mot_de_passe=demande.mot_de_passe,
            duree_session=reglages.duree_session,
        )
    return _session_publique(issue, cles)


@router.post("/sessions/renouvellement", summary="Renouveler sa connexion")
async def renouveler_session(demande: JetonPresente, context: Ctx, cles: Cles) -> SessionPublic:
    async with context.database.transaction() as session:
        issue = await connexion.renouveler(session, cles, jeton=demande.refresh_token)
    return _session_publique(issue, cles)


@router.post("/sessions/fermeture", status_code=204, summary="Se déconnecter")
async def fermer_session(demande: JetonPresente, session: Tx) -> None:
    await connexion.fermer(session, jeton=demande.refresh_token)


@router.get("/jwks.json", summary="Clés publiques qui vérifient les jetons d’accès")
async def jwks(cles: Cles, response: Response) -> dict[str, Any]:
    response.headers["Cache-Control"] = "public, max-age=60"
    return {**cles.jwks()}


@router.get("/moi", summary="Qui suis-je\N{NARROW NO-BREAK SPACE}?")
async def moi(acteur: Qui, session: Tx) -> MoiPublic:
    collectivite, organisation = await lecture.organisation(session, acteur)
    return MoiPublic(acteur=acteur, collectivite=collectivite, organisation=organisation)


@router.get("/structures", summary="Délégations et instituts de l’organisme")
async def structures(_: Qui, session: Tx) -> list[StructurePublic]:
    return [StructurePublic.model_validate(structure) for structure in await lecture.structures(session)]


@router.get("/collectivites", summary="Collectivités de son ressort")
async def collectivites(acteur: Qui, session: Tx, q: Recherche = "", cursor: Curseur = None) -> Page[CollectiviteResume]:
    lignes, suivant = await lecture.collectivites(session, acteur, q=q, cursor=cursor)
    return Page(elements=[CollectiviteResume.model_validate(ligne) for ligne in lignes], suivant=suivant)


@router.get("/collectivites/{identifiant}", summary="Une collectivité")
async def collectivite(identifiant: UUID, acteur: Qui, session: Tx) -> CollectivitePublic:
    return CollectivitePublic.model_validate(await lecture.collectivite(session, acteur, identifiant))


@router.get("/agents", summary="Agents de sa collectivité")
async def agents(acteur: Qui, session: Tx, q: Recherche = "", cursor: Curseur = None) -> Page[AgentResume]:
    lignes, suivant = await lecture.agents(session, acteur, q=q, cursor=cursor)
    return Page(elements=[AgentResume.model_validate(_avec(agent, service=service)) for agent, service in lignes], suivant=suivant)


@router.get("/agents/{identifiant}", summary="Un agent, son service et son supérieur")
async def agent(identifiant: UUID, acteur: Qui, session: Tx) -> AgentPublic:
    fiche = await lecture.agent(session, acteur, identifiant)
    return AgentPublic.model_validate(_avec(fiche.agent, service=fiche.service, superieur=fiche.superieur, suppleant=fiche.suppleant))


def _avec(agent: Agent, **autres: object) -> dict[str, Any]:
    return {**agent.model_dump(), **autres}


def _session_publique(issue: connexion.Connexion | Problem, cles: Trousseau) -> SessionPublic:
    if isinstance(issue, Problem):
        raise issue
    return SessionPublic(
        access_token=issue.jeton_acces,
        refresh_token=issue.jeton_renouvellement,
        expires_in=int(cles.duree_acces.total_seconds()),
        acteur=issue.acteur,
    )
