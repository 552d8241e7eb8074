"""Log in, renew, log out.

These use cases answer a problem instead of raising it: what they wrote (a failure counted, a family revoked) must be
committed all the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.contracts.acteur import Acteur, Role
from services.identity import secret
from services.identity.domain import connexion
from services.identity.domain.connexion import Verdict
from services.identity.domain.roles import droits, organisation
from services.identity.models import Appartenance, Compte, FamilleJetons, Jeton
from services.identity.repository import connexion as repository
from services.identity.repository.personnes import autres_agents
from services.identity.service import defis, exigences, places
from services.identity.service.places import Place
from services.identity.settings import Settings
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
    places: Sequence[Place] = ()
    """Where he may act, this one included."""


async def ouvrir(
    session: AsyncSession, trousseau: Trousseau, *, identifiant: str, mot_de_passe: str, reglages: Settings, depuis: str = ""
) -> Connexion | Problem:
    """Check a password. Refused: 401 that never says whether the account exists, 429 when failures follow one another,
    or 401 with a challenge when the account has a second factor.
    """
    identifiant = connexion.identifiant_normalise(identifiant)
    compte = await repository.compte_par_identifiant(session, identifiant)
    # Failures are those of the account: its former identifiants are no fresh start for whoever guesses.
    cle = secret.empreinte(compte.identifiant if compte else identifiant)
    if not await repository.verrouiller_identifiant(session, cle):
        return trop_de_tentatives(1)
    maintenant = now()
    secondes = connexion.attente(await repository.echecs(session, cle), maintenant)
    if secondes:
        return trop_de_tentatives(secondes)
    if compte is not None:
        await repository.tenir(session, compte)
    juste = await secret.mot_de_passe_juste(mot_de_passe, compte.mot_de_passe if compte else None)
    if compte is None or not juste or not compte.actif:
        await repository.noter_echec(session, cle, maintenant)
        return Unauthenticated(
            "L’identifiant ou le mot de passe n’est pas le bon.",
            slug="identifiants-refuses",
            detail="Vérifiez votre saisie, majuscules comprises, puis réessayez.",
        )
    return await poursuivre(session, trousseau, compte, reglages=reglages, depuis=depuis)


async def poursuivre(
    session: AsyncSession, trousseau: Trousseau, compte: Compte, *, reglages: Settings, depuis: str
) -> Connexion | Problem:
    """Let in someone who has shown who he is, or ask for the second factor that his account has."""
    moyens = await defis.moyens(session, compte)
    if moyens:
        # Failures are forgotten once all is proved: a known password must not reset the wait of those who guess codes.
        return defis.requis(compte, moyens, reglages.cles_des_liens)
    return await entrer(session, trousseau, compte, reglages=reglages, depuis=depuis)


async def entrer(session: AsyncSession, trousseau: Trousseau, compte: Compte, *, reglages: Settings, depuis: str) -> Connexion | Problem:
    """Open the session of someone who has proved all he has to. Refused: 403 when he is nothing here any more."""
    maintenant = now()
    await repository.oublier_echecs(session, secret.empreinte(compte.identifiant))
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
        expire_le=maintenant + reglages.duree_session,
    )
    session.add(famille)
    await session.flush()
    jeton = secret.nouveau_jeton()
    session.add(Jeton(empreinte=secret.empreinte(jeton), famille_id=famille.id, emis_le=maintenant))
    acteur = await acteur_de(session, compte, appartenance, reglages)
    return _connexion(trousseau, famille, acteur, jeton, maintenant, await places.de(session, compte.id))


async def renouveler(
    session: AsyncSession, trousseau: Trousseau, *, jeton: str, reglages: Settings, vers: UUID | None = None
) -> Connexion | Problem:
    """Replace a refresh token. One that comes back too late reveals a theft: every token of its login is revoked.

    `vers`: the membership, or the mandate, to act in from now on; else the one of until now.
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
    possibles = await places.de(session, famille.compte_id)
    acteur = await _acteur_de_la_famille(session, famille, vers, possibles, reglages)
    if isinstance(acteur, Problem):
        return acteur
    famille.vue_le = maintenant
    return _connexion(trousseau, famille, acteur, _suivant(session, jeton, connu, maintenant), maintenant, possibles)


async def _acteur_de_la_famille(
    session: AsyncSession, famille: FamilleJetons, vers: UUID | None, possibles: Sequence[Place], reglages: Settings
) -> Acteur | Problem:
    """Who the holder of the tokens is today: what he was at his login may have ended since.

    A mandate that ended leaves him his own membership; a membership that ended leaves him nothing.
    """
    maintenant = now()
    compte = await repository.compte(session, famille.compte_id)
    if compte is None or not compte.actif:
        _revoquer(famille, "compte_ferme", maintenant)
        return _reconnexion()
    if vers is not None and places.trouver(possibles, vers) is None:
        return Forbidden(
            "Vous ne pouvez pas agir pour cette organisation.",
            slug="organisation-refusee",
            detail="Le mandat ou l’appartenance a peut-être pris fin. Choisissez une organisation de la liste.",
        )
    place = places.trouver(possibles, vers or famille.mandat_id) or places.trouver(possibles, famille.appartenance_id)
    if place is None:
        _revoquer(famille, "appartenance_terminee", maintenant)
        return _reconnexion()
    famille.appartenance_id = place.appartenance.id
    famille.mandat_id = place.mandat.mandat.id if place.mandat else None
    if place.mandat is not None:
        return await places.acteur_sous_mandat(session, compte, place, place.mandat)
    return await acteur_de(session, compte, place.appartenance, reglages)


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


def _connexion(
    trousseau: Trousseau, famille: FamilleJetons, acteur: Acteur, jeton: str, maintenant: datetime, possibles: Sequence[Place]
) -> Connexion:
    acteur = acteur.model_copy(update={"session_id": famille.id})
    return Connexion(trousseau.signer(acteur, maintenant), jeton, acteur, possibles)


async def acteur_de(session: AsyncSession, compte: Compte, appartenance: Appartenance, reglages: Settings) -> Acteur:
    """What the token says of someone: who he is, and what he may do where he acts now. Nothing in a collectivité that does not work,
    nor without the second factor that his organisation requires.
    """
    roles = frozenset(Role(role) for role in appartenance.roles)
    au_travail = appartenance.collectivite_id is None or await repository.au_travail(session, appartenance.collectivite_id)
    sorte = organisation(appartenance.collectivite_id, appartenance.structure)
    attendu = await exigences.attendu(session, appartenance, organisme=reglages.second_facteur_organisme)
    return Acteur(
        compte_id=compte.id,
        nom=compte.nom_complet,
        email=compte.email,
        roles=roles,
        droits=droits(roles, sorte) if au_travail and not attendu else frozenset(),
        collectivite_id=appartenance.collectivite_id,
        agent_id=appartenance.agent_id,
        services=tuple(appartenance.services),
        autres_fiches=tuple(await autres_agents(session, appartenance.agent_id)) if appartenance.agent_id else (),
        structure=appartenance.structure,
        second_facteur_attendu=attendu,
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
