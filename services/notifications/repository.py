"""Every query of the service."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, exists, false, or_, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from services.contracts.acteur import Acteur, Droit
from services.contracts.notifications import Gabarit
from services.notifications.domain import AVANT_OU_APRES, AVANT_TRANSMISSION, EtatMessage
from services.notifications.models import Message

CANAL = "messages"


async def deposer(session: AsyncSession, messages: Sequence[Message]) -> int:
    """Queue messages, each once by key and address; how many are new. Wakes the sender when this commits."""
    if not messages:
        return 0
    requete = insert(Message).values([message.model_dump() for message in messages]).on_conflict_do_nothing(constraint="messages_une_fois")
    nouveaux = len((await session.execute(requete.returning(col(Message.id)))).all())
    if nouveaux:
        await session.execute(text(f"notify {CANAL}"))
    return nouveaux


async def a_envoyer(session: AsyncSession, maintenant: datetime) -> Message | None:
    """The next message due, held until the end of the transaction; those that another sender holds are skipped."""
    requete = (
        select(Message)
        .where(col(Message.etat).in_([EtatMessage.EN_FILE, EtatMessage.REESSAYE]), col(Message.prochain_essai) <= maintenant)
        .order_by(col(Message.priorite), col(Message.prochain_essai))
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    message: Message | None = (await session.execute(requete)).scalar_one_or_none()
    return message


async def lister(session: AsyncSession, acteur: Acteur, inscription_id: UUID) -> list[Message]:
    requete = select(Message).where(col(Message.inscription_id) == inscription_id, _visible(acteur)).order_by(col(Message.depose_le))
    return list((await session.execute(requete)).scalars())


def _visible(acteur: Acteur) -> ColumnElement[bool]:
    """An agent the messages about his own requests, a gestionnaire those of his collectivité, the organisme those it takes part in."""
    clauses: list[ColumnElement[bool]] = []
    if acteur.fiches:
        clauses.append(col(Message.agent_id).in_(acteur.fiches))
    if acteur.peut(Droit.LIRE_COLLECTIVITE) and acteur.collectivite_id is not None:
        siens = col(Message.collectivite_id) == acteur.collectivite_id
        clauses.append(siens & col(Message.services).bool_op("&&")(list(acteur.services)) if acteur.services else siens)
    if acteur.peut(Droit.LIRE_TRANSMISES) and acteur.structure is not None:
        clauses.append((col(Message.structure) == acteur.structure) & _apres_transmission())
    if acteur.peut(Droit.LIRE_TRANSMISES) and acteur.structure is None:
        clauses.append(_apres_transmission())
    return or_(*clauses) if clauses else false()


def _apres_transmission() -> ColumnElement[bool]:
    accuse = aliased(Message)
    transmise = exists().where(col(accuse.inscription_id) == col(Message.inscription_id), col(accuse.gabarit) == Gabarit.TRANSMISE)
    gabarit = col(Message.gabarit)
    return gabarit.not_in(sorted(AVANT_TRANSMISSION)) & (gabarit.not_in(sorted(AVANT_OU_APRES)) | transmise)
