"""Every query of the service."""

from uuid import UUID

from sqlalchemy import ColumnElement, false, or_, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from services.contracts.acteur import Acteur, Droit
from services.documents.domain import Genre
from services.documents.models import Document, Reservation

CLE = ("inscription_id", "genre", "version")


def _visible(acteur: Acteur) -> ColumnElement[bool]:
    """An agent his own papers, a gestionnaire those of his collectivité, a conseiller those of his structure."""
    clauses: list[ColumnElement[bool]] = []
    if acteur.fiches:
        clauses.append(col(Document.agent_id).in_(acteur.fiches))
    if acteur.peut(Droit.LIRE_COLLECTIVITE) and acteur.collectivite_id is not None:
        siens = col(Document.collectivite_id) == acteur.collectivite_id
        clauses.append(siens & col(Document.services).bool_op("&&")(list(acteur.services)) if acteur.services else siens)
    if acteur.peut(Droit.LIRE_TRANSMISES) and acteur.structure is not None:
        clauses.append(col(Document.structure) == acteur.structure)
    if acteur.peut(Droit.LIRE_TRANSMISES) and acteur.structure is None:
        return col(Document.id).is_not(None)
    return or_(*clauses) if clauses else false()


async def lister(session: AsyncSession, acteur: Acteur, inscription_id: UUID) -> list[Document]:
    requete = select(Document).where(col(Document.inscription_id) == inscription_id, _visible(acteur)).order_by(col(Document.cree_le))
    return list((await session.execute(requete)).scalars())


async def lire(session: AsyncSession, acteur: Acteur, document_id: UUID) -> Document | None:
    requete = select(Document).where(col(Document.id) == document_id, _visible(acteur))
    document: Document | None = (await session.execute(requete)).scalar_one_or_none()
    return document


async def lire_sans_acteur(session: AsyncSession, document_id: UUID) -> Document | None:
    """For the platform itself: mails."""
    return await session.get(Document, document_id)


async def de_la_demande(session: AsyncSession, inscription_id: UUID, genre: Genre) -> Document | None:
    """The newest version of a request's paper of this kind."""
    requete = (
        select(Document)
        .where(col(Document.inscription_id) == inscription_id, col(Document.genre) == genre)
        .order_by(col(Document.version).desc())
        .limit(1)
    )
    document: Document | None = (await session.execute(requete)).scalar_one_or_none()
    return document


async def reserver(session: AsyncSession, voulue: Reservation) -> Reservation:
    """`voulue`, or the one that this paper has already. Two at once: the second waits for the first."""
    await session.execute(insert(Reservation).values(voulue.model_dump()).on_conflict_do_nothing(index_elements=CLE))
    requete = select(Reservation).where(
        col(Reservation.inscription_id) == voulue.inscription_id,
        col(Reservation.genre) == voulue.genre,
        col(Reservation.version) == voulue.version,
    )
    reservation: Reservation = (await session.execute(requete)).scalar_one()
    return reservation


async def seul_pour(session: AsyncSession, inscription_id: UUID, genre: Genre) -> None:
    """Until the end of the transaction, nobody else archives this paper."""
    await session.execute(text("select pg_advisory_xact_lock(hashtextextended(:cle, 0))"), {"cle": f"{genre}:{inscription_id}"})


async def par_reference(session: AsyncSession, reference: str) -> Document | None:
    document: Document | None = (await session.execute(select(Document).where(col(Document.reference) == reference))).scalar_one_or_none()
    return document
