"""The seat ledger of a session: every change is one statement, which moves the figures and writes why.

The row of the session is the lock: movements of one session follow each other, those of two never meet. `rang` is the version
of the ledger after the movement, so movements have one order, no gap, and every prefix of them sums to figures that were true.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, literal, select, text
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from services.contracts.acteur import Acteur, Droit
from services.contracts.catalogue import AireDeRecrutement
from services.inscriptions.domain.etats import Mouvement
from services.inscriptions.domain.places import Chiffres
from services.inscriptions.models import Agent, Collectivite, Inscription, MouvementPlaces, Places, Session
from services.inscriptions.repository import visible
from services.kit.bulk import insert_rows

# A seat is taken under the capacity only. A seat freed above the effectif attendu takes its share of the capacity with it.
_MOUVOIR = """
    update places set
        recues = recues + :recues, admises = admises + :admises, en_attente = en_attente + :en_attente, version = version + 1,
        capacite = least(capacite, greatest(effectif_attendu, admises + :admises))
    where session_id = :session_id and (:admises <= 0 or admises + :admises <= capacite)
"""
_FIXER = """
    insert into places as p (session_id, effectif_attendu, capacite, recues, admises, en_attente, version)
    values (:session_id, :effectif, :effectif, 0, 0, 0, 1)
    on conflict (session_id) do update set
        effectif_attendu = excluded.effectif_attendu, capacite = greatest(excluded.effectif_attendu, p.admises), version = p.version + 1
    where p.effectif_attendu <> excluded.effectif_attendu
"""
_AVEC_SA_CAUSE = """
    with mue as ({changement} returning new.*,
        new.effectif_attendu - coalesce(old.effectif_attendu, 0) as d_effectif, new.capacite - coalesce(old.capacite, 0) as d_capacite,
        new.recues - coalesce(old.recues, 0) as d_recues, new.admises - coalesce(old.admises, 0) as d_admises,
        new.en_attente - coalesce(old.en_attente, 0) as d_en_attente
    ), mouvement as (
        insert into mouvements_places
            (session_id, rang, inscription_id, cause, effectif_attendu, capacite, recues, admises, en_attente, le)
        select session_id, version, cast(:inscription_id as uuid), :cause, d_effectif, d_capacite, d_recues, d_admises, d_en_attente, :le
        from mue
    )
    select session_id, effectif_attendu, capacite, recues, admises, en_attente, version from mue
