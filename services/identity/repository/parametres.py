"""The settings of one collectivité, that of the acteur: every query takes it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, exists, func, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identity.models import Agent, Collectivite, Copie, EtapeDemarrage, Reglage


async def collectivite(session: AsyncSession, collectivite_id: UUID, *, verrou: bool = False) -> Collectivite | None:
    """With `verrou`, held until the end of the transaction: one writer of its settings at a time."""
    requete = select(Collectivite).where(Collectivite.id == collectivite_id)
    if verrou:
        requete = requete.with_for_update().execution_options(populate_existing=True)
    return (await session.exec(requete)).one_or_none()


async def copies(session: AsyncSession, collectivite_id: UUID) -> Sequence[Copie]:
    requete = select(Copie).where(Copie.collectivite_id == collectivite_id)
    return (await session.exec(requete.order_by(func.lower(col(Copie.email))))).all()


async def remplacer_les_copies(session: AsyncSession, collectivite_id: UUID, nouvelles: Sequence[Copie]) -> None:
    await session.execute(delete(Copie).where(col(Copie.collectivite_id) == collectivite_id))
    session.add_all(nouvelles)
    await session.flush()


async def historique(session: AsyncSession, collectivite_id: UUID, apres: tuple[datetime, UUID] | None, taille: int) -> Sequence[Reglage]:
    """The most recent first."""
    requete = select(Reglage).where(Reglage.collectivite_id == collectivite_id)
    if apres is not None:
        requete = requete.where(tuple_(col(Reglage.survenu_le), col(Reglage.id)) < apres)
    return (await session.exec(requete.order_by(col(Reglage.survenu_le).desc(), col(Reglage.id).desc()).limit(taille))).all()


async def dernier_changement(session: AsyncSession, collectivite_id: UUID, sujet: str) -> Reglage | None:
    requete = select(Reglage).where(Reglage.collectivite_id == collectivite_id, Reglage.sujet == sujet)
    return (await session.exec(requete.order_by(col(Reglage.survenu_le).desc()).limit(1))).first()


async def etapes(session: AsyncSession, collectivite_id: UUID) -> Sequence[EtapeDemarrage]:
    return (await session.exec(select(EtapeDemarrage).where(EtapeDemarrage.collectivite_id == collectivite_id))).all()


async def commencer(session: AsyncSession, collectivite_id: UUID, a_faire: Sequence[str]) -> None:
    """Lay down the first steps; those that are there stay as they are."""
    lignes = [{"collectivite_id": collectivite_id, "etape": etape, "etat": "a_faire"} for etape in a_faire]
    await session.execute(insert(EtapeDemarrage).values(lignes).on_conflict_do_nothing())


async def conclure(session: AsyncSession, collectivite_id: UUID, etape: str, *, etat: str, par: str, le: datetime) -> bool:
    """Record how a step ended; False when this collectivité has no such step."""
    requete = update(EtapeDemarrage).where(col(EtapeDemarrage.collectivite_id) == collectivite_id, col(EtapeDemarrage.etape) == etape)
    return (await session.execute(requete.values(etat=etat, par=par, le=le).returning(col(EtapeDemarrage.etape)))).first() is not None


async def a_des_agents(session: AsyncSession, collectivite_id: UUID) -> bool:
    requete = select(exists().where(col(Agent.collectivite_id) == collectivite_id, col(Agent.actif)))
    return bool((await session.execute(requete)).scalar_one())
