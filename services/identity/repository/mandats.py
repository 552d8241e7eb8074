"""Mandates: read by both sides and by the organisme's ressort; who may act under them."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, text, true, tuple_
from sqlalchemy.orm import aliased
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identity.domain.mandats import EtatMandat, Objet, Periode
from services.identity.domain.portee import Portee
from services.identity.domain.valeurs import EtatCollectivite
from services.identity.models import Agent, Appartenance, Collectivite, Compte, Mandat
from services.identity.repository.portee import collectivites_visibles, mots


class LigneMandat(NamedTuple):
    """A mandate with its two sides, in one query."""

    mandat: Mandat
    mandant: Collectivite
    mandataire: Collectivite


_MANDANT, _MANDATAIRE = aliased(Collectivite), aliased(Collectivite)
_LIGNE = (
    select(Mandat, _MANDANT, _MANDATAIRE)
    .join(_MANDANT, col(_MANDANT.id) == col(Mandat.mandant_id))
    .join(_MANDATAIRE, col(_MANDATAIRE.id) == col(Mandat.mandataire_id))
)


def visibles(portee: Portee) -> ColumnElement[bool]:
    """Those where a collectivité of one's scope is on either side."""
    if portee.organisme:
        return true()
    if portee.structure is not None:
        du_ressort = select(col(Collectivite.id)).where(collectivites_visibles(portee))
        return or_(col(Mandat.mandant_id).in_(du_ressort), col(Mandat.mandataire_id).in_(du_ressort))
    if portee.collectivite is None:
        return false()
    return or_(col(Mandat.mandant_id) == portee.collectivite, col(Mandat.mandataire_id) == portee.collectivite)


async def lister(session: AsyncSession, portee: Portee, *, q: str, avant: tuple[datetime, UUID] | None, taille: int) -> list[LigneMandat]:
    """The newest first. `q`: words that either side bears."""
    requete = _LIGNE.where(visibles(portee))
    if q.strip():
        requete = requete.where(or_(*(and_(*mots(col(cote.recherche), q)) for cote in (_MANDANT, _MANDATAIRE))))
    if avant is not None:
        requete = requete.where(tuple_(col(Mandat.propose_le), col(Mandat.id)) < avant)
    requete = requete.order_by(col(Mandat.propose_le).desc(), col(Mandat.id).desc()).limit(taille)
    return [LigneMandat(*ligne) for ligne in await session.execute(requete)]


async def lire(session: AsyncSession, portee: Portee, mandat_id: UUID) -> LigneMandat | None:
    ligne = (await session.execute(_LIGNE.where(visibles(portee), col(Mandat.id) == mandat_id))).one_or_none()
    return LigneMandat(*ligne) if ligne else None


async def verrouiller(session: AsyncSession, *collectivites: UUID) -> None:
    """One change at a time to the mandates of these collectivités: rules between mandates are checked by who sees all of them."""
    for collectivite_id in sorted(collectivites):
        await session.execute(text("select pg_advisory_xact_lock(hashtextextended(:cle, 0))"), {"cle": f"mandats:{collectivite_id}"})


async def en_concurrence(
    session: AsyncSession, mandant_id: UUID, portee: Collection[Objet], periode: Periode, sauf: UUID | None = None
) -> LigneMandat | None:
    """The live mandate of this mandant that shares a day and a scope with such a one."""
    requete = _LIGNE.where(
        _vivants_pendant(periode),
        col(Mandat.mandant_id) == mandant_id,
        col(Mandat.portee).bool_op("&&")([str(objet) for objet in portee]),
        col(Mandat.id) != sauf if sauf is not None else true(),
    )
    ligne = (await session.execute(requete.order_by(col(Mandat.debut)).limit(1))).one_or_none()
    return LigneMandat(*ligne) if ligne else None


async def chaine(session: AsyncSession, mandant_id: UUID, mandataire_id: UUID, periode: Periode) -> LigneMandat | None:
    """A live mandate that such a one would lengthen: its mandant acts for another then, or its mandataire has another act."""
    maillon = or_(col(Mandat.mandataire_id) == mandant_id, col(Mandat.mandant_id) == mandataire_id)
    ligne = (await session.execute(_LIGNE.where(_vivants_pendant(periode), maillon).limit(1))).one_or_none()
    return LigneMandat(*ligne) if ligne else None


