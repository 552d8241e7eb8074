"""Links that serve once."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identity.models import AncienIdentifiant, Compte, Lien


async def annuler(session: AsyncSession, compte_id: UUID, usage: str, maintenant: datetime) -> None:
    """Those of this usage that have not served: a new one replaces them."""
    requete = update(Lien).where(col(Lien.compte_id) == compte_id, col(Lien.usage) == usage, col(Lien.utilise_le).is_(None))
    await session.execute(requete.where(col(Lien.annule_le).is_(None)).values(annule_le=maintenant))


async def lire(session: AsyncSession, lien_id: UUID) -> tuple[Lien, Compte] | None:
    requete = select(Lien, Compte).join(Compte, col(Compte.id) == col(Lien.compte_id)).where(Lien.id == lien_id)
    return (await session.exec(requete)).one_or_none()


async def consommer(session: AsyncSession, lien_id: UUID, maintenant: datetime) -> bool:
    """Mark it used; False when it no longer serves. Of two at once, one wins."""
    requete = (
        update(Lien)
        .where(
            col(Lien.id) == lien_id,
            col(Lien.utilise_le).is_(None),
            col(Lien.annule_le).is_(None),
            col(Lien.expire_le) > maintenant,
        )
        .values(utilise_le=maintenant)
        .returning(col(Lien.id))
    )
    return (await session.execute(requete)).first() is not None


async def comptes_connus(session: AsyncSession, saisie: str) -> list[Compte]:
    """The accounts of this identifiant, of now or not long ago, or of this address: one person may have several."""
    ancien = select(AncienIdentifiant.compte_id).where(AncienIdentifiant.identifiant == saisie, AncienIdentifiant.jusqu_au > func.now())
    connu = or_(col(Compte.identifiant) == saisie, func.lower(col(Compte.email)) == saisie, col(Compte.id).in_(ancien))
    requete = select(Compte).where(connu, Compte.actif)
    return list((await session.exec(requete)).all())
