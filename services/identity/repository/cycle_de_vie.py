"""The state of collectivités: who may change it, what it was, and the logins that end with it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, false, true, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identity.domain.portee import Portee
from services.identity.models import Appartenance, ChangementEtat, Collectivite, FamilleJetons, Structure


def tenues(portee: Portee) -> ColumnElement[bool]:
    """The collectivités one is answerable for: fewer than one sees, for an institut sees the whole country."""
    if portee.organisme:
        return true()
    if portee.structure is None:
        return false()
    return col(Collectivite.delegation) == portee.structure


async def tient(session: AsyncSession, portee: Portee, collectivite_id: UUID) -> bool:
    requete = select(col(Collectivite.id)).where(Collectivite.id == collectivite_id, tenues(portee))
    return (await session.exec(requete)).first() is not None


async def changements(session: AsyncSession, collectivite_id: UUID) -> Sequence[ChangementEtat]:
    """The newest first, of a collectivité that was read within one's scope."""
    requete = select(ChangementEtat).where(ChangementEtat.collectivite_id == collectivite_id)
    return (await session.exec(requete.order_by(col(ChangementEtat.change_le).desc(), col(ChangementEtat.id)))).all()


async def delegation(session: AsyncSession, collectivite: Collectivite) -> Structure:
    return (await session.exec(select(Structure).where(Structure.code == collectivite.delegation))).one()


async def revoquer_les_familles(session: AsyncSession, collectivite_id: UUID, motif: str, maintenant: datetime) -> None:
    """Log out whoever acts in this collectivité; those who act elsewhere stay."""
    siennes = select(col(Appartenance.id)).where(Appartenance.collectivite_id == collectivite_id)
    requete = update(FamilleJetons).where(col(FamilleJetons.appartenance_id).in_(siennes), col(FamilleJetons.revoquee_le).is_(None))
    await session.execute(requete.values(revoquee_le=maintenant, motif_revocation=motif))
