"""What ends with the employment of an agent."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import or_, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identity.models import Agent, Appartenance, FamilleJetons, Interim


async def finir_les_appartenances(session: AsyncSession, agent_id: UUID, jour: date, motif: str) -> None:
    """From that day on. One that began later never begins."""
    requete = update(Appartenance).where(
        col(Appartenance.agent_id) == agent_id, or_(col(Appartenance.fin).is_(None), col(Appartenance.motif_fin) == motif)
    )
    await session.execute(requete.where(col(Appartenance.debut) <= jour).values(fin=jour, motif_fin=motif))
    a_venir = requete.where(col(Appartenance.debut) > jour)
    await session.execute(a_venir.values(fin=col(Appartenance.debut), motif_fin=motif))


async def reprendre_les_appartenances(session: AsyncSession, agent_id: UUID, motif: str) -> None:
    requete = update(Appartenance).where(col(Appartenance.agent_id) == agent_id, col(Appartenance.motif_fin) == motif)
    await session.execute(requete.values(fin=None, motif_fin=None))


async def fermer_les_acces(session: AsyncSession, agent_id: UUID, motif: str, maintenant: datetime) -> None:
    """Log him out wherever he acts as this agent."""
    siennes = select(Appartenance.id).where(col(Appartenance.agent_id) == agent_id)
    requete = update(FamilleJetons).where(col(FamilleJetons.appartenance_id).in_(siennes), col(FamilleJetons.revoquee_le).is_(None))
    await session.execute(requete.values(revoquee_le=maintenant, motif_revocation=motif).execution_options(synchronize_session=False))


async def annuler_les_interims(session: AsyncSession, agent_id: UUID, maintenant: datetime) -> None:
    """Those that he had, or that stood in for him."""
    requete = update(Interim).where(
        or_(col(Interim.interimaire_id) == agent_id, col(Interim.remplace_id) == agent_id), col(Interim.annule_le).is_(None)
    )
    encore = requete.where(col(Interim.fin) >= maintenant.date())
    await session.execute(encore.values(annule_le=maintenant, annule_par="Départ").execution_options(synchronize_session=False))


async def sortants(session: AsyncSession, jour: date) -> list[Agent]:
    """Those whose last day has passed and who still count as present, one collectivité after the other."""
    requete = select(Agent).where(Agent.actif, col(Agent.sortie_le) <= jour).order_by(col(Agent.collectivite_id), col(Agent.id))
    return list((await session.exec(requete)).all())
