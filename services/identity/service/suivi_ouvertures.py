"""What the workflow of an opening asks of identity: each answers the same when it is asked twice."""

from http import HTTPStatus
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.contracts.base import Fait
from services.contracts.inscriptions import Delai, UniteDelai
from services.contracts.notifications import GabaritCompte
from services.contracts.ouvertures import (
    AbandonnerOuverture,
    EtapeOuverture,
    IssueOuverture,
    PlanOuverture,
    RappelerOuverture,
    RendreOperationnelle,
    SuivreOuverture,
    TrancherOuverture,
)
from services.contracts.ouvertures import FaitOuverture as FaitDuContrat
from services.identity.domain import ouverture as regles
from services.identity.domain.valeurs import EtatCollectivite
from services.identity.models import Collectivite, Compte, DecisionOuverture, Ouverture
from services.identity.repository import ouvertures as repository
from services.identity.service.courriels import ecrire
from services.identity.service.demarrage import commencer
from services.identity.service.ouvertures import PAGE_OUVERTURE, PLATEFORME, avancer, introuvable, noter, prevenir_la_delegation
from services.identity.service.publication import publier_la_collectivite
from services.kit.clock import now
from services.kit.french import instant_long
from services.kit.problems import Conflict, Problem


async def suivre(session: AsyncSession, demande: SuivreOuverture) -> PlanOuverture:
    return await _plan(session, await _verrouiller(session, demande.ouverture_id))


async def rappeler(session: AsyncSession, demande: RappelerOuverture) -> Fait:
    ouverture = await _verrouiller(session, demande.ouverture_id)
    if ouverture.etape != EtapeOuverture.A_VALIDER:
        return Fait(deja_fait=True)
    cle = f"rappel:{demande.depots}:{demande.rang}"
    if not await noter(session, ouverture, cle, "Rappel envoyé à la délégation", par=PLATEFORME):
        return Fait(deja_fait=True)
    await prevenir_la_delegation(session, ouverture, depuis=instant_long(ouverture.depose_le or now()))
    return Fait()


async def trancher(session: AsyncSession, demande: TrancherOuverture) -> PlanOuverture:
    decision = await repository.decision(session, demande.decision_id)
    if decision is None:
        raise introuvable()
    ouverture = await _verrouiller(session, decision.ouverture_id)
    if decision.appliquee_le is None:
        if ouverture.etape != EtapeOuverture.A_VALIDER:
            raise Conflict("decision-refusee", "Ce dossier n’attend pas de décision.")
        await _appliquer(session, ouverture, decision)
    return await _plan(session, ouverture)


async def abandonner(session: AsyncSession, demande: AbandonnerOuverture) -> PlanOuverture:
    ouverture = await _verrouiller(session, demande.ouverture_id)
    if ouverture.etape in regles.EN_ATTENTE_DE_LA_COLLECTIVITE and ouverture.codes_expirent_le <= now():
        ouverture.etape = EtapeOuverture.ABANDONNEE
        session.add(ouverture)
        await noter(session, ouverture, "abandon", "Codes expirés sans dossier", par=PLATEFORME)
    return await _plan(session, ouverture)


async def rendre_operationnelle(session: AsyncSession, demande: RendreOperationnelle) -> Fait:
    ouverture = await _verrouiller(session, demande.ouverture_id)
    if ouverture.etape == EtapeOuverture.OPERATIONNELLE:
        return Fait(deja_fait=True)
    collectivite = await session.get(Collectivite, ouverture.collectivite_id)
    if ouverture.etape != EtapeOuverture.VALIDEE or collectivite is None:
        raise Problem("ouverture-incomplete", "Cette collectivité n’est pas encore validée.", status=HTTPStatus.CONFLICT)
    ouverture.etape = EtapeOuverture.OPERATIONNELLE
    collectivite.etat = EtatCollectivite.OPERATIONNELLE
    session.add_all([ouverture, collectivite])
    await session.flush()
    await noter(session, ouverture, "operationnelle", "Collectivité opérationnelle", par=PLATEFORME)
    await commencer(session, collectivite.id)
    await publier_la_collectivite(session, collectivite.id)
    return Fait()


async def gestionnaire_active(session: AsyncSession, collectivite_id: UUID, compte: Compte) -> None:
    """Someone of this collectivité has activated his account: if it is being opened, its workflow is told."""
    ouverture = await repository.ouverture_de(session, collectivite_id)
    nom = compte.nom_complet
    if ouverture is not None and await noter(session, ouverture, f"activation:{compte.id}", f"Compte de {nom} activé", par=nom):
        await avancer(session, ouverture, FaitDuContrat.GESTIONNAIRE_ACTIF)


async def _appliquer(session: AsyncSession, ouverture: Ouverture, decision: DecisionOuverture) -> None:
    maintenant = now()
    decision.appliquee_le = maintenant
    validee = decision.issue == IssueOuverture.VALIDER
    ouverture.etape = EtapeOuverture.VALIDEE if validee else EtapeOuverture.A_REPRENDRE
    if not validee:
        ouverture.codes_expirent_le = maintenant + regles.VALIDITE_DES_CODES
    session.add_all([decision, ouverture])
    libelle = "Collectivité validée" if validee else "Dossier à reprendre"
    await noter(session, ouverture, f"decision:{decision.id}", libelle, par=decision.par, motif=decision.motif)
    structure = await repository.structure(session, ouverture.delegation)
    gabarit = GabaritCompte.OUVERTURE_VALIDEE if validee else GabaritCompte.OUVERTURE_REFUSEE
    faits = {"delegation": structure.nom, "collectivite": ouverture.nom, "motif": decision.motif}
    page = "/connexion" if validee else PAGE_OUVERTURE
    await ecrire(session, gabarit, nom=ouverture.nom, email=ouverture.email, page=page, faits=faits)


async def _plan(session: AsyncSession, ouverture: Ouverture) -> PlanOuverture:
    membres = await repository.membres(session, ouverture.collectivite_id) if ouverture.collectivite_id else []
    return PlanOuverture(
        ouverture_id=ouverture.id,
        etape=EtapeOuverture(ouverture.etape),
        departement=ouverture.departement,
        codes_expirent_le=ouverture.codes_expirent_le,
        rappel=Delai(valeur=regles.RAPPEL_JOURS_OUVRES, unite=UniteDelai.JOURS_OUVRES),
        depots=ouverture.depots,
        gestionnaire_actif=any(compte.active for _, compte in membres),
    )


async def _verrouiller(session: AsyncSession, ouverture_id: UUID) -> Ouverture:
    ouverture = await repository.verrouiller(session, ouverture_id)
    if ouverture is None:
        raise introuvable()
    return ouverture
