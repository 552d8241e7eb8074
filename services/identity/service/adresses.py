"""The address of an account changes once its new mailbox and its old one have both agreed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlmodel.ext.asyncio.session import AsyncSession

from services.contracts.acteur import Acteur
from services.contracts.notifications import GabaritCompte
from services.identity.domain.adresses import Issue
from services.identity.domain.liens import ADRESSES, VALIDITE, UsageLien
from services.identity.models import ChangementEmail, Compte, Lien
from services.identity.repository import adresses as repository
from services.identity.repository import connexion as repository_connexion
from services.identity.repository import liens as repository_liens
from services.identity.service import liens
from services.identity.service.comptes import compter_l_envoi, prouver
from services.identity.service.courriels import ecrire
from services.kit.clock import day_of, now
from services.kit.french import instant_long
from services.kit.problems import FieldError, Invalid, NotFound, Problem, Unauthenticated

PAGE = "/adresse"


@dataclass(frozen=True)
class Adresse:
    """One's address, its change under way, and who may answer for a lost mailbox."""

    compte: Compte
    en_cours: ChangementEmail | None
    gestionnaires: Sequence[Compte]


async def la_sienne(session: AsyncSession, acteur: Acteur) -> Adresse:
    compte = await _compte(session, acteur)
    maintenant = now()
    gestionnaires: Sequence[Compte] = ()
    if acteur.collectivite_id is not None and acteur.mandat is None:
        gestionnaires = await repository.gestionnaires_principaux(session, acteur.collectivite_id, compte.id, day_of(maintenant))
    return Adresse(compte, await repository.en_cours(session, compte.id, maintenant), gestionnaires)


async def demander(session: AsyncSession, acteur: Acteur, *, nouvelle: str, mot_de_passe: str) -> Problem | None:
    """Ask for another address: a link goes to each. A wrong password is answered, not raised: the failure must be kept.

    Whether the address is another account's is told there and nowhere else: he who asks sees the same either way.
    """
    compte = await _compte(session, acteur)
    probleme = await prouver(session, compte, mot_de_passe, "mot_de_passe")
    if probleme is not None:
        return probleme
    if nouvelle.casefold() == compte.email.casefold():
        raise Invalid("La saisie est à corriger.", errors=[FieldError(champ="nouvelle", message="C’est déjà votre adresse.")])
    await compter_l_envoi(session, f"adresse:{compte.id}")
    maintenant = now()
    await fermer(session, compte, Issue.REMPLACE, maintenant)
    prise = await repository.prise(session, nouvelle, compte.id, maintenant)
    lien_nouvelle = None if prise else await liens.creer(session, compte, UsageLien.EMAIL_NOUVEAU, nouvelle)
    lien_ancienne = await liens.creer(session, compte, UsageLien.EMAIL_ANCIEN)
    changement = ChangementEmail(
        id=uuid4(),
        compte_id=compte.id,
        ancienne=compte.email,
        nouvelle=nouvelle,
        lien_nouvelle_id=lien_nouvelle.id if lien_nouvelle else None,
        lien_ancienne_id=lien_ancienne.id,
        demande_le=maintenant,
        expire_le=maintenant + VALIDITE[UsageLien.EMAIL_ANCIEN],
    )
    session.add(changement)
    await session.flush()
    await _ecrire_aux_deux(session, compte, changement, lien_nouvelle, lien_ancienne)
    return None


async def abandonner(session: AsyncSession, acteur: Acteur) -> None:
    """Twice is once: what is wanted is that no change be under way."""
    compte = await _compte(session, acteur)
    await repository_connexion.verrouiller(session, compte)
    await fermer(session, compte, Issue.ABANDONNE, now())


async def fermer(session: AsyncSession, compte: Compte, issue: Issue, maintenant: datetime) -> None:
    """End the change under way: its links serve no more."""
    await repository.clore(session, compte.id, issue, maintenant)
    for usage in ADRESSES:
        await repository_liens.annuler(session, compte.id, usage, maintenant)


async def _compte(session: AsyncSession, acteur: Acteur) -> Compte:
    compte = await repository_connexion.compte(session, acteur.compte_id)
    if compte is None:
        raise Unauthenticated("Ce compte n’existe plus.")
    return compte


async def _ecrire_aux_deux(
    session: AsyncSession, compte: Compte, changement: ChangementEmail, lien_nouvelle: Lien | None, lien_ancienne: Lien
) -> None:
    faits = {
        "identifiant": compte.identifiant,
        "ancienne": changement.ancienne,
        "nouvelle": changement.nouvelle,
        "expire_le": instant_long(changement.expire_le),
    }
    nom = compte.nom_complet
    if lien_nouvelle is None:
        # His name is not told there: it may be a stranger's mailbox.
        await ecrire(session, GabaritCompte.EMAIL_DEJA_PRIS, nom="", email=changement.nouvelle, page="/connexion", faits={})
    else:
        await ecrire(
            session, GabaritCompte.EMAIL_A_CONFIRMER, nom=nom, email=changement.nouvelle, lien=lien_nouvelle, page=PAGE, faits=faits
        )
    await ecrire(session, GabaritCompte.EMAIL_CHANGE, nom=nom, email=changement.ancienne, lien=lien_ancienne, page=PAGE, faits=faits)


def introuvable() -> Problem:
    return NotFound("Ce changement d’adresse n’attend plus rien.", detail="Il a été fait, abandonné ou refusé, ou son délai est passé.")
