"""The second step of a login: a code of an application, a recovery code, or a passkey.

Answers a problem instead of raising it, as the first step does: a failure counted must be committed.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.identity import secret
from services.identity.domain import connexion as essais
from services.identity.domain.second_facteur import FaitFacteur, UsageEpreuve, code_normalise
from services.identity.models import Compte, Totp
from services.identity.repository import connexion as repository_connexion
from services.identity.repository import second_facteur as repository
from services.identity.service import cles, defis
from services.identity.service.connexion import Connexion, entrer, trop_de_tentatives
from services.identity.service.facteurs import SCELLE, noter
from services.identity.settings import Settings
from services.identity.totp import pas_du_code
from services.identity.trousseau import Trousseau
from services.kit.clock import now
from services.kit.problems import Problem, Unauthenticated
from services.kit.sealed import unseal


@dataclass(frozen=True)
class Reponse:
    """How someone proves himself: a code, or what a passkey signed for `epreuve`."""

    code: str = ""
    epreuve: UUID | None = None
    cle: dict[str, Any] | None = None


async def confirmer(
    session: AsyncSession, trousseau: Trousseau, *, defi: str, reponse: Reponse, reglages: Settings, depuis: str
) -> Connexion | Problem:
    compte = await defis.relever(session, defi, reglages.cles_des_liens)
    if isinstance(compte, Problem):
        return compte
    cle = secret.empreinte(compte.identifiant)
    attendre = await patienter(session, cle)
    if attendre is not None:
        return attendre
    # The password may have changed while one waited.
    await repository_connexion.tenir(session, compte)
    if isinstance(await defis.relever(session, defi, reglages.cles_des_liens), Problem):
        return defis.defi_perime()
    if not await _prouve(session, compte, reponse, reglages):
        await repository_connexion.noter_echec(session, cle, now())
        return _refus(reponse)
    return await entrer(session, trousseau, compte, reglages=reglages, depuis=depuis)


async def confirmer_par_cle_seule(
    session: AsyncSession, trousseau: Trousseau, *, epreuve: UUID, cle: dict[str, Any], reglages: Settings, depuis: str
) -> Connexion | Problem:
    """A login by a passkey alone: it is two factors, since it has checked its holder by itself."""
    compte = await cles.reconnaitre(session, epreuve, cle, reglages.public_url)
    if compte is None or not compte.actif:
        return _refus(Reponse(cle=cle))
    return await entrer(session, trousseau, compte, reglages=reglages, depuis=depuis)


async def patienter(session: AsyncSession, cle: str) -> Problem | None:
    """The wait that failures on this account have earned, whatever they were failures of; None when it is one's turn."""
    if not await repository_connexion.verrouiller_identifiant(session, cle):
        return trop_de_tentatives(1)
    secondes = essais.attente(await repository_connexion.echecs(session, cle), now())
    return trop_de_tentatives(secondes) if secondes else None


async def _prouve(session: AsyncSession, compte: Compte, reponse: Reponse, reglages: Settings) -> bool:
    if reponse.cle is not None and reponse.epreuve is not None:
        return await cles.confirmer(session, compte, reponse.epreuve, reponse.cle, reglages.public_url)
    totp = await repository.totp_verrouille(session, compte.id)
    if totp is not None and totp.actif_le is not None and _code_juste(totp, reponse.code, reglages):
        return True
    return await _code_de_secours(session, compte, reponse.code)


def _code_juste(totp: Totp, code: str, reglages: Settings) -> bool:
    pas = pas_du_code(unseal(totp.secret, SCELLE, reglages.cles_des_facteurs), code_normalise(code), now(), totp.dernier_pas)
    if pas is not None:
        totp.dernier_pas = pas
    return pas is not None


async def _code_de_secours(session: AsyncSession, compte: Compte, code: str) -> bool:
    # A recovery code replaces a factor: without any, it is worth nothing.
    if not await repository.possede(session, compte.id):
        return False
    juste = await repository.consommer_code(session, compte.id, secret.empreinte(code_normalise(code)), now())
    if juste:
        noter(session, compte, FaitFacteur.CODE_UTILISE)
    return juste


def _refus(reponse: Reponse) -> Problem:
    if reponse.cle is not None:
        return Unauthenticated("Cette clé d’accès n’est pas reconnue.", slug="cle-refusee", detail="Réessayez, ou employez un autre moyen.")
    return Unauthenticated(
        "Ce code n’est pas le bon.",
        slug="code-refuse",
        detail="Attendez le code suivant de votre application\N{NO-BREAK SPACE}: un code ne sert qu’une fois.",
    )


async def epreuve_du_second_facteur(session: AsyncSession, defi: str, reglages: Settings) -> cles.Epreuve:
    """What the passkeys of this account are to sign. Raises when the challenge no longer stands."""
    compte = await defis.relever(session, defi, reglages.cles_des_liens)
    if isinstance(compte, Problem):
        raise compte
    return await cles.demander(session, UsageEpreuve.SECOND_FACTEUR, compte, reglages.public_url)
