"""Every query of identity. Those that answer a person take his `Portee` and show nothing beyond it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.errors import LockNotAvailable
from sqlalchemy import ColumnElement, delete, false, func, or_, text, true, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identity.domain.connexion import OUBLI_DES_ECHECS, Echecs
from services.identity.domain.portee import Portee
from services.identity.domain.valeurs import GenreStructure
from services.identity.models import Agent, Collectivite, Compte, EchecsConnexion, FamilleJetons, Jeton, Service, Structure

# --- What one may read


def _collectivites_visibles(portee: Portee) -> ColumnElement[bool]:
    if portee.organisme:
        return true()
    permis: list[ColumnElement[bool]] = [false()]
    if portee.collectivite is not None:
        permis.append(col(Collectivite.id) == portee.collectivite)
    if portee.structure is not None:
        national = select(Structure.code).where(Structure.code == portee.structure, Structure.genre == GenreStructure.INSTITUT)
        permis.append(or_(col(Collectivite.delegation) == portee.structure, national.exists()))
    return or_(*permis)


def _agents_visibles(portee: Portee) -> ColumnElement[bool]:
    permis: list[ColumnElement[bool]] = [false()]
    if portee.collectivite is not None and portee.agents_de_la_collectivite:
        permis.append(col(Agent.collectivite_id) == portee.collectivite)
    if portee.agent is not None:
        permis.append(col(Agent.id) == portee.agent)
    return or_(*permis)


@dataclass(frozen=True)
class Tranche:
    """Where a page begins (after this `recherche`, id) and how many rows it may hold."""

    apres: tuple[str, UUID] | None
    taille: int


def _mots(recherche: Any, q: str) -> list[ColumnElement[bool]]:
    """Every word of `q` is in the row, whatever the accents and capitals."""
    return [recherche.contains(func.sans_accents(_sans_joker(mot)), escape="\\") for mot in q.split()]


def _sans_joker(mot: str) -> str:
    return mot.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


async def structures(session: AsyncSession) -> Sequence[Structure]:
    """All of them, délégations first: they are public."""
    return (await session.exec(select(Structure).order_by(Structure.genre, Structure.nom))).all()


async def structure(session: AsyncSession, code: str) -> Structure | None:
    return await session.get(Structure, code)


async def collectivites(session: AsyncSession, portee: Portee, q: str, tranche: Tranche) -> Sequence[Collectivite]:
    requete = select(Collectivite).where(_collectivites_visibles(portee), *_mots(col(Collectivite.recherche), q))
    if tranche.apres is not None:
        requete = requete.where(tuple_(col(Collectivite.recherche), col(Collectivite.id)) > tranche.apres)
    return (await session.exec(requete.order_by(Collectivite.recherche, col(Collectivite.id)).limit(tranche.taille))).all()


async def collectivite(session: AsyncSession, portee: Portee, identifiant: UUID) -> Collectivite | None:
    requete = select(Collectivite).where(Collectivite.id == identifiant, _collectivites_visibles(portee))
    return (await session.exec(requete)).one_or_none()


async def agents(session: AsyncSession, portee: Portee, q: str, tranche: Tranche) -> Sequence[tuple[Agent, str | None]]:
    """Agents, each with the name of his service."""
    requete = (
        select(Agent, col(Service.nom))
        .join(Service, col(Service.id) == Agent.service_id, isouter=True)
        .where(_agents_visibles(portee), *_mots(col(Agent.recherche), q))
    )
    if tranche.apres is not None:
        requete = requete.where(tuple_(col(Agent.recherche), col(Agent.id)) > tranche.apres)
    return (await session.exec(requete.order_by(Agent.recherche, col(Agent.id)).limit(tranche.taille))).all()


async def agent(session: AsyncSession, portee: Portee, identifiant: UUID) -> Agent | None:
    return (await session.exec(select(Agent).where(Agent.id == identifiant, _agents_visibles(portee)))).one_or_none()


async def services_de(session: AsyncSession, agent: Agent) -> Sequence[Service]:
    """The tree of services of the collectivité of an agent that was read within one's scope."""
    return (await session.exec(select(Service).where(Service.collectivite_id == agent.collectivite_id))).all()


