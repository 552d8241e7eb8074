"""What the other services are told of. Without a collectivité, all of them."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, text, true
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identity.domain.valeurs import EtatCollectivite
from services.identity.models import Agent, Appartenance, Collectivite, Compte, Copie, Interim, Service
from services.identity.repository.mandats import mandants


async def verrouiller(session: AsyncSession, collectivite_id: UUID) -> None:
    """One writer at a time of the agents and services of a collectivité, and of what is told of them."""
    await session.execute(text("select 1 from collectivites where id = :id for update"), {"id": collectivite_id})


async def collectivites_a_publier(session: AsyncSession, jour: date, collectivite_id: UUID | None = None) -> Sequence[Collectivite]:
    """Those that ever worked, locked in a steady order: one publication at a time counts versions.

    One collectivité comes with those it acts for that day.
    """
    requete = (
        select(Collectivite)
        .where(Collectivite.etat != EtatCollectivite.EN_OUVERTURE, _celle_et_ses_mandants(col(Collectivite.id), jour, collectivite_id))
        .order_by(col(Collectivite.id))
    )
    return (await session.exec(requete.with_for_update())).all()


async def gestionnaires(
    session: AsyncSession, roles: Collection[str], jour: date, collectivite_id: UUID | None = None
) -> Sequence[tuple[UUID, Compte, UUID | None]]:
    """Who holds one of `roles` in a collectivité on that day: it, the account, the agent he is there; in alphabetical order."""
    requete = (
        select(col(Appartenance.collectivite_id), Compte, col(Appartenance.agent_id))
        .join(Compte, col(Compte.id) == col(Appartenance.compte_id))
        .where(
            col(Appartenance.collectivite_id).is_not(None),
            _celle_et_ses_mandants(col(Appartenance.collectivite_id), jour, collectivite_id),
            Compte.actif,
            col(Appartenance.roles).bool_op("&&")(list(roles)),
            col(Appartenance.debut) <= jour,
            or_(col(Appartenance.fin).is_(None), col(Appartenance.fin) > jour),
        )
    )
    return (await session.exec(requete.order_by(Compte.nom, Compte.prenom, col(Compte.id)))).all()  # type: ignore[return-value]


async def copies(session: AsyncSession, jour: date, collectivite_id: UUID | None = None) -> Sequence[Copie]:
    requete = select(Copie).where(_celle_et_ses_mandants(col(Copie.collectivite_id), jour, collectivite_id))
    return (await session.exec(requete.order_by(func.lower(col(Copie.email))))).all()


async def services(session: AsyncSession, collectivite_id: UUID | None = None) -> Sequence[Service]:
    return (await session.exec(select(Service).where(_celle(col(Service.collectivite_id), collectivite_id)))).all()


async def agents_a_publier(session: AsyncSession, collectivite_id: UUID | None = None) -> Sequence[Agent]:
    requete = select(Agent).where(_celle(col(Agent.collectivite_id), collectivite_id))
    return (await session.exec(requete.order_by(col(Agent.collectivite_id), Agent.nom, Agent.prenom))).all()


async def interims(session: AsyncSession, jour: date, collectivite_id: UUID | None = None) -> Sequence[Interim]:
    """Those of that day."""
    requete = select(Interim).where(
        _celle(col(Interim.collectivite_id), collectivite_id),
        col(Interim.annule_le).is_(None),
        col(Interim.debut) <= jour,
        col(Interim.fin) >= jour,
    )
    return (await session.exec(requete)).all()


async def encadrants(session: AsyncSession, collectivite_id: UUID) -> Sequence[Agent]:
    """Who may be asked for an avis in a collectivité: heads, deputies, supérieurs, and those who stand in for them."""
    identifiant = col(Agent.id)
    requete = select(Agent).where(
        Agent.collectivite_id == collectivite_id,
        Agent.actif,
        or_(
            *(
                identifiant.in_(select(colonne).where(table.collectivite_id == collectivite_id))
                for table, colonne in (
                    (Service, col(Service.responsable_id)),
                    (Service, col(Service.suppleant_id)),
                    (Agent, col(Agent.superieur_id)),
                    (Interim, col(Interim.interimaire_id)),
                )
            )
        ),
    )
    return (await session.exec(requete)).all()


def _celle(colonne: Any, collectivite_id: UUID | None) -> ColumnElement[bool]:
    if collectivite_id is None:
        return true()
    celle: ColumnElement[bool] = colonne == collectivite_id
    return celle


def _celle_et_ses_mandants(colonne: Any, jour: date, collectivite_id: UUID | None) -> ColumnElement[bool]:
    if collectivite_id is None:
        return true()
    return or_(_celle(colonne, collectivite_id), colonne.in_(mandants(collectivite_id, jour)))
