"""Logins: failures, accounts, refresh tokens."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from psycopg.errors import LockNotAvailable
from sqlalchemy import delete, or_, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identity.domain.connexion import OUBLI_DES_ECHECS, Echecs
from services.identity.domain.valeurs import EtatCollectivite
from services.identity.models import AncienIdentifiant, Appartenance, Collectivite, Compte, EchecsConnexion, FamilleJetons, Jeton
from services.kit.clock import now


async def verrouiller_identifiant(session: AsyncSession, empreinte: str) -> bool:
    """One try at a time on an identifier, so that many at once cannot outrun the slowing. False when the queue is too long."""
    try:
        async with session.begin_nested():
            await session.execute(text("set local lock_timeout = '3s'"))
            await session.execute(text("select pg_advisory_xact_lock(hashtextextended(:empreinte, 0))"), {"empreinte": empreinte})
    except DBAPIError as erreur:
        if isinstance(erreur.orig, LockNotAvailable):
            return False
        raise
    return True


async def echecs(session: AsyncSession, empreinte: str) -> Echecs | None:
    ligne = await session.get(EchecsConnexion, empreinte)
    return None if ligne is None else Echecs(ligne.nombre, ligne.dernier_le)


async def noter_echec(session: AsyncSession, empreinte: str, maintenant: datetime) -> None:
    """Count one more failure, and forget the old ones of everybody."""
    await session.execute(delete(EchecsConnexion).where(col(EchecsConnexion.dernier_le) < maintenant - OUBLI_DES_ECHECS))
    ajout = insert(EchecsConnexion).values(empreinte=empreinte, nombre=1, dernier_le=maintenant)
    nombre = col(EchecsConnexion.nombre) + 1
    await session.execute(ajout.on_conflict_do_update(index_elements=["empreinte"], set_={"nombre": nombre, "dernier_le": maintenant}))


async def oublier_echecs(session: AsyncSession, empreinte: str) -> None:
    await session.execute(delete(EchecsConnexion).where(col(EchecsConnexion.empreinte) == empreinte))


async def compte_par_identifiant(session: AsyncSession, identifiant: str) -> Compte | None:
    """The account of this identifiant, or which had it not long ago."""
    compte = (await session.exec(select(Compte).where(Compte.identifiant == identifiant))).one_or_none()
    if compte is not None:
        return compte
    ancien = select(AncienIdentifiant.compte_id).where(AncienIdentifiant.identifiant == identifiant, AncienIdentifiant.jusqu_au > now())
    return (await session.exec(select(Compte).where(col(Compte.id).in_(ancien)))).one_or_none()


async def compte(session: AsyncSession, identifiant: UUID) -> Compte | None:
    return await session.get(Compte, identifiant)


async def tenir(session: AsyncSession, compte: Compte) -> None:
    """Read an account again and keep it so until the transaction ends: what was proved of it cannot be replaced meanwhile."""
    await session.refresh(compte, with_for_update={"read": True})


async def verrouiller(session: AsyncSession, compte: Compte) -> None:
    """Read an account again before changing it, its links or its address, once logins under way have ended.

    Whatever else of his is locked, is locked after it.
    """
    await session.refresh(compte, with_for_update={"key_share": True})


async def appartenances_en_cours(session: AsyncSession, compte_id: UUID, jour: date) -> Sequence[Appartenance]:
    """What someone is on that day, the oldest first."""
    en_cours = or_(col(Appartenance.fin).is_(None), col(Appartenance.fin) > jour)
    requete = select(Appartenance).where(Appartenance.compte_id == compte_id, col(Appartenance.debut) <= jour, en_cours)
    return (await session.exec(requete.order_by(col(Appartenance.debut), col(Appartenance.id)))).all()


async def au_travail(session: AsyncSession, collectivite_id: UUID) -> bool:
    """Whether a collectivité has opened its account, and is neither suspended nor closed."""
    etat = select(Collectivite.etat).where(Collectivite.id == collectivite_id)
    return (await session.exec(etat)).one_or_none() == EtatCollectivite.OPERATIONNELLE


async def supprimer_familles_expirees(session: AsyncSession, compte_id: UUID, maintenant: datetime) -> None:
    await session.execute(delete(FamilleJetons).where(col(FamilleJetons.compte_id) == compte_id, col(FamilleJetons.expire_le) < maintenant))


async def revoquer_familles(session: AsyncSession, compte_id: UUID, motif: str, maintenant: datetime, *, sauf: UUID | None = None) -> None:
    """Log someone out everywhere; or everywhere else, from where he is in the session `sauf`."""
    requete = update(FamilleJetons).where(col(FamilleJetons.compte_id) == compte_id, col(FamilleJetons.revoquee_le).is_(None))
    if sauf is not None:
        requete = requete.where(col(FamilleJetons.id) != sauf)
    await session.execute(requete.values(revoquee_le=maintenant, motif_revocation=motif))


async def famille_verrouillee(session: AsyncSession, empreinte: str) -> FamilleJetons | None:
    """The family of a refresh token, locked: its tokens are used one at a time."""
    famille = select(Jeton.famille_id).where(Jeton.empreinte == empreinte).scalar_subquery()
    return (await session.exec(select(FamilleJetons).where(FamilleJetons.id == famille).with_for_update())).one_or_none()


async def jeton(session: AsyncSession, empreinte: str) -> Jeton | None:
    return await session.get(Jeton, empreinte)
