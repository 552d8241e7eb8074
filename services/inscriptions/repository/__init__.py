"""Every query of the service: the requests here, the seat ledger in `places`. What an acteur may see is decided here, and only here."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, text, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from services.contracts.acteur import Acteur, Droit
from services.contracts.inscriptions import EtapeCourante, Etat
from services.inscriptions.models import (
    Agent,
    Circuit,
    Collectivite,
    Decision,
    DemandeAvis,
    EntreeJournal,
    EtatDemande,
    Inscription,
    Session,
    Table,
)


class LigneInscription(NamedTuple):
    """A request with what its line shows, in one query."""

    inscription: Inscription
    agent: Agent
    collectivite: Collectivite
    session: Session


def visible(acteur: Acteur) -> ColumnElement[bool]:
    """The requests this acteur may read.

    An agent his own, a gestionnaire those of his collectivité or of his services, the organisme those transmitted to it (a conseiller, to
    his structure).
    """
    clauses: list[ColumnElement[bool]] = []
    if acteur.fiches:
        clauses.append(col(Inscription.agent_id).in_(acteur.fiches))
    if acteur.peut(Droit.LIRE_COLLECTIVITE) and acteur.collectivite_id is not None:
        siennes = col(Inscription.collectivite_id) == acteur.collectivite_id
        clauses.append(siennes & col(Agent.services).bool_op("&&")(list(acteur.services)) if acteur.services else siennes)
    if acteur.peut(Droit.LIRE_TRANSMISES) and acteur.structure is not None:
        clauses.append((col(Inscription.structure) == acteur.structure) & col(Inscription.transmise_le).is_not(None))
    if acteur.peut(Droit.LIRE_TRANSMISES) and acteur.structure is None:
        clauses.append(col(Inscription.transmise_le).is_not(None))
    return or_(*clauses) if clauses else text("false")  # type: ignore[return-value]


def a_traiter(acteur: Acteur) -> ColumnElement[bool]:
    """What waits for this acteur: validations for who manages, instruction for the organisme."""
    clauses: list[ColumnElement[bool]] = []
    if acteur.peut(Droit.GERER_DEMANDES):
        validation = (col(Inscription.etape) == EtapeCourante.VALIDATION) & (col(Inscription.collectivite_id) == acteur.collectivite_id)
        clauses.append(validation if acteur.agent_id is None else validation & (col(Inscription.agent_id) != acteur.agent_id))
    if acteur.peut(Droit.INSTRUIRE):
        clauses.append(col(Inscription.etape) == EtapeCourante.INSTRUCTION)
    return or_(*clauses) if clauses else text("false")  # type: ignore[return-value]


_LIGNE = (
    select(Inscription, Agent, Collectivite, Session)
    .join(Agent, col(Agent.id) == col(Inscription.agent_id))
    .join(Collectivite, col(Collectivite.id) == col(Inscription.collectivite_id))
    .join(Session, col(Session.id) == col(Inscription.session_id))
)


async def lister(
    session: AsyncSession,
    acteur: Acteur,
    *,
    etat: Etat | None,
    en_attente_de_lui: bool,
    avant: tuple[datetime, UUID] | None,
    combien: int,
) -> list[LigneInscription]:
    """Requests the acteur may read, newest first, `combien` at most, after the cursor."""
    requete = _LIGNE.where(visible(acteur))
    if etat is not None:
        requete = requete.where(col(Inscription.etat) == etat)
    if en_attente_de_lui:
        requete = requete.where(a_traiter(acteur))
    if avant is not None:
        requete = requete.where(tuple_(col(Inscription.depose_le), col(Inscription.id)) < avant)
    requete = requete.order_by(col(Inscription.depose_le).desc(), col(Inscription.id).desc()).limit(combien)
    return [LigneInscription(*row) for row in (await session.execute(requete)).all()]


async def lire(session: AsyncSession, acteur: Acteur, inscription_id: UUID) -> LigneInscription | None:
    row = (await session.execute(_LIGNE.where(visible(acteur), col(Inscription.id) == inscription_id))).one_or_none()
    return LigneInscription(*row) if row else None


async def lire_sans_acteur(session: AsyncSession, inscription_id: UUID) -> LigneInscription | None:
    """For the platform itself: circuits, documents, mails, and who holds a valid avis link."""
    row = (await session.execute(_LIGNE.where(col(Inscription.id) == inscription_id))).one_or_none()
    return LigneInscription(*row) if row else None


async def verrouiller(session: AsyncSession, inscription_id: UUID) -> Inscription | None:
    """The request, held until the end of the transaction: whoever changes it does so alone."""
    requete = select(Inscription).where(col(Inscription.id) == inscription_id).with_for_update()
    return (await session.execute(requete)).scalar_one_or_none()


async def verrouiller_decision(session: AsyncSession, decision_id: UUID) -> Decision | None:
    requete = select(Decision).where(col(Decision.id) == decision_id).with_for_update()
    return (await session.execute(requete)).scalar_one_or_none()


async def proposer(session: AsyncSession, decision: Decision) -> Decision:
    """Keep a proposed decision; the one already kept under the same id, if any."""
    await session.execute(insert(Decision).values(**decision.model_dump()).on_conflict_do_nothing(index_elements=["id"]))
    gardee: Decision = (await session.execute(select(Decision).where(col(Decision.id) == decision.id))).scalar_one()
    return gardee


async def demandes_de(session: AsyncSession, inscription_ids: Sequence[UUID]) -> dict[UUID, list[DemandeAvis]]:
    """The avis of these requests, in the order they were asked for."""
    requete = select(DemandeAvis).where(col(DemandeAvis.inscription_id).in_(inscription_ids)).order_by(col(DemandeAvis.demande_le))
    trouvees: dict[UUID, list[DemandeAvis]] = {inscription_id: [] for inscription_id in inscription_ids}
    for demande in (await session.execute(requete)).scalars():
        trouvees[demande.inscription_id].append(demande)
    return trouvees


async def demande(session: AsyncSession, demande_id: UUID) -> DemandeAvis | None:
    return await session.get(DemandeAvis, demande_id)


async def demande_ouverte(session: AsyncSession, inscription_id: UUID) -> DemandeAvis | None:
    requete = select(DemandeAvis).where(col(DemandeAvis.inscription_id) == inscription_id, col(DemandeAvis.etat) == EtatDemande.OUVERTE)
    return (await session.execute(requete)).scalar_one_or_none()


async def journal_de(session: AsyncSession, inscription_id: UUID) -> list[EntreeJournal]:
    requete = select(EntreeJournal).where(col(EntreeJournal.inscription_id) == inscription_id).order_by(col(EntreeJournal.rang))
    return list((await session.execute(requete)).scalars())


async def derniere_entree(session: AsyncSession, inscription_id: UUID) -> EntreeJournal | None:
    requete = (
        select(EntreeJournal).where(col(EntreeJournal.inscription_id) == inscription_id).order_by(col(EntreeJournal.rang).desc()).limit(1)
    )
    return (await session.execute(requete)).scalar_one_or_none()


async def prochain_numero(session: AsyncSession, annee: int) -> str:
    """`2026-000123`: unique over the years, gaps allowed."""
    rang = (await session.execute(text("select nextval('inscriptions_numero')"))).scalar_one()
    return f"{annee}-{rang:06d}"


async def circuit_en_vigueur(session: AsyncSession, collectivite_id: UUID) -> Circuit | None:
    requete = select(Circuit).where(col(Circuit.collectivite_id) == collectivite_id).order_by(col(Circuit.version).desc()).limit(1)
    return (await session.execute(requete)).scalar_one_or_none()


async def circuits(session: AsyncSession, collectivite_id: UUID, combien: int) -> Sequence[Circuit]:
    """The newest first."""
    requete = select(Circuit).where(col(Circuit.collectivite_id) == collectivite_id).order_by(col(Circuit.version).desc())
    return (await session.execute(requete.limit(combien))).scalars().all()


async def retenir(session: AsyncSession, table: type[Table], valeurs: dict[str, Any]) -> bool:
    """Keep a projection unless a newer version is there; whether it was kept."""
    requete = insert(table).values(**valeurs)
    gardees = {nom: requete.excluded[nom] for nom in valeurs if nom != "id"}
    plus_recente = requete.excluded["version"] > table.__table__.c["version"]  # type: ignore[attr-defined]
    gardee = requete.on_conflict_do_update(index_elements=["id"], set_=gardees, where=plus_recente)
    return (await session.execute(gardee.returning(table.__table__.c["id"]))).first() is not None  # type: ignore[attr-defined]
