"""Login by a third party: the browser's way there and back belongs to the web UI; who came back is checked here."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request

from services.identity.domain.identites import IdentiteTierce
from services.identity.endpoints.base import Cles, Qui, Reglages
from services.identity.endpoints.connexion import session_publique
from services.identity.oidc.fournisseur import Fournisseur
from services.identity.schemas.connexion import SessionPublic
from services.identity.schemas.identites import (
    DepartCreate,
    DepartPublic,
    FournisseurPublic,
    IdentitePublique,
    IdentitesPubliques,
    RetourCreate,
    SessionTierceCreate,
)
from services.identity.service import identites
from services.identity.settings import Settings
from services.kit.http import Ctx, Tx
from services.kit.problems import FieldError, Invalid, NotFound

router = APIRouter()


def _peut_etre(request: Request) -> Fournisseur | None:
    fournisseur: Fournisseur | None = request.app.state.fournisseur
    return fournisseur


PeutEtreTiers = Annotated[Fournisseur | None, Depends(_peut_etre)]


def _configure(fournisseur: PeutEtreTiers) -> Fournisseur:
    if fournisseur is None:
        raise NotFound("La connexion par un tiers n’est pas proposée ici.", detail="Connectez-vous avec votre mot de passe.")
    return fournisseur


Tiers = Annotated[Fournisseur, Depends(_configure)]


@router.get("/sessions/oidc", summary="Avec qui l’on peut se connecter")
async def qui_identifie(fournisseur: PeutEtreTiers) -> FournisseurPublic:
    return FournisseurPublic(nom=fournisseur.reglages.nom if fournisseur else None)


@router.post("/sessions/oidc/depart", summary="Préparer une connexion par un tiers")
async def partir(corps: DepartCreate, fournisseur: Tiers, reglages: Reglages) -> DepartPublic:
    _exiger_chez_nous(corps.redirect_uri, reglages)
    return DepartPublic.model_validate(await fournisseur.depart(corps.redirect_uri))


# The provider is asked before any transaction. A refusal may write too (a link made), and must be committed.
@router.post("/sessions/oidc", summary="Se connecter par un tiers")
async def ouvrir(corps: SessionTierceCreate, fournisseur: Tiers, context: Ctx, cles: Cles, reglages: Reglages) -> SessionPublic:
    identite = await _identifier(corps, fournisseur, reglages)
    async with context.database.transaction() as session:
        issue = await identites.ouvrir(session, cles, identite, nom=fournisseur.reglages.nom, reglages=reglages, depuis=corps.depuis)
    return session_publique(issue, cles)


@router.get("/moi/identites", summary="Les identités qui ouvrent son compte")
async def lister(acteur: Qui, tx: Tx, fournisseur: PeutEtreTiers) -> IdentitesPubliques:
    retirable, siennes = await identites.les_siennes(tx, acteur)
    noms = _noms(fournisseur)
    return IdentitesPubliques(
        fournisseur=fournisseur.reglages.nom if fournisseur else None,
        retirable=retirable,
        identites=[
            IdentitePublique(
                id=identite.id,
                fournisseur=noms.get(identite.emetteur, identite.emetteur),
                email=identite.email,
                liee_par=identite.liee_par,
                liee_le=identite.liee_le,
                vue_le=identite.vue_le,
            )
            for identite in siennes
        ],
    )


# Sent twice, it acts once: the code of the provider serves once, and an identity already linked stays so.
@router.post("/moi/identites", status_code=204, summary="Lier une identité à son compte")
async def lier(corps: RetourCreate, acteur: Qui, fournisseur: Tiers, context: Ctx, reglages: Reglages) -> None:
    identite = await _identifier(corps, fournisseur, reglages)
    async with context.database.transaction() as session:
        await identites.lier(session, acteur, identite, nom=fournisseur.reglages.nom)


@router.delete("/moi/identites/{identite_id}", status_code=204, summary="Retirer une identité de son compte")
async def delier(identite_id: UUID, acteur: Qui, tx: Tx, fournisseur: PeutEtreTiers) -> None:
    await identites.delier(tx, acteur, identite_id, noms=_noms(fournisseur))


def _noms(fournisseur: Fournisseur | None) -> dict[str, str]:
    """How the issuers are called; those that are not configured any more have their address for a name."""
    return {fournisseur.reglages.emetteur: fournisseur.reglages.nom} if fournisseur else {}


async def _identifier(corps: RetourCreate, fournisseur: Fournisseur, reglages: Settings) -> IdentiteTierce:
    _exiger_chez_nous(corps.redirect_uri, reglages)
    return await fournisseur.identifier(
        code=corps.code, verificateur=corps.code_verifier, nonce=corps.nonce, redirect_uri=corps.redirect_uri
    )


def _exiger_chez_nous(redirect_uri: str, reglages: Settings) -> None:
    if not redirect_uri.startswith(reglages.public_url.rstrip("/") + "/"):
        message = "Cette adresse de retour n’est pas celle de la plateforme."
        raise Invalid("La saisie est à corriger.", errors=[FieldError(champ="redirect_uri", message=message)])
