"""Log in, renew, log out."""

from typing import Any

from fastapi import APIRouter, Response

from services.contracts.acteur import Acteur
from services.identity.domain.roles import ROLES
from services.identity.domain.second_facteur import UsageEpreuve
from services.identity.endpoints.base import Cles, Qui, Reglages
from services.identity.schemas.connexion import AppartenancePublic, Bascule, JetonPresente, SessionCreate, SessionPublic
from services.identity.schemas.second_facteur import DefiPresente, EpreuvePublic, SecondFacteurCreate, SessionParCleCreate
from services.identity.service import cles as cles_d_acces
from services.identity.service import connexion, places, second_facteur
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
            reglages=reglages,
            depuis=demande.depuis,
        )
    return session_publique(issue, cles)


@router.post("/sessions/second-facteur/epreuve", summary="Demander à une clé d’accès de confirmer sa connexion")
async def eprouver_second_facteur(demande: DefiPresente, tx: Tx, reglages: Reglages) -> EpreuvePublic:
    return EpreuvePublic.model_validate(await second_facteur.epreuve_du_second_facteur(tx, demande.defi, reglages))


@router.post("/sessions/second-facteur", summary="Confirmer sa connexion par un second facteur")
async def confirmer_session(demande: SecondFacteurCreate, context: Ctx, cles: Cles, reglages: Reglages) -> SessionPublic:
    reponse = second_facteur.Reponse(code=demande.code, epreuve=demande.epreuve, cle=demande.cle)
    async with context.database.transaction() as session:
        issue = await second_facteur.confirmer(session, cles, defi=demande.defi, reponse=reponse, reglages=reglages, depuis=demande.depuis)
    return session_publique(issue, cles)


@router.post("/sessions/cle/epreuve", summary="Demander à une clé d’accès d’ouvrir une session")
async def eprouver_cle(tx: Tx, reglages: Reglages) -> EpreuvePublic:
    return EpreuvePublic.model_validate(await cles_d_acces.demander(tx, UsageEpreuve.CONNEXION, None, reglages.public_url))


@router.post("/sessions/cle", summary="Se connecter par une clé d’accès")
async def ouvrir_par_cle(demande: SessionParCleCreate, context: Ctx, cles: Cles, reglages: Reglages) -> SessionPublic:
    async with context.database.transaction() as session:
        issue = await second_facteur.confirmer_par_cle_seule(
            session, cles, epreuve=demande.epreuve, cle=demande.cle, reglages=reglages, depuis=demande.depuis
        )
    return session_publique(issue, cles)


@router.post("/sessions/renouvellement", summary="Renouveler sa connexion")
async def renouveler_session(demande: JetonPresente, context: Ctx, cles: Cles, reglages: Reglages) -> SessionPublic:
    async with context.database.transaction() as session:
        issue = await connexion.renouveler(session, cles, jeton=demande.refresh_token, reglages=reglages)
    return session_publique(issue, cles)


@router.post("/sessions/bascule", summary="Agir désormais pour une autre de ses organisations")
async def basculer(demande: Bascule, context: Ctx, cles: Cles, reglages: Reglages) -> SessionPublic:
    async with context.database.transaction() as session:
        issue = await connexion.renouveler(session, cles, jeton=demande.refresh_token, reglages=reglages, vers=demande.vers)
    return session_publique(issue, cles)


@router.get("/moi/appartenances", summary="Les organisations pour lesquelles on peut agir")
async def appartenances(acteur: Qui, tx: Tx) -> list[AppartenancePublic]:
    return [_appartenance(place, acteur) for place in await places.de(tx, acteur.compte_id)]


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
        appartenances=[_appartenance(place, issue.acteur) for place in issue.places],
    )


def _appartenance(place: places.Place, acteur: Acteur) -> AppartenancePublic:
    return AppartenancePublic(
        id=place.id,
        organisation=place.organisation,
        roles=[definition.libelle for role, definition in ROLES.items() if role in place.roles],
        mandataire=place.mandat.mandataire.nom if place.mandat else None,
        courante=place.est_celle_de(acteur),
    )
