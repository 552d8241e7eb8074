"""Accounts: invited, activated, their passwords chosen and changed."""

from collections.abc import Sequence

from sqlmodel.ext.asyncio.session import AsyncSession

from services.contracts.acteur import Acteur
from services.contracts.notifications import GabaritCompte
from services.identity import secret
from services.identity.domain.adresses import Issue
from services.identity.domain.connexion import attente, identifiant_normalise
from services.identity.domain.liens import UsageLien
from services.identity.domain.mots_de_passe import faiblesse
from services.identity.models import Collectivite, Compte, Lien
from services.identity.repository import adresses
from services.identity.repository import connexion as repository_connexion
from services.identity.repository import liens as repository
from services.identity.service import liens
from services.identity.service.connexion import trop_de_tentatives
from services.identity.service.courriels import ecrire
from services.identity.service.identifiants import nouvel_identifiant
from services.identity.service.suivi_ouvertures import gestionnaire_active
from services.kit.clock import day_of, now
from services.kit.french import instant_long
from services.kit.problems import Conflict, FieldError, Invalid, Problem, Unauthenticated

PAGES = {UsageLien.ACTIVATION: "/activation", UsageLien.MOT_DE_PASSE: "/mot-de-passe"}
GABARITS = {UsageLien.ACTIVATION: GabaritCompte.ACTIVATION, UsageLien.MOT_DE_PASSE: GabaritCompte.MOT_DE_PASSE}


async def nouveau_compte(
    session: AsyncSession, collectivite: Collectivite, *, nom: str, prenom: str, email: str, matricule: str | None = None
) -> Compte:
    """An account that nobody can use before its link, called as the people of this collectivité are."""
    identifiant = await nouvel_identifiant(session, collectivite, prenom=prenom, nom=nom, email=email, matricule=matricule)
    compte = Compte(identifiant=identifiant, nom=nom, prenom=prenom, email=email)
    session.add(compte)
    await session.flush()
    return compte


async def inviter(session: AsyncSession, compte: Compte, organisation: str = "") -> Lien:
    """Send someone the link by which he chooses his first password."""
    return await _envoyer(session, compte, UsageLien.ACTIVATION, {"organisation": organisation})


async def oublier(session: AsyncSession, saisie: str) -> None:
    """Send a link to whoever this identifiant or address belongs to. Nobody is told whether there is anyone."""
    saisie = identifiant_normalise(saisie)
    await compter_l_envoi(session, saisie)
    for compte in await repository.comptes_connus(session, saisie):
        await _envoyer(session, compte, _usage_utile(compte), {})


async def renvoyer(session: AsyncSession, jeton: str, cles: Sequence[str]) -> None:
    """A new link in place of one that no longer serves, to the address of the account and nowhere else."""
    compte = await liens.compte_du_lien(session, jeton, cles)
    if compte is not None and compte.actif:
        await compter_l_envoi(session, compte.identifiant)
        await _envoyer(session, compte, _usage_utile(compte), {})


async def choisir(session: AsyncSession, jeton: str, mot_de_passe: str, cles: Sequence[str]) -> Compte:
    """Choose the password by a link: the account is active from now on, and logged out wherever it was."""
    _, compte = await liens.lire(session, jeton, cles)
    await repository_connexion.verrouiller(session, compte)
    # Before the link is used: a password that is refused may be typed again.
    _exiger_solide(compte, mot_de_passe, "mot_de_passe")
    await liens.consommer(session, jeton, cles)
    premier = not compte.active
    await _changer(session, compte, mot_de_passe)
    if premier:
        await annoncer_l_activation(session, compte)
    else:
        await _prevenir(session, compte)
    return compte


async def annoncer_l_activation(session: AsyncSession, compte: Compte) -> None:
    """Someone showed that his account is his, for the first time: an opening may wait for him."""
    for appartenance in await repository_connexion.appartenances_en_cours(session, compte.id, day_of(now())):
        if appartenance.collectivite_id is not None:
            await gestionnaire_active(session, appartenance.collectivite_id, compte)