async def exercables(session: AsyncSession, mandataires: Collection[UUID], jour: date) -> list[LigneMandat]:
    """The mandates that run that day for these mandataires, both sides at work."""
    requete = _LIGNE.where(
        _en_cours(jour),
        col(Mandat.mandataire_id).in_(list(mandataires)),
        col(_MANDANT.etat) == EtatCollectivite.OPERATIONNELLE,
        col(_MANDATAIRE.etat) == EtatCollectivite.OPERATIONNELLE,
    )
    return [LigneMandat(*ligne) for ligne in await session.execute(requete.order_by(col(_MANDANT.recherche), col(Mandat.id)))]


async def emploi_chez(session: AsyncSession, agent_id: UUID, collectivite_id: UUID) -> UUID | None:
    """The record, at another collectivité, of the person this agent is."""
    personne = select(col(Agent.personne_id)).where(col(Agent.id) == agent_id).scalar_subquery()
    requete = select(col(Agent.id)).where(col(Agent.personne_id) == personne, col(Agent.collectivite_id) == collectivite_id)
    trouve: UUID | None = (await session.execute(requete.limit(1))).scalar_one_or_none()
    return trouve


async def collectivite_par_siret(session: AsyncSession, siret: str) -> Collectivite | None:
    requete = select(Collectivite).where(col(Collectivite.siret) == siret, col(Collectivite.etat) == EtatCollectivite.OPERATIONNELLE)
    return (await session.execute(requete)).scalar_one_or_none()


async def chercher(session: AsyncSession, q: str, *, sauf: UUID, taille: int) -> Sequence[Collectivite]:
    """The collectivités at work whose name, town or SIRET holds these words."""
    requete = select(Collectivite).where(
        col(Collectivite.etat) == EtatCollectivite.OPERATIONNELLE, col(Collectivite.id) != sauf, *mots(col(Collectivite.recherche), q)
    )
    return (await session.execute(requete.order_by(col(Collectivite.recherche), col(Collectivite.id)).limit(taille))).scalars().all()


async def comptes_de(session: AsyncSession, collectivite_id: UUID, roles: Collection[str], jour: date) -> Sequence[Compte]:
    """Who holds one of these roles there that day."""
    requete = select(Compte).join(Appartenance, col(Appartenance.compte_id) == col(Compte.id))
    requete = requete.where(col(Appartenance.collectivite_id) == collectivite_id, *_tient(roles, jour))
    return (await session.execute(requete.order_by(col(Compte.nom), col(Compte.prenom), col(Compte.id)))).scalars().all()


async def gestionnaires_sous_mandat(session: AsyncSession, roles: Collection[str], jour: date) -> list[tuple[UUID, Compte]]:
    """Who follows the requests of another collectivité that day: it, and the account; in alphabetical order."""
    au_travail = select(col(Collectivite.id)).where(col(Collectivite.etat) == EtatCollectivite.OPERATIONNELLE)
    requete = (
        select(col(Mandat.mandant_id), Compte)
        .join(Appartenance, col(Appartenance.collectivite_id) == col(Mandat.mandataire_id))
        .join(Compte, col(Compte.id) == col(Appartenance.compte_id))
        .where(
            _en_cours(jour),
            col(Mandat.portee).bool_op("&&")([str(Objet.DEMANDES)]),
            col(Mandat.mandataire_id).in_(au_travail),
            func.cardinality(col(Appartenance.services)) == 0,
            *_tient(roles, jour),
        )
    )
    lignes: Any = await session.execute(requete.order_by(col(Compte.nom), col(Compte.prenom), col(Compte.id)))
    return [(mandant_id, compte) for mandant_id, compte in lignes]


def mandants(mandataire_id: UUID, jour: date) -> Select[Any]:
    """The collectivités it acts for that day."""
    return select(col(Mandat.mandant_id)).where(_en_cours(jour), col(Mandat.mandataire_id) == mandataire_id)


def _tient(roles: Collection[str], jour: date) -> tuple[ColumnElement[bool], ...]:
    return (
        col(Compte.actif).is_(True),
        col(Appartenance.roles).bool_op("&&")(list(roles)),
        col(Appartenance.debut) <= jour,
        or_(col(Appartenance.fin).is_(None), col(Appartenance.fin) > jour),
    )


def _en_cours(jour: date) -> ColumnElement[bool]:
    return (col(Mandat.etat) == EtatMandat.ACCEPTE) & func.daterange(col(Mandat.debut), col(Mandat.fin)).bool_op("@>")(jour)


def _vivants_pendant(periode: Periode) -> ColumnElement[bool]:
    dates = func.daterange(col(Mandat.debut), col(Mandat.fin))
    return (col(Mandat.etat) == EtatMandat.ACCEPTE) & dates.bool_op("&&")(func.daterange(periode.debut, periode.fin))