async def encadrants_de(session: AsyncSession, agent: Agent) -> Sequence[Agent]:
    """Who may be asked for the avis on this agent's requests: the heads and deputies of his collectivité, and his own supérieur."""
    responsables = select(Service.responsable_id).where(Service.collectivite_id == agent.collectivite_id)
    suppleants = select(Service.suppleant_id).where(Service.collectivite_id == agent.collectivite_id)
    identifiant = col(Agent.id)
    requete = select(Agent).where(
        Agent.collectivite_id == agent.collectivite_id,
        Agent.actif,
        or_(identifiant.in_(responsables), identifiant.in_(suppleants), identifiant == agent.superieur_id),
    )
    return (await session.exec(requete)).all()


# --- Login


async def verrouiller_identifiant(session: AsyncSession, empreinte: str) -> bool:
    """One try at a time on an identifier, so that many at once cannot outrun the slowing. False when the queue is too long."""
    try:
        async with session.begin_nested():
            await session.execute(text("set local lock_timeout = '3s'"))
            await session.execute(text("select pg_advisory_xact_lock(hashtextextended(:empreinte, 0))"), {"empreinte": empreinte})
    except DBAPIError as erreur:
        if isinstance(erreur.orig, LockNotAvailable):
            return False
        raise
    return True


async def echecs(session: AsyncSession, empreinte: str) -> Echecs | None:
    ligne = await session.get(EchecsConnexion, empreinte)
    return None if ligne is None else Echecs(ligne.nombre, ligne.dernier_le)


async def noter_echec(session: AsyncSession, empreinte: str, maintenant: datetime) -> None:
    """Count one more failure, and forget the old ones of everybody."""
    await session.execute(delete(EchecsConnexion).where(col(EchecsConnexion.dernier_le) < maintenant - OUBLI_DES_ECHECS))
    ajout = insert(EchecsConnexion).values(empreinte=empreinte, nombre=1, dernier_le=maintenant)
    nombre = col(EchecsConnexion.nombre) + 1
    await session.execute(ajout.on_conflict_do_update(index_elements=["empreinte"], set_={"nombre": nombre, "dernier_le": maintenant}))


async def oublier_echecs(session: AsyncSession, empreinte: str) -> None:
    await session.execute(delete(EchecsConnexion).where(col(EchecsConnexion.empreinte) == empreinte))


async def compte_par_identifiant(session: AsyncSession, identifiant: str) -> Compte | None:
    return (await session.exec(select(Compte).where(Compte.identifiant == identifiant))).one_or_none()


async def compte(session: AsyncSession, identifiant: UUID) -> Compte | None:
    return await session.get(Compte, identifiant)


async def supprimer_familles_expirees(session: AsyncSession, compte_id: UUID, maintenant: datetime) -> None:
    await session.execute(delete(FamilleJetons).where(col(FamilleJetons.compte_id) == compte_id, col(FamilleJetons.expire_le) < maintenant))


async def famille_verrouillee(session: AsyncSession, empreinte: str) -> FamilleJetons | None:
    """The family of a refresh token, locked: its tokens are used one at a time."""
    famille = select(Jeton.famille_id).where(Jeton.empreinte == empreinte).scalar_subquery()
    return (await session.exec(select(FamilleJetons).where(FamilleJetons.id == famille).with_for_update())).one_or_none()


async def jeton(session: AsyncSession, empreinte: str) -> Jeton | None:
    return await session.get(Jeton, empreinte)


# --- What is published


async def collectivites_a_publier(session: AsyncSession) -> Sequence[Collectivite]:
    """All, locked in a steady order: one publication at a time counts versions."""
    return (await session.exec(select(Collectivite).order_by(col(Collectivite.id)).with_for_update())).all()


async def gestionnaires(session: AsyncSession, roles: Collection[str]) -> Sequence[Compte]:
    """The active accounts that hold one of `roles` in a collectivité, in alphabetical order."""
    requete = select(Compte).where(col(Compte.collectivite_id).is_not(None), Compte.actif, col(Compte.roles).bool_op("&&")(list(roles)))
    return (await session.exec(requete.order_by(Compte.nom, Compte.prenom, col(Compte.id)))).all()


async def services(session: AsyncSession) -> Sequence[Service]:
    return (await session.exec(select(Service))).all()


async def agents_a_publier(session: AsyncSession) -> Sequence[Agent]:
    return (await session.exec(select(Agent).order_by(col(Agent.collectivite_id), Agent.nom, Agent.prenom))).all()
