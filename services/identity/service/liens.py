"""Links sent by mail: made, shown, used once."""

from collections.abc import Collection, Sequence
from uuid import uuid4

from sqlmodel.ext.asyncio.session import AsyncSession

from services.identity.domain.liens import MOTS_DE_PASSE, VALIDITE, UsageLien
from services.identity.models import Compte, Lien
from services.identity.repository import liens as repository
from services.kit.clock import now
from services.kit.problems import NotFound, Problem
from services.kit.signed_id import read


async def creer(session: AsyncSession, compte: Compte, usage: UsageLien, email: str | None = None) -> Lien:
    """A new link for the person's address, or `email`; one sent before for the same usage serves no more."""
    maintenant = now()
    await repository.annuler(session, compte.id, usage, maintenant)
    lien = Lien(
        id=uuid4(),
        usage=usage,
        compte_id=compte.id,
        email=email or compte.email,
        cree_le=maintenant,
        expire_le=maintenant + VALIDITE[usage],
    )
    session.add(lien)
    await session.flush()
    return lien


async def lire(session: AsyncSession, jeton: str, cles: Sequence[str]) -> tuple[Lien, Compte]:
    """A link that chooses a password. Looking uses nothing: mail scanners open links. Raises when it can no longer serve."""
    trouve = await trouver(session, jeton, cles, MOTS_DE_PASSE)
    if trouve is None:
        raise inconnu()
    lien, compte = trouve
    if lien.utilise_le is not None:
        raise perime("Ce lien a déjà servi.", "S’il ne s’agissait pas de vous, demandez un nouveau mot de passe.")
    if lien.annule_le is not None:
        raise perime("Un lien plus récent a remplacé celui-ci.", "Ouvrez le dernier message reçu.")
    if lien.email.casefold() != compte.email.casefold():
        # Asked for while the address changed: whoever reads the former mailbox is not let in by it.
        raise perime("L’adresse du compte a changé depuis ce message.", "Demandez un nouveau lien\N{NO-BREAK SPACE}: il ira à la nouvelle.")
    if lien.expire_le <= now():
        raise perime("Ce lien n’est plus valable.", "Demandez-en un nouveau\N{NO-BREAK SPACE}: il arrivera dans quelques instants.")
    return lien, compte


async def consommer(session: AsyncSession, jeton: str, cles: Sequence[str]) -> tuple[Lien, Compte]:
    """Use a link. Of two at once, the second reads that it has served."""
    lien, compte = await lire(session, jeton, cles)
    if not await repository.consommer(session, lien.id, now()):
        raise perime("Ce lien a déjà servi.", "Connectez-vous, ou demandez un nouveau mot de passe.")
    return lien, compte


async def compte_du_lien(session: AsyncSession, jeton: str, cles: Sequence[str]) -> Compte | None:
    """Whose link this is, even if it no longer serves."""
    trouve = await trouver(session, jeton, cles, MOTS_DE_PASSE)
    return trouve[1] if trouve else None


async def trouver(session: AsyncSession, jeton: str, cles: Sequence[str], usages: Collection[UsageLien]) -> tuple[Lien, Compte] | None:
    """The link of this token and whose it is, whether it still serves or not; None when it is not one of these usages."""
    for usage in usages:
        identifiant = read(usage, jeton, cles)
        if identifiant is not None:
            trouve = await repository.lire(session, identifiant)
            return trouve if trouve and trouve[0].usage == usage else None
    return None


def inconnu() -> Problem:
    return NotFound(
        "Ce lien n’est pas le bon.",
        slug="lien-inconnu",
        detail="Copiez l’adresse entière du message reçu, ou demandez un nouveau lien.",
    )


def perime(titre: str, quoi_faire: str) -> Problem:
    return Problem("lien-perime", titre, status=410, detail=quoi_faire)
