"""What a day asks for, over all collectivités."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, or_, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identity.domain.mandats import EtatMandat
from services.identity.models import (
    Agent,
    Amenagement,
    AncienIdentifiant,
    Appartenance,
    Changement,
    ChangementEmail,
    CleAcces,
    CodeSecours,
    Compte,
    Correction,
    Courriel,
    FaitSecondFacteur,
    IdentiteExterne,
    ImportAgents,
    Interim,
    JourFait,
    Lecture,
    LigneImport,
    Mandat,
    Totp,
)

LOT = 500
"""Records anonymised in one night: the rest waits for the next, so that a night never lasts."""


async def commencer(session: AsyncSession, jour: date, maintenant: datetime) -> bool:
    """Take the day, if nobody has: another process waits for the end of this transaction, then finds it taken."""
    requete = insert(JourFait).values(jour=jour, fait_le=maintenant).on_conflict_do_nothing().returning(col(JourFait.jour))
    return (await session.execute(requete)).first() is not None


async def collectivites_d_interim(session: AsyncSession, jour: date) -> set[UUID]:
    """Where an intérim has begun or ended since the last day that was done: until then, at most."""
    avant = await _dernier_jour_fait(session, jour)
    commence = col(Interim.debut).between(avant, jour)
    fini = col(Interim.fin).between(avant - timedelta(days=1), jour)
    requete = select(Interim.collectivite_id).where(col(Interim.annule_le).is_(None), or_(commence, fini)).distinct()
    return set((await session.exec(requete)).all())


async def mandants_du_jour(session: AsyncSession, jour: date) -> set[UUID]:
    """Whose requests others began or ceased to follow since the last day that was done: a mandate's `fin` is its first day out."""
    avant = await _dernier_jour_fait(session, jour)
    dates = or_(col(Mandat.debut).between(avant, jour), col(Mandat.fin).between(avant, jour))
    requete = select(Mandat.mandant_id).where(Mandat.etat == EtatMandat.ACCEPTE, dates).distinct()
    return set((await session.exec(requete)).all())


async def _dernier_jour_fait(session: AsyncSession, avant: date) -> date:
    dernier = (await session.execute(select(func.max(col(JourFait.jour))).where(col(JourFait.jour) < avant))).scalar_one()
    return dernier or avant


async def oublier_les_amenagements(session: AsyncSession) -> None:
    """Those of people who left."""
    partis = select(Agent.id).where(col(Agent.actif).is_(False))
    await session.execute(delete(Amenagement).where(col(Amenagement.agent_id).in_(partis)))


async def oublier_les_lignes_d_import(session: AsyncSession, avant: datetime) -> None:
    """The lines, which are people; that a file came, and what became of it, is kept."""
    vieux = select(ImportAgents.id).where(col(ImportAgents.depose_le) < avant)
    await session.execute(delete(LigneImport).where(col(LigneImport.import_id).in_(vieux)))
    a_relire = update(ImportAgents).where(col(ImportAgents.depose_le) < avant, col(ImportAgents.etat) == "pret")
    await session.execute(
        a_relire.values(etat="abandonne", message="Abandonné\N{NO-BREAK SPACE}: le fichier n’a pas été appliqué à temps.")
    )


async def oublier_les_lectures(session: AsyncSession, avant: date) -> None:
    await session.execute(delete(Lecture).where(col(Lecture.jour) < avant))


async def oublier_les_courriels(session: AsyncSession, avant: datetime) -> None:
    """They hold names and addresses; their links are long past use."""
    await session.execute(delete(Courriel).where(col(Courriel.cree_le) < avant))


async def a_anonymiser(session: AsyncSession, partis_avant: date) -> Sequence[Agent]:
    """Who left that long ago and works nowhere any more, one collectivité after the other."""
    encore = select(Agent.personne_id).where(or_(col(Agent.actif), col(Agent.sortie_le) > partis_avant))
    requete = select(Agent).where(
        col(Agent.actif).is_(False),
        col(Agent.sortie_le) <= partis_avant,
        col(Agent.anonymise_le).is_(None),
        col(Agent.personne_id).not_in(encore),
    )
    return (await session.exec(requete.order_by(col(Agent.collectivite_id), col(Agent.id)).limit(LOT))).all()


async def anonymiser(session: AsyncSession, agent: Agent, maintenant: datetime) -> None:
    """What is left counts in the figures of the collectivité and names nobody."""
    vides: dict[str, Any] = dict.fromkeys(("matricule", "nom_naissance", "date_naissance", "portable", "niveau_diplome", "superieur_id"))
    for champ, valeur in vides.items():
        setattr(agent, champ, valeur)
    agent.nom, agent.prenom, agent.email, agent.anonymise_le = "anonymisé", "Agent", "", maintenant
    session.add(agent)
    for table, colonne in ((Lecture, Lecture.agent_id), (Correction, Correction.agent_id), (Amenagement, Amenagement.agent_id)):
        await session.execute(delete(table).where(col(colonne) == agent.id))
    await session.execute(update(Changement).where(col(Changement.objet_id) == agent.id).values(details=[], motif=""))
    await _anonymiser_le_compte(session, agent)


async def _anonymiser_le_compte(session: AsyncSession, agent: Agent) -> None:
    """The account by which he acted, if it serves nothing else."""
    siens = select(Appartenance.compte_id).where(Appartenance.agent_id == agent.id)
    ailleurs = select(Appartenance.compte_id).where(
        or_(col(Appartenance.agent_id).is_(None), col(Appartenance.agent_id) != agent.id), col(Appartenance.fin).is_(None)
    )
    oublies = select(Compte.id).where(col(Compte.id).in_(siens), col(Compte.id).not_in(ailleurs))
    for table in (AncienIdentifiant, ChangementEmail, IdentiteExterne, Totp, CleAcces, CodeSecours, FaitSecondFacteur):
        await session.execute(delete(table).where(col(table.compte_id).in_(oublies)))
    requete = update(Compte).where(col(Compte.id).in_(oublies))
    oublie = requete.values(
        identifiant=func.concat("anonyme-", col(Compte.id)),
        mot_de_passe=None,
        par_un_tiers=False,
        nom="anonymisé",
        prenom="Agent",
        email="",
        actif=False,
    )
    await session.execute(oublie.execution_options(synchronize_session=False))
