"""What people read of structures, collectivités and agents, each within his scope."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.contracts.acteur import Acteur, Droit
from services.contracts.identity import Personne
from services.identity.domain.portee import Portee
from services.identity.domain.valeurs import EtatCollectivite
from services.identity.models import Agent, Collectivite, Structure
from services.identity.repository import lecture as repository
from services.identity.repository.personnes import compte_de_l_agent
from services.identity.repository.portee import Tranche
from services.identity.service.publication import organigramme_de
from services.kit.clock import day_of, now
from services.kit.pagination import decode_cursor, encode_cursor, no_such_page
from services.kit.problems import Forbidden, NotFound

TAILLE_DE_PAGE = 50
ORGANISME = "Organisme de formation"


@dataclass(frozen=True)
class Fiche:
    """An agent, where he works and who leads him."""

    agent: Agent
    service: str | None
    superieur: Personne | None
    suppleant: Personne | None
    acces: str


def portee(acteur: Acteur) -> Portee:
    return Portee(
        collectivite=acteur.collectivite_id,
        agents_de_la_collectivite=acteur.peut(Droit.LIRE_COLLECTIVITE),
        services=acteur.services,
        agent=acteur.agent_id,
        structure=acteur.structure if acteur.peut(Droit.LIRE_RESSORT) else None,
        organisme=acteur.peut(Droit.LIRE_RESSORT) and acteur.structure is None,
    )


async def organisation(session: AsyncSession, acteur: Acteur) -> tuple[str | None, str]:
    """The name of the acteur's collectivité, and that of what he works for: it, a structure, or the organisme."""
    if acteur.collectivite_id is not None:
        collectivite = await repository.collectivite(session, portee(acteur), acteur.collectivite_id)
        if collectivite is not None:
            return collectivite.nom, collectivite.nom
    if acteur.structure is not None:
        structure = await repository.structure(session, acteur.structure)
        if structure is not None:
            return None, structure.nom
    return None, ORGANISME


async def structures(session: AsyncSession) -> Sequence[Structure]:
    return await repository.structures(session)


async def collectivites(
    session: AsyncSession, acteur: Acteur, *, q: str, cursor: str | None, etat: EtatCollectivite | None = None
) -> tuple[Sequence[Collectivite], str | None]:
    """A page of collectivités and the cursor of the next. For the organisme: a collectivité only knows itself."""
    if not acteur.peut(Droit.LIRE_RESSORT):
        raise Forbidden("La liste des collectivités est réservée à l’organisme.")
    lignes = await repository.collectivites(session, portee(acteur), q, _tranche(cursor), etat)
    return lignes[:TAILLE_DE_PAGE], _suivant([(ligne.recherche, ligne.id) for ligne in lignes])


async def collectivite(session: AsyncSession, acteur: Acteur, identifiant: UUID) -> Collectivite:
    trouvee = await repository.collectivite(session, portee(acteur), identifiant)
    if trouvee is None:
        raise NotFound("Cette collectivité n’existe pas, ou ne vous est pas accessible.")
    return trouvee


async def agents(
    session: AsyncSession, acteur: Acteur, *, q: str, cursor: str | None
) -> tuple[Sequence[tuple[Agent, str | None]], str | None]:
    """A page of the agents of the acteur's collectivité, each with his service, and the cursor of the next."""
    if not acteur.peut(Droit.LIRE_COLLECTIVITE):
        raise Forbidden("La liste des agents est réservée aux gestionnaires de leur collectivité.")
    lignes = await repository.agents(session, portee(acteur), q, _tranche(cursor))
    return lignes[:TAILLE_DE_PAGE], _suivant([(ligne.recherche, ligne.id) for ligne, _ in lignes])


async def agent(session: AsyncSession, acteur: Acteur, identifiant: UUID) -> Fiche:
    trouve = await repository.agent(session, portee(acteur), identifiant)
    if trouve is None:
        raise NotFound("Cet agent n’existe pas, ou ne vous est pas accessible.")
    organigramme = await organigramme_de(session, trouve.collectivite_id)
    superieur, suppleant = organigramme.encadrement(trouve)
    compte = await compte_de_l_agent(session, trouve.id, day_of(now()))
    return Fiche(
        agent=trouve,
        service=organigramme.service_de(trouve) or None,
        superieur=superieur,
        suppleant=suppleant,
        acces="aucun" if compte is None else "ouvert" if compte.active else "invite",
    )


def _tranche(cursor: str | None) -> Tranche:
    """One row more than a page, to know whether another follows."""
    if cursor is None:
        return Tranche(None, TAILLE_DE_PAGE + 1)
    recherche, identifiant = decode_cursor(cursor, 2)
    try:
        return Tranche((recherche, UUID(identifiant)), TAILLE_DE_PAGE + 1)
    except ValueError as erreur:
        raise no_such_page() from erreur


def _suivant(cles: Sequence[tuple[str, UUID]]) -> str | None:
    if len(cles) <= TAILLE_DE_PAGE:
        return None
    recherche, identifiant = cles[TAILLE_DE_PAGE - 1]
    return encode_cursor(recherche, str(identifiant))
