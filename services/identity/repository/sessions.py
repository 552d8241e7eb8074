"""The logins of one account that still serve."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identity.models import FamilleJetons


async def ouvertes(session: AsyncSession, compte_id: UUID, maintenant: datetime) -> Sequence[FamilleJetons]:
    """The last seen first."""
    requete = select(FamilleJetons).where(
        FamilleJetons.compte_id == compte_id, col(FamilleJetons.revoquee_le).is_(None), col(FamilleJetons.expire_le) > maintenant
    )
    return (await session.exec(requete.order_by(col(FamilleJetons.vue_le).desc(), col(FamilleJetons.id)))).all()


async def revoquer(session: AsyncSession, compte_id: UUID, famille_id: UUID, motif: str, maintenant: datetime) -> bool:
    """End one login of this account; False when it has none such, or it ended already."""
    requete = (
        update(FamilleJetons)
        .where(col(FamilleJetons.id) == famille_id, col(FamilleJetons.compte_id) == compte_id, col(FamilleJetons.revoquee_le).is_(None))
        .values(revoquee_le=maintenant, motif_revocation=motif)
        .returning(col(FamilleJetons.id))
    )
    return (await session.execute(requete)).first() is not None
