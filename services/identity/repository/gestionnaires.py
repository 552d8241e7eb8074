"""Who manages one collectivité, that of the acteur: every query takes it."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.contracts.acteur import Role
from services.identity.domain.gestionnaires import ROLES_DE_GESTION
from services.identity.models import Agent, Appartenance, Compte, FamilleJetons, Service

Ligne = tuple[Appartenance, Compte, datetime | None]
"""A membership, whose, and his last login in it."""


async def lister(session: AsyncSession, collectivite_id: UUID) -> Sequence[Ligne]:
    """All that ever managed it: those who do first, in alphabetical order."""
    connexion = select(func.max(col(FamilleJetons.ouverte_le))).where(col(FamilleJetons.appartenance_id) == col(Appartenance.id))
    requete = (
        select(Appartenance, Compte, connexion.scalar_subquery())
        .join(Compte, col(Compte.id) == col(Appartenance.compte_id))
        .where(Appartenance.collectivite_id == collectivite_id, _gere())
        .order_by(col(Appartenance.fin).desc().nulls_first(), Compte.nom, Compte.prenom, col(Appartenance.id))
    )
    return (await session.exec(requete)).all()


async def tenir(session: AsyncSession, collectivite_id: UUID, appartenance_id: UUID) -> tuple[Appartenance, Compte] | None:
    """Held until the end of the transaction."""
    requete = (
        select(Appartenance, Compte)
        .join(Compte, col(Compte.id) == col(Appartenance.compte_id))
        .where(Appartenance.id == appartenance_id, Appartenance.collectivite_id == collectivite_id, _gere())
    )
    return (await session.exec(requete.with_for_update(of=Appartenance).execution_options(populate_existing=True))).one_or_none()


async def en_cours(session: AsyncSession, collectivite_id: UUID, compte_ids: Collection[UUID]) -> Sequence[Appartenance]:
    """What these accounts are in the collectivité, without an end."""
    requete = select(Appartenance).where(
        Appartenance.collectivite_id == collectivite_id, col(Appartenance.compte_id).in_(compte_ids), col(Appartenance.fin).is_(None)
    )
    return (await session.exec(requete.with_for_update())).all()


async def autre_principal_actif(session: AsyncSession, collectivite_id: UUID, sauf: Collection[UUID]) -> bool:
    """Whether somebody, apart from these memberships, is gestionnaire principal today, without an end, and may log in."""
    requete = (
        select(Appartenance.id)
        .join(Compte, col(Compte.id) == col(Appartenance.compte_id))
        .where(
            Appartenance.collectivite_id == collectivite_id,
            col(Appartenance.id).not_in(sauf),
            col(Appartenance.fin).is_(None),
            col(Appartenance.roles).contains([Role.GESTIONNAIRE_PRINCIPAL]),
            Compte.actif,
            or_(col(Compte.mot_de_passe).is_not(None), col(Compte.par_un_tiers)),
        )
    )
    return (await session.exec(requete.limit(1))).first() is not None


async def appartenances_de_l_agent(session: AsyncSession, agent_id: UUID, jour: date) -> Sequence[Appartenance]:
    """By which he acts, today or later."""
    requete = select(Appartenance).where(
        Appartenance.agent_id == agent_id, or_(col(Appartenance.fin).is_(None), col(Appartenance.fin) > jour)
    )
    return (await session.exec(requete)).all()


async def comptes_de_l_adresse(session: AsyncSession, email: str) -> Sequence[Compte]:
    """Accounts that may log in and have exactly this address, those that were activated first."""
    requete = select(Compte).where(func.lower(col(Compte.email)) == email.lower(), Compte.actif)
    return (await session.exec(requete.order_by(col(Compte.mot_de_passe).is_(None), Compte.identifiant))).all()


async def agent_de_l_adresse(session: AsyncSession, collectivite_id: UUID, email: str) -> Sequence[Agent]:
    """The records at work in the collectivité that carry this address."""
    requete = select(Agent).where(Agent.collectivite_id == collectivite_id, Agent.actif, func.lower(col(Agent.email)) == email.lower())
    return (await session.exec(requete)).all()


async def services_nommes(session: AsyncSession, collectivite_id: UUID, services: Collection[UUID]) -> dict[UUID, str]:
    """Those of the collectivité, by id, in alphabetical order."""
    requete = select(Service.id, Service.nom).where(Service.collectivite_id == collectivite_id, col(Service.id).in_(services))
    return dict((await session.exec(requete.order_by(Service.nom))).all())


async def fermer_les_acces(session: AsyncSession, appartenance_id: UUID, motif: str, maintenant: datetime) -> None:
    """Log him out wherever he acts by this membership."""
    requete = update(FamilleJetons).where(col(FamilleJetons.appartenance_id) == appartenance_id, col(FamilleJetons.revoquee_le).is_(None))
    await session.execute(requete.values(revoquee_le=maintenant, motif_revocation=motif).execution_options(synchronize_session=False))


def _gere() -> ColumnElement[bool]:
    return col(Appartenance.roles).bool_op("&&")(list(ROLES_DE_GESTION))
