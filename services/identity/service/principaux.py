"""A collectivité always keeps a gestionnaire principal who can log in."""

from collections.abc import Collection
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.contracts.acteur import Role
from services.identity.models import Appartenance
from services.identity.repository import gestionnaires as repository
from services.kit.problems import Conflict


async def exiger_un_autre_principal(session: AsyncSession, collectivite_id: UUID, partants: Collection[Appartenance]) -> None:
    """Raises when these memberships hold the last gestionnaire principal.

    The caller holds the collectivité (`publication.verrouiller`): of two who would remove each other, the second is refused.
    """
    if not any(Role.GESTIONNAIRE_PRINCIPAL in partant.roles for partant in partants):
        return
    if not await repository.autre_principal_actif(session, collectivite_id, [partant.id for partant in partants]):
        raise Conflict(
            "dernier-principal",
            "C’est le dernier gestionnaire principal de la collectivité.",
            detail="Nommez d’abord un autre gestionnaire principal, et attendez qu’il ait activé son compte.",
        )
