"""Log in, renew, log out."""

from typing import Any

from fastapi import APIRouter, Response

from services.identity.endpoints.base import Cles, Reglages
from services.identity.schemas.connexion import JetonPresente, SessionCreate, SessionPublic
from services.identity.service import connexion
from services.identity.trousseau import Trousseau
from services.kit.http import Ctx, Tx
from services.kit.problems import Problem

router = APIRouter()


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
            depuis=demande.depuis,
        )
    return session_publique(issue, cles)


@router.post("/sessions/renouvellement", summary="Renouveler sa connexion")
async def renouveler_session(demande: JetonPresente, context: Ctx, cles: Cles) -> SessionPublic:
    async with context.database.transaction() as session:
        issue = await connexion.renouveler(session, cles, jeton=demande.refresh_token)
    return session_publique(issue, cles)


@router.post("/sessions/fermeture", status_code=204, summary="Se déconnecter")
async def fermer_session(demande: JetonPresente, session: Tx) -> None:
    await connexion.fermer(session, jeton=demande.refresh_token)


@router.get("/jwks.json", summary="Clés publiques qui vérifient les jetons d’accès")
async def jwks(cles: Cles, response: Response) -> dict[str, Any]:
    response.headers["Cache-Control"] = "public, max-age=60"
    return {**cles.jwks()}


def session_publique(issue: connexion.Connexion | Problem, cles: Trousseau) -> SessionPublic:
    if isinstance(issue, Problem):
        raise issue
    return SessionPublic(
        access_token=issue.jeton_acces,
        refresh_token=issue.jeton_renouvellement,
        expires_in=int(cles.duree_acces.total_seconds()),
        acteur=issue.acteur,
    )