async def changer_le_sien(session: AsyncSession, acteur: Acteur, *, ancien: str, nouveau: str) -> Problem | None:
    """Change one's password; one is logged out everywhere, and must log in again.

    A wrong old password counts as a failure to log in: it is answered, not raised, so that the count is kept.
    """
    compte = await repository_connexion.compte(session, acteur.compte_id)
    if compte is None:
        return Unauthenticated("Ce compte n’existe plus.")
    probleme = await prouver(session, compte, ancien, "ancien")
    if probleme is not None:
        return probleme
    _exiger_solide(compte, nouveau, "nouveau")
    await _changer(session, compte, nouveau)
    await _prevenir(session, compte)
    return None


async def prouver(session: AsyncSession, compte: Compte, mot_de_passe: str, champ: str) -> Problem | None:
    """Someone logged in shows that he is the holder of the account. What is wrong is answered: the failure counted must be kept."""
    if compte.mot_de_passe is None:
        detail = "Demandez-en un depuis la page de connexion, par «\N{NO-BREAK SPACE}mot de passe oublié\N{NO-BREAK SPACE}»."
        return Conflict("sans-mot-de-passe", "Choisissez d’abord un mot de passe.", detail=detail)
    cle = secret.empreinte(compte.identifiant)
    await _attendre_son_tour(session, cle)
    # It may have changed while one waited.
    await repository_connexion.verrouiller(session, compte)
    if not await secret.mot_de_passe_juste(mot_de_passe, compte.mot_de_passe):
        await repository_connexion.noter_echec(session, cle, now())
        return Invalid("La saisie est à corriger.", errors=[FieldError(champ=champ, message="Ce n’est pas votre mot de passe actuel.")])
    await repository_connexion.oublier_echecs(session, cle)
    return None


async def compter_l_envoi(session: AsyncSession, identifiant: str) -> None:
    """Slow the links asked for one identifiant as failures to log in are: nobody's mailbox is filled."""
    cle = secret.empreinte(f"oubli:{identifiant}")
    await _attendre_son_tour(session, cle)
    await repository_connexion.noter_echec(session, cle, now())


async def _attendre_son_tour(session: AsyncSession, cle: str) -> None:
    """One at a time, and not before the wait that earlier tries have earned."""
    if not await repository_connexion.verrouiller_identifiant(session, cle):
        raise trop_de_tentatives(1)
    secondes = attente(await repository_connexion.echecs(session, cle), now())
    if secondes:
        raise trop_de_tentatives(secondes)


def _usage_utile(compte: Compte) -> UsageLien:
    return UsageLien.ACTIVATION if compte.mot_de_passe is None else UsageLien.MOT_DE_PASSE


async def _envoyer(session: AsyncSession, compte: Compte, usage: UsageLien, faits: dict[str, str]) -> Lien:
    lien = await liens.creer(session, compte, usage)
    faits = {**faits, "identifiant": compte.identifiant, "expire_le": instant_long(lien.expire_le)}
    await ecrire(session, GABARITS[usage], nom=compte.nom_complet, email=compte.email, lien=lien, page=PAGES[usage], faits=faits)
    return lien


async def _changer(session: AsyncSession, compte: Compte, mot_de_passe: str) -> None:
    maintenant = now()
    compte.mot_de_passe = await secret.hacher_sans_bloquer(mot_de_passe)
    session.add(compte)
    for usage in UsageLien:
        # A link still under way would replace the password just chosen.
        await repository.annuler(session, compte.id, usage, maintenant)
    # Whoever asked for another address may be whom the new password keeps out.
    await adresses.clore(session, compte.id, Issue.MOT_DE_PASSE_CHANGE, maintenant)
    await repository_connexion.revoquer_familles(session, compte.id, "mot_de_passe_change", maintenant)
    await repository_connexion.oublier_echecs(session, secret.empreinte(compte.identifiant))


async def _prevenir(session: AsyncSession, compte: Compte) -> None:
    faits = {"identifiant": compte.identifiant, "change_le": instant_long(now())}
    await ecrire(session, GabaritCompte.MOT_DE_PASSE_CHANGE, nom=compte.nom_complet, email=compte.email, page="/connexion", faits=faits)


def _exiger_solide(compte: Compte, mot_de_passe: str, champ: str) -> None:
    pourquoi = faiblesse(mot_de_passe, (compte.identifiant, compte.nom, compte.prenom, compte.email.partition("@")[0]))
    if pourquoi is not None:
        raise Invalid("Ce mot de passe ne convient pas.", errors=[FieldError(champ=champ, message=pourquoi)])
