"""Identities at other providers, and the account that a verified address belongs to."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, func, text
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identity.domain.identites import IdentiteTierce
from services.identity.models import Compte, IdentiteExterne


async def reserver(session: AsyncSession, identite: IdentiteTierce) -> None:
    """One at a time decides whose this identity is; until the transaction ends."""
    cle = f"identite:{identite.emetteur}:{identite.sujet}"
    await session.execute(text("select pg_advisory_xact_lock(hashtextextended(:cle, 0))"), {"cle": cle})


async def liee(session: AsyncSession, identite: IdentiteTierce) -> tuple[IdentiteExterne, Compte] | None:
    requete = (
        select(IdentiteExterne, Compte)
        .join(Compte, col(Compte.id) == col(IdentiteExterne.compte_id))
        .where(
            IdentiteExterne.emetteur == identite.emetteur, IdentiteExterne.sujet == identite.sujet, col(IdentiteExterne.deliee_le).is_(None)
        )
    )
    return (await session.exec(requete)).one_or_none()


async def fut_deliee(session: AsyncSession, identite: IdentiteTierce, compte_id: UUID) -> bool:
    """Whether the person took this very link away: an address does not put it back."""
    requete = select(
        exists().where(
            col(IdentiteExterne.compte_id) == compte_id,
            col(IdentiteExterne.emetteur) == identite.emetteur,
            col(IdentiteExterne.sujet) == identite.sujet,
        )
    )
    return bool((await session.execute(requete)).scalar_one())


async def comptes_a_l_adresse(session: AsyncSession, adresse: str) -> Sequence[Compte]:
    """The active accounts of this address; two are enough to know that it does not say which."""
    requete = select(Compte).where(func.lower(col(Compte.email)) == adresse.lower(), Compte.actif).order_by(col(Compte.id)).limit(2)
    return (await session.exec(requete)).all()


async def siennes(session: AsyncSession, compte_id: UUID) -> Sequence[IdentiteExterne]:
    requete = select(IdentiteExterne).where(IdentiteExterne.compte_id == compte_id, col(IdentiteExterne.deliee_le).is_(None))
    return (await session.exec(requete.order_by(col(IdentiteExterne.liee_le), col(IdentiteExterne.id)))).all()


async def delier(session: AsyncSession, compte_id: UUID, identite_id: UUID, maintenant: datetime) -> IdentiteExterne | None:
    """Take a link away; None when the account has none such."""
    requete = select(IdentiteExterne).where(
        IdentiteExterne.id == identite_id, IdentiteExterne.compte_id == compte_id, col(IdentiteExterne.deliee_le).is_(None)
    )
    ligne = (await session.exec(requete.with_for_update())).one_or_none()
    if ligne is not None:
        ligne.deliee_le = maintenant
        session.add(ligne)
    return ligne
