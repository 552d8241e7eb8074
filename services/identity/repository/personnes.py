"""What concerns a person as such: his employments, what is kept apart about him, what he asks to correct."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identity.models import Agent, Amenagement, Appartenance, Changement, Collectivite, Compte, Correction, Service

Emploi = tuple[Agent, Collectivite, str | None]
"""A record, where, in which service."""


async def emplois(session: AsyncSession, personne_id: UUID) -> Sequence[Emploi]:
    """All the employments of one person, the last begun first."""
    requete = (
        select(Agent, Collectivite, col(Service.nom))
        .join(Collectivite, col(Collectivite.id) == col(Agent.collectivite_id))
        .join(Service, col(Service.id) == col(Agent.service_id), isouter=True)
        .where(Agent.personne_id == personne_id)
        .order_by(col(Agent.actif).desc(), col(Agent.entree_le).desc().nulls_last(), col(Collectivite.nom))
    )
    return (await session.exec(requete)).all()


async def autres_fiches(session: AsyncSession, agent: Agent, email: str) -> Sequence[Emploi]:
    """Records elsewhere, not his yet, that carry the address he reads his mails at."""
    requete = (
        select(Agent, Collectivite, col(Service.nom))
        .join(Collectivite, col(Collectivite.id) == col(Agent.collectivite_id))
        .join(Service, col(Service.id) == col(Agent.service_id), isouter=True)
        .where(
            func.lower(Agent.email) == email.lower(),
            Agent.personne_id != agent.personne_id,
            Agent.collectivite_id != agent.collectivite_id,
            col(Agent.anonymise_le).is_(None),
        )
        .order_by(col(Collectivite.nom))
    )
    return (await session.exec(requete)).all()


async def reunir(session: AsyncSession, garde: UUID, rejoint: UUID) -> None:
    """Two persons are one."""
    requete = update(Agent).where(col(Agent.personne_id) == rejoint).values(personne_id=garde)
    await session.execute(requete.execution_options(synchronize_session=False))


async def compte_de_l_agent(session: AsyncSession, agent_id: UUID, jour: date) -> Compte | None:
    """The account by which an agent acts as himself."""
    requete = (
        select(Compte)
        .join(Appartenance, col(Appartenance.compte_id) == col(Compte.id))
        .where(Appartenance.agent_id == agent_id, (col(Appartenance.fin).is_(None)) | (col(Appartenance.fin) > jour))
        .order_by(col(Appartenance.debut).desc())
    )
    return (await session.exec(requete)).first()


async def autres_agents(session: AsyncSession, agent_id: UUID) -> Sequence[UUID]:
    """The other records of the same person."""
    personne = select(Agent.personne_id).where(Agent.id == agent_id).scalar_subquery()
    return (await session.exec(select(Agent.id).where(Agent.personne_id == personne, Agent.id != agent_id))).all()


async def amenagement(session: AsyncSession, agent_id: UUID) -> Amenagement | None:
    return await session.get(Amenagement, agent_id)


async def oublier_l_amenagement(session: AsyncSession, agent_id: UUID) -> None:
    await session.execute(delete(Amenagement).where(col(Amenagement.agent_id) == agent_id))


async def corrections(session: AsyncSession, agent_id: UUID) -> Sequence[Correction]:
    """The last asked for first."""
    requete = select(Correction).where(Correction.agent_id == agent_id).order_by(col(Correction.demandee_le).desc(), col(Correction.id))
    return (await session.exec(requete)).all()


async def corrections_en_attente(session: AsyncSession, collectivite_id: UUID) -> Sequence[tuple[Correction, Agent]]:
    """What the gestionnaires still have to answer, the oldest first."""
    requete = (
        select(Correction, Agent)
        .join(Agent, col(Agent.id) == col(Correction.agent_id))
        .where(Correction.collectivite_id == collectivite_id, Correction.etat == "demandee")
        .order_by(col(Correction.demandee_le), col(Correction.id))
    )
    return (await session.exec(requete)).all()


async def histoire(session: AsyncSession, agent_ids: Sequence[UUID]) -> Sequence[Changement]:
    """All that was changed in these records, the oldest first."""
    requete = select(Changement).where(col(Changement.objet_id).in_(agent_ids)).order_by(col(Changement.survenu_le), col(Changement.id))
    return (await session.exec(requete)).all()


async def noter_l_amenagement(session: AsyncSession, **besoin: Any) -> None:
    requete = insert(Amenagement).values(**besoin)
    await session.execute(requete.on_conflict_do_update(index_elements=["agent_id"], set_={**besoin}))
