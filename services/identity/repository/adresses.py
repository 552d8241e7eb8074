"""Changes of address, and who holds an address."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Exists, delete, exists, func, or_, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.contracts.acteur import Role
from services.identity.models import AncienIdentifiant, Appartenance, ChangementEmail, Compte


async def reserver(session: AsyncSession, adresse: str) -> None:
    """One account at a time may take this address; until the transaction ends."""
    await session.execute(text("select pg_advisory_xact_lock(hashtextextended(:cle, 0))"), {"cle": f"adresse:{adresse.casefold()}"})


async def prise(session: AsyncSession, adresse: str, compte_id: UUID, maintenant: datetime) -> bool:
    """Whether another account has this address, or logs in by it."""
    adresse = adresse.casefold()
    d_un_compte = select(Compte.id).where(
        or_(func.lower(col(Compte.email)) == adresse, col(Compte.identifiant) == adresse), col(Compte.id) != compte_id
    )
    ancienne = select(AncienIdentifiant.identifiant).where(
        AncienIdentifiant.identifiant == adresse, AncienIdentifiant.compte_id != compte_id, AncienIdentifiant.jusqu_au > maintenant
    )
    return bool((await session.execute(select(or_(d_un_compte.exists(), ancienne.exists())))).scalar_one())


async def en_cours(session: AsyncSession, compte_id: UUID, maintenant: datetime) -> ChangementEmail | None:
    requete = select(ChangementEmail).where(
        ChangementEmail.compte_id == compte_id, col(ChangementEmail.clos_le).is_(None), col(ChangementEmail.expire_le) > maintenant
    )
    return (await session.exec(requete)).one_or_none()


async def clore(session: AsyncSession, compte_id: UUID, issue: str, maintenant: datetime) -> bool:
    """End the change under way of an account, if it has one."""
    requete = update(ChangementEmail).where(col(ChangementEmail.compte_id) == compte_id, col(ChangementEmail.clos_le).is_(None))
    closes = await session.execute(requete.values(clos_le=maintenant, issue=issue).returning(col(ChangementEmail.id)))
    return closes.first() is not None


async def du_lien(session: AsyncSession, lien_id: UUID) -> ChangementEmail | None:
    """The change that a link is about, locked: its two confirmations come one after the other."""
    requete = select(ChangementEmail).where(
        or_(col(ChangementEmail.lien_nouvelle_id) == lien_id, col(ChangementEmail.lien_ancienne_id) == lien_id)
    )
    return (await session.exec(requete.with_for_update().execution_options(populate_existing=True))).one_or_none()


async def a_confirmer(
    session: AsyncSession, collectivite_id: UUID, jour: date, maintenant: datetime
) -> Sequence[tuple[ChangementEmail, Compte]]:
    """Those of the people of a collectivité that their old mailbox has not confirmed; not of who also works for the organisme."""
    requete = (
        select(ChangementEmail, Compte)
        .join(Compte, col(Compte.id) == col(ChangementEmail.compte_id))
        .where(
            col(ChangementEmail.clos_le).is_(None),
            col(ChangementEmail.ancienne_confirmee_le).is_(None),
            col(ChangementEmail.expire_le) > maintenant,
            Compte.actif,
            _membre(jour, Appartenance.collectivite_id == collectivite_id),
            ~_membre(jour, col(Appartenance.collectivite_id).is_(None)),
        )
        .order_by(col(ChangementEmail.demande_le), col(ChangementEmail.id))
    )
    return (await session.exec(requete)).all()


async def verrouiller(session: AsyncSession, changement_id: UUID) -> ChangementEmail | None:
    return await session.get(ChangementEmail, changement_id, with_for_update=True, populate_existing=True)


async def gestionnaires_principaux(session: AsyncSession, collectivite_id: UUID, sauf: UUID, jour: date) -> Sequence[Compte]:
    """Who may confirm in place of an old mailbox."""
    principal = _membre(
        jour,
        Appartenance.collectivite_id == collectivite_id,
        col(Appartenance.roles).contains([Role.GESTIONNAIRE_PRINCIPAL]),
    )
    requete = select(Compte).where(principal, Compte.actif, col(Compte.id) != sauf)
    return (await session.exec(requete.order_by(Compte.nom, Compte.prenom, col(Compte.id)))).all()


async def garder_l_identifiant(session: AsyncSession, identifiant: str, compte_id: UUID, jusqu_au: datetime, maintenant: datetime) -> None:
    """Let a replaced identifiant serve a while; the ones whose time has passed are forgotten."""
    await session.execute(delete(AncienIdentifiant).where(col(AncienIdentifiant.jusqu_au) <= maintenant))
    ajout = insert(AncienIdentifiant).values(identifiant=identifiant, compte_id=compte_id, jusqu_au=jusqu_au)
    await session.execute(ajout.on_conflict_do_update(index_elements=["identifiant"], set_={"compte_id": compte_id, "jusqu_au": jusqu_au}))


def _membre(jour: date, *conditions: Any) -> Exists:
    en_cours = or_(col(Appartenance.fin).is_(None), col(Appartenance.fin) > jour)
    return exists().where(col(Appartenance.compte_id) == col(Compte.id), col(Appartenance.debut) <= jour, en_cours, *conditions)
