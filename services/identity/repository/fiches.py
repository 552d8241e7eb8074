"""The records of agents, as they are written and as they are traced. Every query takes the scope of the acteur."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, or_, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identity.domain.portee import Portee
from services.identity.models import Agent, Changement, Lecture, Service
from services.identity.repository.portee import agents_visibles, services_visibles


async def agent(session: AsyncSession, portee: Portee, agent_id: UUID) -> Agent | None:
    """Held until the end of the transaction."""
    requete = select(Agent).where(Agent.id == agent_id, agents_visibles(portee)).with_for_update(of=Agent)
    return (await session.exec(requete.execution_options(populate_existing=True))).one_or_none()


async def service(session: AsyncSession, portee: Portee, service_id: UUID) -> Service | None:
    requete = select(Service).where(Service.id == service_id, services_visibles(portee)).with_for_update(of=Service)
    return (await session.exec(requete.execution_options(populate_existing=True))).one_or_none()


async def collegue(session: AsyncSession, collectivite_id: UUID, agent_id: UUID) -> Agent | None:
    """An agent at work in the collectivité, who may lead others whatever the services of who names him."""
    requete = select(Agent).where(Agent.id == agent_id, Agent.collectivite_id == collectivite_id, Agent.actif)
    return (await session.exec(requete)).one_or_none()


async def nom_du_service(session: AsyncSession, collectivite_id: UUID, service_id: UUID) -> str | None:
    requete = select(Service.nom).where(Service.id == service_id, Service.collectivite_id == collectivite_id)
    return (await session.exec(requete)).one_or_none()


async def nom_de_l_agent(session: AsyncSession, collectivite_id: UUID, agent_id: UUID) -> str | None:
    requete = select(func.concat_ws(" ", Agent.prenom, Agent.nom)).where(Agent.id == agent_id, Agent.collectivite_id == collectivite_id)
    return (await session.exec(requete)).one_or_none()


async def de_ce_matricule(session: AsyncSession, collectivite_id: UUID, matricule: str, sauf: UUID | None) -> Agent | None:
    requete = select(Agent).where(Agent.collectivite_id == collectivite_id, Agent.matricule == matricule)
    trouve = (await session.exec(requete)).one_or_none()
    return trouve if trouve is None or trouve.id != sauf else None


async def ressemblants(
    session: AsyncSession, collectivite_id: UUID, *, nom: str, prenom: str, ne_le: date | None, email: str, sauf: UUID | None
) -> Sequence[Agent]:
    """Who may be the same person: same names and no other birth date, or the same address."""
    memes_noms = and_(func.sans_accents(Agent.nom) == func.sans_accents(nom), func.sans_accents(Agent.prenom) == func.sans_accents(prenom))
    if ne_le is not None:
        memes_noms = and_(memes_noms, or_(col(Agent.date_naissance).is_(None), col(Agent.date_naissance) == ne_le))
    requete = select(Agent).where(
        Agent.collectivite_id == collectivite_id,
        or_(memes_noms, func.lower(col(Agent.email)) == email.lower()),
        col(Agent.id).is_distinct_from(sauf),
        col(Agent.anonymise_le).is_(None),
    )
    return (await session.exec(requete.order_by(Agent.nom, Agent.prenom).limit(5))).all()


async def dirige(session: AsyncSession, agent: Agent) -> tuple[Sequence[Service], Sequence[Agent]]:
    """The services he leads or deputises in, and the agents whose own supérieur he is."""
    mene = or_(col(Service.responsable_id) == agent.id, col(Service.suppleant_id) == agent.id)
    services = select(Service).where(Service.collectivite_id == agent.collectivite_id, mene)
    agents = select(Agent).where(Agent.collectivite_id == agent.collectivite_id, Agent.superieur_id == agent.id, Agent.actif)
    return (await session.exec(services.order_by(Service.nom))).all(), (await session.exec(agents.order_by(Agent.nom))).all()


async def confier(session: AsyncSession, agent: Agent, a: UUID | None) -> None:
    """What he held goes to a colleague, or to nobody."""
    for table, colonne in ((Service, "responsable_id"), (Service, "suppleant_id"), (Agent, "superieur_id")):
        requete = update(table).where(col(table.collectivite_id) == agent.collectivite_id, getattr(table, colonne) == agent.id)
        await session.execute(requete.values({colonne: a}).execution_options(synchronize_session=False))
    # Nobody deputises for himself, nor leads himself.
    doubles = update(Service).where(col(Service.responsable_id) == col(Service.suppleant_id)).values(suppleant_id=None)
    await session.execute(doubles.where(col(Service.collectivite_id) == agent.collectivite_id))
    if a is not None:
        await session.execute(update(Agent).where(col(Agent.id) == a, col(Agent.superieur_id) == a).values(superieur_id=None))


async def changements(
    session: AsyncSession, collectivite_id: UUID, objet_id: UUID, apres: tuple[datetime, UUID] | None, taille: int
) -> Sequence[Changement]:
    """The most recent first."""
    requete = select(Changement).where(Changement.collectivite_id == collectivite_id, Changement.objet_id == objet_id)
    if apres is not None:
        requete = requete.where(tuple_(col(Changement.survenu_le), col(Changement.id)) < apres)
    return (await session.exec(requete.order_by(col(Changement.survenu_le).desc(), col(Changement.id).desc()).limit(taille))).all()


async def noter_la_lecture(session: AsyncSession, **lecture: Any) -> None:
    """One row a day for each reader."""
    requete = insert(Lecture).values(nombre=1, **lecture)
    await session.execute(
        requete.on_conflict_do_update(
            index_elements=["agent_id", "compte_id", "quoi", "jour"],
            set_={"nombre": col(Lecture.nombre) + 1, "derniere_le": requete.excluded.derniere_le, "lecteur": requete.excluded.lecteur},
        )
    )


async def lectures(session: AsyncSession, agent_id: UUID, taille: int) -> Sequence[Lecture]:
    requete = select(Lecture).where(Lecture.agent_id == agent_id).order_by(col(Lecture.derniere_le).desc())
    return (await session.exec(requete.limit(taille))).all()
