"""Between a first proof (password, third party) and the second factor: a signed challenge, kept nowhere, that opens nothing alone."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from services.identity import secret
from services.identity.domain.second_facteur import VALIDITE_DU_DEFI, Moyen
from services.identity.models import Compte
from services.identity.repository import connexion as repository_connexion
from services.identity.repository import second_facteur as repository
from services.kit.clock import now
from services.kit.problems import Problem, Unauthenticated
from services.kit.signed_id import claimed, read, sign


async def moyens(session: AsyncSession, compte: Compte) -> list[Moyen]:
    """The means by which this account proves itself after its password; none when it has no second factor."""
    totp = await repository.totp(session, compte.id)
    presents = [Moyen.TOTP] if totp is not None and totp.actif_le is not None else []
    if await repository.cles(session, compte.id):
        presents.append(Moyen.CLE)
    if presents and await repository.codes_restants(session, compte.id):
        presents.append(Moyen.SECOURS)
    return presents


def requis(compte: Compte, moyens: Sequence[Moyen], cles: Sequence[str]) -> Problem:
    """The answer to a right first proof when a second factor is needed."""
    expire = int((now() + VALIDITE_DU_DEFI).timestamp())
    return Problem(
        "second-facteur-requis",
        "Un second facteur est nécessaire.",
        status=401,
        detail="La première étape est franchie. Confirmez maintenant que c’est bien vous.",
        extras={"defi": f"{expire}.{sign(_usage(compte, expire), compte.id, cles)}", "moyens": list(moyens)},
    )


async def relever(session: AsyncSession, defi: str, cles: Sequence[str]) -> Compte | Problem:
    """Whose challenge this is, if it still stands: not too old, and the password has not changed since."""
    echeance, _, jeton = defi.partition(".")
    identifiant = claimed(jeton)
    compte = await repository_connexion.compte(session, identifiant) if identifiant is not None else None
    if compte is None or not compte.actif or not _tient(compte, echeance, jeton, cles):
        return defi_perime()
    return compte


def defi_perime() -> Problem:
    return Unauthenticated(
        "Cette étape de connexion a expiré.", slug="defi-perime", detail="Donnez de nouveau votre identifiant et votre mot de passe."
    )


def _tient(compte: Compte, echeance: str, jeton: str, cles: Sequence[str]) -> bool:
    if not (echeance.isascii() and echeance.isdecimal()) or len(echeance) > len("9999999999"):
        return False
    signe = read(_usage(compte, int(echeance)), jeton, cles)
    return signe == compte.id and datetime.fromtimestamp(int(echeance), UTC) > now()


def _usage(compte: Compte, expire: int) -> str:
    return f"second-facteur:{expire}:{secret.empreinte(compte.mot_de_passe or '')}"
