"""What changed in a record, page by page."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.contracts.acteur import Acteur, Droit
from services.identity.models import Changement
from services.identity.repository import fiches as repository
from services.identity.service.lecture import TAILLE_DE_PAGE, portee
from services.kit.pagination import decode_moment, encode_moment
from services.kit.problems import Forbidden, NotFound


async def de_l_agent(
    session: AsyncSession, acteur: Acteur, agent_id: UUID, *, cursor: str | None
) -> tuple[Sequence[Changement], str | None]:
    if not acteur.peut(Droit.LIRE_COLLECTIVITE) or acteur.collectivite_id is None:
        raise Forbidden("L’historique des fiches est réservé aux gestionnaires de la collectivité.")
    if await repository.agent(session, portee(acteur), agent_id) is None:
        raise NotFound("Cet agent n’existe pas, ou ne vous est pas accessible.")
    return await _page(session, acteur.collectivite_id, agent_id, cursor)


async def du_service(
    session: AsyncSession, acteur: Acteur, service_id: UUID, *, cursor: str | None
) -> tuple[Sequence[Changement], str | None]:
    if not acteur.peut(Droit.LIRE_COLLECTIVITE) or acteur.collectivite_id is None:
        raise Forbidden("L’historique des services est réservé aux gestionnaires de la collectivité.")
    if await repository.service(session, portee(acteur), service_id) is None:
        raise NotFound("Ce service n’existe pas, ou ne vous est pas accessible.")
    return await _page(session, acteur.collectivite_id, service_id, cursor)


async def _page(
    session: AsyncSession, collectivite_id: UUID, objet_id: UUID, cursor: str | None
) -> tuple[Sequence[Changement], str | None]:
    lus = await repository.changements(session, collectivite_id, objet_id, decode_moment(cursor), TAILLE_DE_PAGE + 1)
    dernier = lus[TAILLE_DE_PAGE - 1] if len(lus) > TAILLE_DE_PAGE else None
    return lus[:TAILLE_DE_PAGE], encode_moment(dernier.survenu_le, dernier.id) if dernier else None
