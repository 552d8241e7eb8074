"""The identifiants of a collectivité's people, and whose a name already is."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists, func, or_, text, union_all, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identity.domain.identifiants import Titulaire
from services.identity.models import Agent, AncienIdentifiant, Appartenance, Collectivite, Compte

NUMERO = "-?[0-9]+$"


async def reserver(session: AsyncSession) -> None:
    """Names are given by one at a time; until the transaction ends."""
    await session.execute(text("select pg_advisory_xact_lock(hashtextextended('identifiants', 0))"))


async def collectivite(session: AsyncSession, collectivite_id: UUID, *, verrouillee: bool = False) -> Collectivite:
    return await session.get_one(Collectivite, collectivite_id, with_for_update=verrouillee or None, populate_existing=verrouillee)


async def titulaires(session: AsyncSession, collectivite_id: UUID, jour: date) -> Sequence[tuple[Titulaire, str]]:
    """The active people of this collectivité alone, by name, each with his full name: who also works elsewhere keeps his identifiant."""
    autre = aliased(Appartenance)
    en_cours = or_(col(Appartenance.fin).is_(None), col(Appartenance.fin) > jour)
    ailleurs = exists().where(
        col(autre.compte_id) == col(Compte.id),
        or_(col(autre.fin).is_(None), col(autre.fin) > jour),
        col(autre.collectivite_id).is_distinct_from(collectivite_id),
    )
    requete = (
        select(Compte, col(Agent.matricule))
        .join(Appartenance, col(Appartenance.compte_id) == col(Compte.id))
        .join(Agent, col(Agent.id) == col(Appartenance.agent_id), isouter=True)
        .where(Appartenance.collectivite_id == collectivite_id, en_cours, Compte.actif, ~ailleurs)
        .order_by(Compte.nom, Compte.prenom, col(Compte.id))
    )
    # Once each: a membership may end while the next one has begun.
    trouves = {
        compte.id: (Titulaire(compte.id, compte.identifiant, compte.prenom, compte.nom, compte.email, matricule), compte.nom_complet)
        for compte, matricule in (await session.exec(requete)).all()
    }
    return list(trouves.values())


async def pris(session: AsyncSession, racines: Collection[str], maintenant: datetime) -> dict[str, UUID]:
    """Whose each of these names is, numbered or not; or was until lately."""
    noms = list(racines)
    actuels = select(col(Compte.identifiant), col(Compte.id)).where(_un_de(Compte.identifiant, noms))
    anciens = select(col(AncienIdentifiant.identifiant), col(AncienIdentifiant.compte_id)).where(
        _un_de(AncienIdentifiant.identifiant, noms), AncienIdentifiant.jusqu_au > maintenant
    )
    lignes = await session.execute(union_all(anciens, actuels))
    return {ligne.identifiant: ligne[1] for ligne in lignes}


async def changer(
    session: AsyncSession, anciens: Mapping[UUID, str], nouveaux: Mapping[UUID, str], jusqu_au: datetime, maintenant: datetime
) -> None:
    """Give each his new identifiant, and keep the old one a while."""
    perimes = or_(col(AncienIdentifiant.jusqu_au) <= maintenant, col(AncienIdentifiant.identifiant).in_(list(nouveaux.values())))
    await session.execute(delete(AncienIdentifiant).where(perimes))
    ajout = insert(AncienIdentifiant).values([{"identifiant": anciens[i], "compte_id": i, "jusqu_au": jusqu_au} for i in nouveaux])
    remplace = {"compte_id": ajout.excluded.compte_id, "jusqu_au": ajout.excluded.jusqu_au}
    await session.execute(ajout.on_conflict_do_update(index_elements=["identifiant"], set_=remplace))
    await session.execute(update(Compte), [{"id": compte_id, "identifiant": nouveau} for compte_id, nouveau in nouveaux.items()])


def _un_de(identifiant: str, noms: list[str]) -> ColumnElement[bool]:
    return or_(col(identifiant).in_(noms), func.regexp_replace(col(identifiant), NUMERO, "").in_(noms))
