"""How the organisations that someone belongs to are called."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identity.models import Appartenance, Collectivite, Structure


async def noms(session: AsyncSession, appartenances: Sequence[Appartenance]) -> dict[UUID, str]:
    """The name of the collectivité or structure of each membership; none for those of the organisme as a whole."""
    requete = (
        select(col(Appartenance.id), func.coalesce(Collectivite.nom, Structure.nom))
        .join(Collectivite, col(Collectivite.id) == col(Appartenance.collectivite_id), isouter=True)
        .join(Structure, col(Structure.code) == col(Appartenance.structure), isouter=True)
        .where(col(Appartenance.id).in_([appartenance.id for appartenance in appartenances]))
    )
    return {identifiant: nom for identifiant, nom in await session.execute(requete) if nom is not None}
