"""Openings: what a délégation sees of its ressort, what a collectivité opens with its code, what the workflow moves."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, exists, false, true, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.contracts.ouvertures import EtapeOuverture
from services.identity.domain.portee import Portee
from services.identity.domain.valeurs import EtatCollectivite
from services.identity.models import Appartenance, Collectivite, Compte, DecisionOuverture, FaitOuverture, Ouverture, Structure


def visibles(portee: Portee) -> ColumnElement[bool]:
    if portee.organisme:
        return true()
    if portee.structure is None:
        return false()
    return col(Ouverture.delegation) == portee.structure


async def lister(
    session: AsyncSession, portee: Portee, *, etape: EtapeOuverture | None, apres: tuple[datetime, UUID] | None, taille: int
) -> Sequence[Ouverture]:
    """The newest first."""
    requete = select(Ouverture).where(visibles(portee))
    if etape is not None:
        requete = requete.where(Ouverture.etape == etape)
    if apres is not None:
        requete = requete.where(tuple_(col(Ouverture.cree_le), col(Ouverture.id)) < apres)
    return (await session.exec(requete.order_by(col(Ouverture.cree_le).desc(), col(Ouverture.id).desc()).limit(taille))).all()


async def lire(session: AsyncSession, portee: Portee, ouverture_id: UUID) -> Ouverture | None:
    return (await session.exec(select(Ouverture).where(Ouverture.id == ouverture_id, visibles(portee)))).one_or_none()


async def verrouiller(session: AsyncSession, ouverture_id: UUID) -> Ouverture | None:
    """For the workflow, which acts for nobody in particular; one change at a time."""
    requete = select(Ouverture).where(Ouverture.id == ouverture_id).with_for_update().execution_options(populate_existing=True)
    return (await session.exec(requete)).one_or_none()


async def par_code(session: AsyncSession, code: str) -> Ouverture | None:
    return (await session.exec(select(Ouverture).where(Ouverture.code == code).with_for_update())).one_or_none()


async def par_acces(session: AsyncSession, acces: str, maintenant: datetime) -> Ouverture | None:
    """The case that this access opens, while it lasts."""
    requete = select(Ouverture).where(Ouverture.acces == acces, col(Ouverture.acces_expire_le) > maintenant).with_for_update()
    return (await session.exec(requete)).one_or_none()


async def collectivite_au_travail(session: AsyncSession, siret: str) -> bool:
    """Whether this SIRET has an account already, other than one that is being opened."""
    requete = select(exists().where(col(Collectivite.siret) == siret, col(Collectivite.etat) != EtatCollectivite.EN_OUVERTURE))
    return bool((await session.execute(requete)).scalar_one())


async def ouverture_en_cours(session: AsyncSession, siret: str) -> Ouverture | None:
    requete = select(Ouverture).where(Ouverture.siret == siret, Ouverture.etape != EtapeOuverture.ABANDONNEE)
    return (await session.exec(requete)).one_or_none()


async def ouverture_de(session: AsyncSession, collectivite_id: UUID) -> Ouverture | None:
    """The case, not over yet, of a collectivité; locked."""
    finies = [EtapeOuverture.OPERATIONNELLE, EtapeOuverture.ABANDONNEE]
    requete = select(Ouverture).where(Ouverture.collectivite_id == collectivite_id, col(Ouverture.etape).not_in(finies)).with_for_update()
    return (await session.exec(requete)).one_or_none()


async def structure(session: AsyncSession, code: str) -> Structure:
    return (await session.exec(select(Structure).where(Structure.code == code))).one()


async def noter(session: AsyncSession, fait: FaitOuverture) -> bool:
    """Write a line of the timeline; False when it is there already."""
    ajout = insert(FaitOuverture).values(fait.model_dump()).on_conflict_do_nothing(index_elements=["ouverture_id", "cle"])
    return (await session.execute(ajout.returning(col(FaitOuverture.id)))).first() is not None


async def faits(session: AsyncSession, ouverture_id: UUID) -> Sequence[FaitOuverture]:
    requete = select(FaitOuverture).where(FaitOuverture.ouverture_id == ouverture_id)
    return (await session.exec(requete.order_by(col(FaitOuverture.survenu_le), col(FaitOuverture.id)))).all()


async def decision(session: AsyncSession, decision_id: UUID) -> DecisionOuverture | None:
    return await session.get(DecisionOuverture, decision_id)


async def proposer(session: AsyncSession, decision: DecisionOuverture) -> None:
    """Keep a decision before the workflow is asked; the same one again changes nothing."""
    await session.execute(insert(DecisionOuverture).values(decision.model_dump()).on_conflict_do_nothing(index_elements=["id"]))


async def membres(session: AsyncSession, collectivite_id: UUID) -> Sequence[tuple[Appartenance, Compte]]:
    """Who belongs to the collectivité now."""
    requete = (
        select(Appartenance, Compte)
        .join(Compte, col(Compte.id) == col(Appartenance.compte_id))
        .where(Appartenance.collectivite_id == collectivite_id, col(Appartenance.fin).is_(None))
    )
    return (await session.exec(requete)).all()