"""
MOUVOIR = text(_AVEC_SA_CAUSE.format(changement=_MOUVOIR))
FIXER = text(_AVEC_SA_CAUSE.format(changement=_FIXER))


class LigneMouvement(NamedTuple):
    """A movement with what its line shows; all is None when who asks may not read the request behind it."""

    mouvement: MouvementPlaces
    numero: str | None
    agent: str | None
    collectivite: str | None


async def mouvoir(
    session: AsyncSession, session_id: UUID, mouvement: Mouvement, *, inscription_id: UUID, cause: str, le: datetime
) -> Places | None:
    """Move the figures of a session and say why; None, and nothing moved, when it would oversell."""
    valeurs = {"session_id": session_id, "inscription_id": inscription_id, "cause": cause, "le": le, **asdict(mouvement)}
    return await _executer(session, MOUVOIR, valeurs)


async def fixer_effectif(session: AsyncSession, session_id: UUID, effectif: int, *, le: datetime) -> Places | None:
    """Open the ledger of a session or change how many are expected; None when it is already so.

    Below the seats already taken, the capacity stops at these: nobody loses his seat, and none is given until enough are free.
    """
    valeurs = {"session_id": session_id, "effectif": effectif, "inscription_id": None, "cause": "effectif", "le": le}
    return await _executer(session, FIXER, valeurs)


async def tenir(session: AsyncSession, session_id: UUID) -> Places | None:
    """The ledger of a session, held until the end of the transaction."""
    requete = select(Places).where(col(Places.session_id) == session_id).with_for_update().execution_options(populate_existing=True)
    return (await session.execute(requete)).scalar_one_or_none()


async def mouvoir_en_lot(session: AsyncSession, places: Places, mouvements: Sequence[tuple[UUID, str, Mouvement]], *, le: datetime) -> None:
    """Many movements (request, cause, what it adds) of a ledger that the caller holds: two statements, one row for each."""
    lignes = [
        {"session_id": places.session_id, "rang": places.version + n, "inscription_id": qui, "cause": cause, "le": le, **asdict(mouvement)}
        for n, (qui, cause, mouvement) in enumerate(mouvements, start=1)
    ]
    if not lignes:
        return
    await insert_rows(session, MouvementPlaces, [{"effectif_attendu": 0, "capacite": 0, **ligne} for ligne in lignes])
    for figure in ("recues", "admises", "en_attente"):
        setattr(places, figure, getattr(places, figure) + sum(ligne[figure] for ligne in lignes))
    places.version += len(lignes)
    session.add(places)
    await session.flush()


async def _executer(session: AsyncSession, requete: Any, valeurs: dict[str, Any]) -> Places | None:
    lue = select(Places).from_statement(requete).execution_options(populate_existing=True)
    return (await session.execute(lue, valeurs)).scalar_one_or_none()


async def session_visible(session: AsyncSession, acteur: Acteur, session_id: UUID) -> Session | None:
    """The session, if it is published for the acteur's collectivité or belongs to his structure."""
    requete = select(Session).where(col(Session.id) == session_id)
    if acteur.peut(Droit.LIRE_TRANSMISES):
        du_ressort = literal(acteur.structure is None) | (col(Session.structure) == acteur.structure)
        return (await session.execute(requete.where(du_ressort))).scalar_one_or_none()
    if acteur.collectivite_id is None or acteur.droits.isdisjoint({Droit.DEPOSER, Droit.LIRE_COLLECTIVITE}):
        return None
    sienne = await session.get(Collectivite, acteur.collectivite_id)
    trouvee = (await session.execute(requete)).scalar_one_or_none()
    if sienne is None or trouvee is None:
        return None
    aire = AireDeRecrutement.model_validate(trouvee.aire)
    return trouvee if aire.comprend(sienne.id, sienne.departement) else None


async def chiffres_a(session: AsyncSession, session_id: UUID, rang: int) -> Chiffres:
    """The figures of a session just after the movement `rang`: the sum of what moved them."""
    sommes = (func.coalesce(func.sum(col(colonne)), 0) for colonne in _FIGURES)
    requete = select(*sommes).where(col(MouvementPlaces.session_id) == session_id, col(MouvementPlaces.rang) <= rang)
    return Chiffres(*(await session.execute(requete)).one())


_FIGURES: tuple[Any, ...] = (
    MouvementPlaces.effectif_attendu,
    MouvementPlaces.capacite,
    MouvementPlaces.recues,
    MouvementPlaces.admises,
    MouvementPlaces.en_attente,
)


async def mouvements(
    session: AsyncSession, acteur: Acteur, session_id: UUID, *, avant: int | None, combien: int
) -> Sequence[LigneMouvement]:
    """The movements of a session, the newest first. Who it was about is told only to who may read the request."""
    lisible: ColumnElement[bool] = visible(acteur)
    requete = (
        select(
            MouvementPlaces,
            case((lisible, col(Inscription.numero))),
            case((lisible, func.concat(Agent.prenom, " ", Agent.nom))),
            case((lisible, col(Collectivite.nom))),
        )
        .outerjoin(Inscription, col(Inscription.id) == col(MouvementPlaces.inscription_id))
        .outerjoin(Agent, col(Agent.id) == col(Inscription.agent_id))
        .outerjoin(Collectivite, col(Collectivite.id) == col(Inscription.collectivite_id))
        .where(col(MouvementPlaces.session_id) == session_id)
        .order_by(col(MouvementPlaces.rang).desc())
        .limit(combien)
    )
    if avant is not None:
        requete = requete.where(col(MouvementPlaces.rang) < avant)
    return [LigneMouvement(*ligne) for ligne in (await session.execute(requete)).all()]
