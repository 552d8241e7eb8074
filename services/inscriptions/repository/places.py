"""The seat ledger of a session: every change is one statement, which moves the figures and writes why.

The row of the session is the lock: movements of one session follow each other, those of two never meet. `rang` is the version
of the ledger after the movement, so movements have one order, no gap, and every prefix of them sums to figures that were true.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, select, text
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from services.contracts.acteur import Acteur
from services.inscriptions.domain.etats import Mouvement
from services.inscriptions.domain.places import Chiffres
from services.inscriptions.models import Agent, Collectivite, Inscription, MouvementPlaces, Places, Session
from services.inscriptions.repository import visible

_NOTER = (
    ", note as (insert into mouvements_places (session_id, rang, inscription_id, cause, effectif_attendu, capacite, recues, admises, en_attente, le)"
    " select session_id, version, cast(:inscription_id as uuid), :cause, effectif_attendu - effectif_avant, capacite - capacite_avant,"
    " recues - recues_avant, admises - admises_avant, en_attente - en_attente_avant, :le from mue)"
    " select session_id, effectif_attendu, capacite, recues, admises, en_attente, version from mue"
)
_AVANT = ", ".join(
    f"coalesce(old.{colonne}, 0) as {nom}_avant"
    for colonne, nom in (
        ("effectif_attendu", "effectif"),
        ("capacite", "capacite"),
        ("recues", "recues"),
        ("admises", "admises"),
        ("en_attente", "en_attente"),
    )
)
# A seat is taken under the capacity only. A seat freed above the effectif attendu takes its share of the capacity with it.
_MOUVOIR = text(
    "with mue as (update places set recues = recues + :recues, admises = admises + :admises, en_attente = en_attente + :en_attente,"
    " capacite = least(capacite, greatest(effectif_attendu, admises + :admises)), version = version + 1"
    " where session_id = :session_id and (:admises <= 0 or admises + :admises <= capacite)"
    f" returning new.*, {_AVANT})" + _NOTER
)
_FIXER = text(
    "with mue as (insert into places as p (session_id, effectif_attendu, capacite, recues, admises, en_attente, version)"
    " values (:session_id, :effectif, :effectif, 0, 0, 0, 1)"
    " on conflict (session_id) do update set effectif_attendu = excluded.effectif_attendu,"
    " capacite = greatest(excluded.effectif_attendu, p.admises), version = p.version + 1"
    " where p.effectif_attendu <> excluded.effectif_attendu"
    f" returning new.*, {_AVANT})" + _NOTER
)


class LigneMouvement(NamedTuple):
    """A movement with what its line shows. `lisible`: the request behind it may be read by who asks."""

    mouvement: MouvementPlaces
    lisible: bool | None
    numero: str | None
    agent: str | None
    collectivite: str | None


async def mouvoir(
    session: AsyncSession, session_id: UUID, mouvement: Mouvement, *, inscription_id: UUID, cause: str, le: datetime
) -> Places | None:
    """Move the figures of a session and say why; None, and nothing moved, when it would oversell."""
    deltas = {"recues": mouvement.recues, "admises": mouvement.admises, "en_attente": mouvement.en_attente}
    return await _executer(session, _MOUVOIR, {"session_id": session_id, "inscription_id": inscription_id, "cause": cause, "le": le, **deltas})


async def fixer_effectif(session: AsyncSession, session_id: UUID, effectif: int, *, le: datetime) -> Places | None:
    """Open the ledger of a session or change how many are expected; None when it is already so.

    Below the seats already taken, the capacity stops at these: nobody loses his seat, and none is given until enough are free.
    """
    valeurs = {"session_id": session_id, "effectif": effectif, "inscription_id": None, "cause": "effectif", "le": le}
    return await _executer(session, _FIXER, valeurs)


async def _executer(session: AsyncSession, requete: Any, valeurs: dict[str, Any]) -> Places | None:
    lue = select(Places).from_statement(requete).execution_options(populate_existing=True)
    return (await session.execute(lue, valeurs)).scalar_one_or_none()


async def session_visible(session: AsyncSession, session_id: UUID) -> Session | None:
    return await session.get(Session, session_id)


async def chiffres_a(session: AsyncSession, session_id: UUID, rang: int | None) -> Chiffres:
    """The figures of a session just after the movement `rang`, or now: the sum of what moved them."""
    sommes = (func.coalesce(func.sum(col(colonne)), 0) for colonne in _FIGURES)
    requete = select(*sommes).where(col(MouvementPlaces.session_id) == session_id)
    if rang is not None:
        requete = requete.where(col(MouvementPlaces.rang) <= rang)
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
            lisible,
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
