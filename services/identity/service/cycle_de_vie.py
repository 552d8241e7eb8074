"""Suspend, close and reopen a collectivité: kept with its ground, told to its gestionnaires, heard by the other services."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.contracts.acteur import Acteur, Droit
from services.contracts.notifications import GabaritCompte
from services.identity.domain import cycle_de_vie as regles
from services.identity.domain.roles import roles_qui
from services.identity.domain.valeurs import EtatCollectivite
from services.identity.models import ChangementEtat, Collectivite, Structure
from services.identity.repository import cycle_de_vie as repository
from services.identity.repository.mandats import comptes_de
from services.identity.repository.publication import verrouiller
from services.identity.schemas.cycle_de_vie import EtatCreate
from services.identity.service import lecture
from services.identity.service.courriels import ecrire
from services.identity.service.publication import publier_la_collectivite
from services.kit.clock import day_of, now
from services.kit.french import instant_long
from services.kit.problems import Conflict, Forbidden, NotFound

GABARITS = {
    EtatCollectivite.SUSPENDUE: GabaritCompte.COLLECTIVITE_SUSPENDUE,
    EtatCollectivite.CLOSE: GabaritCompte.COLLECTIVITE_CLOSE,
    EtatCollectivite.OPERATIONNELLE: GabaritCompte.COLLECTIVITE_ROUVERTE,
}


@dataclass(frozen=True)
class Situation:
    """A collectivité today and how it came to it. `possibles`: the states that the reader may give it."""

    collectivite: Collectivite
    delegation: Structure
    changements: Sequence[ChangementEtat]
    possibles: tuple[EtatCollectivite, ...]


async def situation(session: AsyncSession, acteur: Acteur, collectivite_id: UUID) -> Situation:
    """For those who see the collectivité, its own people included: they must know why they may do nothing."""
    collectivite = await lecture.collectivite(session, acteur, collectivite_id)
    peut = acteur.peut(Droit.OUVRIR_COLLECTIVITES) and await repository.tient(session, lecture.portee(acteur), collectivite_id)
    return Situation(
        collectivite=collectivite,
        delegation=await repository.delegation(session, collectivite),
        changements=await repository.changements(session, collectivite_id),
        possibles=regles.PASSAGES[EtatCollectivite(collectivite.etat)] if peut else (),
    )


async def changer_l_etat(session: AsyncSession, acteur: Acteur, collectivite_id: UUID, corps: EtatCreate) -> None:
    """One change, in one transaction: the state, its trace, the ended logins, the mails, the event."""
    collectivite = await _verrouiller(session, acteur, collectivite_id)
    depuis, vers = EtatCollectivite(collectivite.etat), EtatCollectivite(corps.etat)
    refus = regles.refus(depuis, vers)
    if refus:
        raise Conflict("etat-refuse", refus, detail="Rechargez la page\N{NO-BREAK SPACE}: quelqu’un l’a peut-être changé entre-temps.")
    maintenant = now()
    collectivite.etat = vers
    session.add(collectivite)
    session.add(
        ChangementEtat(
            collectivite_id=collectivite_id, depuis=depuis, vers=vers, motif=corps.motif, par=acteur.signature, change_le=maintenant
        )
    )
    await session.flush()
    if regles.retire_les_droits(vers):
        await repository.revoquer_les_familles(session, collectivite_id, f"collectivite_{vers}", maintenant)
    await _prevenir(session, collectivite, vers, corps.motif, maintenant)
    await publier_la_collectivite(session, collectivite_id)


async def _verrouiller(session: AsyncSession, acteur: Acteur, collectivite_id: UUID) -> Collectivite:
    if not acteur.peut(Droit.OUVRIR_COLLECTIVITES):
        raise Forbidden("Suspendre, clore ou rouvrir une collectivité est réservé aux délégations.")
    if not await repository.tient(session, lecture.portee(acteur), collectivite_id):
        raise _inconnue()
    await verrouiller(session, collectivite_id)
    collectivite = await session.get(Collectivite, collectivite_id)
    if collectivite is None:
        raise _inconnue()
    return collectivite


def _inconnue() -> NotFound:
    return NotFound("Cette collectivité n’existe pas, ou n’est pas de votre ressort.")


async def _prevenir(session: AsyncSession, collectivite: Collectivite, vers: EtatCollectivite, motif: str, maintenant: datetime) -> None:
    """Tell each gestionnaire by name; the collectivité at its generic address when it has none."""
    delegation = await repository.delegation(session, collectivite)
    faits = {
        "collectivite": collectivite.nom,
        "delegation": delegation.nom,
        "contact": delegation.email,
        "motif": motif,
        "change_le": instant_long(maintenant),
    }
    gestionnaires = await comptes_de(session, collectivite.id, roles_qui(Droit.GERER_DEMANDES), day_of(maintenant))
    destinataires = {compte.email: compte.nom_complet for compte in gestionnaires}
    for email, nom in (destinataires or {collectivite.email: collectivite.nom}).items():
        await ecrire(session, GABARITS[vers], nom=nom, email=email, page="/", faits=faits)
