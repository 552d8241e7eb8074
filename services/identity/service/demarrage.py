"""The first steps of a collectivité that has just opened: what is done, what was skipped, by whom."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.contracts.acteur import Acteur
from services.identity.domain.demarrage import Etape, EtatEtape
from services.identity.domain.gestionnaires import termine
from services.identity.repository import gestionnaires as repository_gestionnaires
from services.identity.repository import parametres as repository
from services.identity.service.historique import collectivite_lue, collectivite_reglee
from services.kit.clock import day_of, now
from services.kit.problems import FieldError, Invalid, NotFound


@dataclass(frozen=True)
class Avancement:
    etape: Etape
    etat: EtatEtape
    par: str | None = None
    le: datetime | None = None


async def commencer(session: AsyncSession, collectivite_id: UUID) -> None:
    """It opens: its gestionnaire principal is led from here on."""
    await repository.commencer(session, collectivite_id, list(Etape))


async def lire(session: AsyncSession, acteur: Acteur) -> list[Avancement]:
    """In order; nothing when the collectivité was never led. What can be seen to be done needs nobody to say so."""
    collectivite_id = collectivite_lue(acteur)
    notees = {ligne.etape: ligne for ligne in await repository.etapes(session, collectivite_id)}
    if not notees:
        return []
    constatees = await _constatees(session, collectivite_id)
    lues = []
    for etape in Etape:
        ligne = notees.get(etape)
        if ligne is not None and ligne.etat != EtatEtape.A_FAIRE:
            lues.append(Avancement(etape, EtatEtape(ligne.etat), ligne.par, ligne.le))
        else:
            lues.append(Avancement(etape, EtatEtape.FAITE if etape in constatees else EtatEtape.A_FAIRE))
    return lues


async def conclure(session: AsyncSession, acteur: Acteur, etape: Etape, etat: EtatEtape) -> list[Avancement]:
    collectivite_id = collectivite_reglee(acteur)
    if etat is EtatEtape.A_FAIRE:
        raise Invalid("La saisie est à corriger.", errors=[FieldError(champ="etat", message="Dites si l’étape est faite ou passée.")])
    if not await repository.conclure(session, collectivite_id, etape, etat=etat, par=acteur.signature, le=now()):
        raise NotFound("Votre collectivité n’a pas de mise en route à suivre.")
    return await lire(session, acteur)


async def _constatees(session: AsyncSession, collectivite_id: UUID) -> set[Etape]:
    constatees = set()
    if await repository.a_des_agents(session, collectivite_id):
        constatees.add(Etape.AGENTS)
    jour = day_of(now())
    lignes = await repository_gestionnaires.lister(session, collectivite_id)
    if sum(not termine(appartenance.fin, jour) for appartenance, _, _ in lignes) > 1:
        constatees.add(Etape.COLLEGUE)
    return constatees
