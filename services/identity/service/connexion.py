"""Log in, renew, log out.

These use cases answer a problem instead of raising it: what they wrote (a failure counted, a family revoked) must be
committed all the same.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.contracts.acteur import Acteur, Role
from services.identity import secret
from services.identity.domain import connexion
from services.identity.domain.connexion import Verdict
from services.identity.domain.roles import droits, organisation
from services.identity.models import Appartenance, Compte, FamilleJetons, Jeton
from services.identity.repository import connexion as repository
from services.identity.trousseau import Trousseau
from services.kit.clock import day_of, now
from services.kit.french import NBSP, nombre
from services.kit.logs import get_logger
from services.kit.problems import Forbidden, Problem, Unauthenticated

log = get_logger(__name__)


@dataclass(frozen=True)
class Connexion:
    """An open session: `jeton_acces` proves who one is for a few minutes, `jeton_renouvellement` gets the next one, once."""

    jeton_acces: str
    jeton_renouvellement: str
    acteur: Acteur


async def ouvrir(
    session: AsyncSession, trousseau: Trousseau, *, identifiant: str, mot_de_passe: str, duree_session: timedelta, depuis: str = ""
) -> Connexion | Problem:
    """Check a password. Refused: 401 that never says whether the account exists, or 429 when failures follow one another."""
    identifiant = connexion.identifiant_normalise(identifiant)
    cle = secret.empreinte(identifiant)
    if not await repository.verrouiller_identifiant(session, cle):
        return trop_de_tentatives(1)
    maintenant = now()
    secondes = connexion.attente(await repository.echecs(session, cle), maintenant)
    if secondes:
        return trop_de_tentatives(secondes)
    compte = await repository.compte_par_identifiant(session, identifiant)
    juste = await secret.mot_de_passe_juste(mot_de_passe, compte.mot_de_passe if compte else None)
    if compte is None or not juste or not compte.actif:
        await repository.noter_echec(session, cle, maintenant)
        return Unauthenticated(
            "L’identifiant ou le mot de passe n’est pas le bon.",
            slug="identifiants-refuses",
            detail="Vérifiez votre saisie, majuscules comprises, puis réessayez.",
        )
    await repository.oublier_echecs(session, cle)
    return await ouvrir_pour(session, trousseau, compte, duree_session=duree_session, depuis=depuis)


async def ouvrir_pour(
    session: AsyncSession, trousseau: Trousseau, compte: Compte, *, duree_session: timedelta, depuis: str
) -> Connexion | Problem:
    """Open a session for someone who has shown who he is. Refused: 403 when he is nothing here any more."""
    maintenant = now()
    await repository.supprimer_familles_expirees(session, compte.id, maintenant)
    appartenances = await repository.appartenances_en_cours(session, compte.id, day_of(maintenant))
    if not appartenances:
        return Forbidden(
            "Votre accès a pris fin.",
            slug="acces-termine",
            detail="Vous n’appartenez plus à aucune organisation ici. Adressez-vous au service formation de votre collectivité.",
        )
    appartenance = appartenances[0]
    famille = FamilleJetons(
        compte_id=compte.id,
        appartenance_id=appartenance.id,
        ouverte_le=maintenant,
        ouverte_depuis=depuis,
        vue_le=maintenant,
        expire_le=maintenant + duree_session,
    )
    session.add(famille)
    await session.flush()
    jeton = secret.nouveau_jeton()
    session.add(Jeton(empreinte=secret.empreinte(jeton), famille_id=famille.id, emis_le=maintenant))
    return _connexion(trousseau, await acteur_de(session, compte, appartenance), jeton, maintenant)


async def renouveler(session: AsyncSession, trousseau: Trousseau, *, jeton: str, vers: UUID | None = None) -> Connexion | Problem:
    """Replace a refresh token. One that comes back too late reveals a theft: every token of its login is revoked.

    `vers`: the membership to act in from now on, among one's own; else the one of until now.
    """
    empreinte = secret.empreinte(jeton)
    famille = await repository.famille_verrouillee(session, empreinte)
    connu = await repository.jeton(session, empreinte)
    if famille is None or connu is None:
        return _reconnexion()
    maintenant = now()
    successeur = await repository.jeton(session, connu.successeur) if connu.successeur else None
    etat = connexion.EtatJeton(
        famille_revoquee=famille.revoquee_le is not None,
        famille_expire_le=famille.expire_le,
        utilise_le=connu.utilise_le,
        successeur_utilise=successeur is not None and successeur.utilise_le is not None,
    )
    verdict = connexion.juger(etat, maintenant)
    if verdict is Verdict.PERIME:
        return _reconnexion()
    if verdict is Verdict.VOLE:
        _revoquer(famille, "reutilisation", maintenant)
        log.warning("jeton.reutilise", famille=str(famille.id))
        return _reconnexion()
    acteur = await _acteur_de_la_famille(session, famille, vers, maintenant)
    if isinstance(acteur, Problem):
        return acteur
    famille.vue_le = maintenant
    return _connexion(trousseau, acteur, _suivant(session, jeton, connu, maintenant), maintenant)


async def _acteur_de_la_famille(session: AsyncSession, famille: FamilleJetons, vers: UUID | None, maintenant: datetime) -> Acteur | Problem:
    """Who the holder of the tokens is today: what he was at his login may have ended since."""
    compte = await repository.compte(session, famille.compte_id)
    if compte is None or not compte.actif:
        _revoquer(famille, "compte_ferme", maintenant)
        return _reconnexion()
    appartenances = {a.id: a for a in await repository.appartenances_en_cours(session, compte.id, day_of(maintenant))}
    if vers is not None and vers not in appartenances:
        return Forbidden("Vous ne pouvez pas agir pour cette organisation.", slug="organisation-refusee")
    famille.appartenance_id = vers or famille.appartenance_id
    if famille.appartenance_id not in appartenances:
        _revoquer(famille, "appartenance_terminee", maintenant)
        return _reconnexion()
    return await acteur_de(session, compte, appartenances[famille.appartenance_id])


async def fermer(session: AsyncSession, *, jeton: str) -> None:
    """Log out. A token that is unknown or already revoked changes nothing, and nobody is told."""
    famille = await repository.famille_verrouillee(session, secret.empreinte(jeton))
    if famille is not None and famille.revoquee_le is None:
        _revoquer(famille, "deconnexion", now())


def _suivant(session: AsyncSession, jeton: str, connu: Jeton, maintenant: datetime) -> str:
    """The successor of `jeton`, made at its first use and found again at a repetition."""
    if connu.sel is not None:
        return secret.jeton_suivant(jeton, connu.sel)
    connu.sel = secret.nouveau_sel()
    suivant = secret.jeton_suivant(jeton, connu.sel)
    connu.utilise_le = maintenant
    connu.successeur = secret.empreinte(suivant)
    session.add(connu)
    session.add(Jeton(empreinte=connu.successeur, famille_id=connu.famille_id, emis_le=maintenant))
    return suivant


def _revoquer(famille: FamilleJetons, motif: str, maintenant: datetime) -> None:
    famille.revoquee_le = maintenant
    famille.motif_revocation = motif


def _connexion(trousseau: Trousseau, acteur: Acteur, jeton: str, maintenant: datetime) -> Connexion:
    return Connexion(trousseau.signer(acteur, maintenant), jeton, acteur)


async def acteur_de(session: AsyncSession, compte: Compte, appartenance: Appartenance) -> Acteur:
    """What the token says of someone: who he is, and what he may do where he acts now. Nothing in a collectivité that does not work."""
    roles = frozenset(Role(role) for role in appartenance.roles)
    au_travail = appartenance.collectivite_id is None or await repository.au_travail(session, appartenance.collectivite_id)
    return Acteur(
        compte_id=compte.id,
        nom=compte.nom_complet,
        email=compte.email,
        roles=roles,
        droits=droits(roles, organisation(appartenance.collectivite_id, appartenance.structure)) if au_travail else frozenset(),
        collectivite_id=appartenance.collectivite_id,
        agent_id=appartenance.agent_id,
        services=tuple(appartenance.services),
        structure=appartenance.structure,
    )


def _reconnexion() -> Problem:
    return Unauthenticated("Votre connexion a pris fin.", slug="connexion-terminee", detail="Connectez-vous de nouveau.")


def trop_de_tentatives(secondes: int) -> Problem:
    unite = "seconde" if secondes == 1 else "secondes"
    return Problem(
        "trop-de-tentatives",
        "Trop de tentatives de connexion se suivent.",
        status=429,
        detail=f"Réessayez dans {nombre(secondes)}{NBSP}{unite}.",
        retry_after=secondes,
    )
