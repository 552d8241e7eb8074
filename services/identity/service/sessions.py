"""Where someone is logged in: told to him, ended by him."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.contracts.acteur import Acteur
from services.identity.models import FamilleJetons
from services.identity.repository import connexion, sessions
from services.kit.clock import now
from services.kit.problems import NotFound


async def les_siennes(session: AsyncSession, acteur: Acteur) -> Sequence[FamilleJetons]:
    return await sessions.ouvertes(session, acteur.compte_id, now())


async def fermer(session: AsyncSession, acteur: Acteur, famille_id: UUID) -> None:
    if not await sessions.revoquer(session, acteur.compte_id, famille_id, "deconnexion_a_distance", now()):
        raise NotFound("Cette connexion n’est plus ouverte.")


async def fermer_partout(session: AsyncSession, acteur: Acteur) -> None:
    await connexion.revoquer_familles(session, acteur.compte_id, "deconnexion_partout", now())
