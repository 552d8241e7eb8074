"""What the circuit asks of a request: its plan, its steps, its expiry, its convocation. Each is idempotent."""

from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.contracts.base import Fait as FaitAccompli
from services.contracts.inscriptions import (
    Convoquer,
    EffetDecision,
    EtapeAvis,
    Etat,
    Expirer,
    Issue,
    OuvrirCircuit,
    PasserEtape,
    PlanCircuit,
)
from services.inscriptions import repository
from services.inscriptions.domain.etats import TransitionImpossibleError, expiration
from services.inscriptions.domain.journal import Fait
from services.inscriptions.models import Inscription
from services.inscriptions.service.journal import consigner
from services.inscriptions.service.places import appliquer, fermer_avis
from services.kit.clock import now
from services.kit.problems import Conflict, NotFound


async def ouvrir(session: AsyncSession, demande: OuvrirCircuit) -> PlanCircuit:
    ligne = await repository.lire_sans_acteur(session, demande.inscription_id)
    if ligne is None:
        raise inconnue()
    return PlanCircuit(
        inscription_id=ligne.inscription.id,
        collectivite_id=ligne.collectivite.id,
        session_code=ligne.session.code,
        departement=ligne.collectivite.departement,
        etapes=tuple(EtapeAvis.model_validate(etape) for etape in ligne.inscription.etapes),
        a_un_superieur=ligne.agent.superieur is not None,
        a_un_suppleant=ligne.agent.suppleant is not None,
        depose_le=ligne.inscription.depose_le,
        date_limite=ligne.session.date_limite,
        debut_session=ligne.session.debut,
        etat=Etat(ligne.inscription.etat),
    )


async def passer_etape(session: AsyncSession, demande: PasserEtape) -> FaitAccompli:
    """Say at which step the request is, and until when. Not in the journal: the facts of the step are."""
    inscription = await tenir(session, demande.inscription_id)
    deja = inscription.etape == demande.etape and inscription.echeance == demande.echeance
    inscription.etape = demande.etape
    inscription.echeance = demande.echeance
    inscription.modifiee_le = now()
    session.add(inscription)
    return FaitAccompli(deja_fait=deja)


async def expirer(session: AsyncSession, demande: Expirer) -> EffetDecision:
    inscription = await tenir(session, demande.inscription_id)
    if inscription.etat == Etat.EXPIREE:
        return EffetDecision(etat=Etat.EXPIREE, issue=Issue.REFUSER, deja_fait=True)
    try:
        passage = expiration(Etat(inscription.etat))
    except TransitionImpossibleError as error:
        raise Conflict("transition-impossible", "Cette demande ne peut plus expirer.") from error
    maintenant = now()
    motif = (
        "La date limite d’inscription est passée avant la validation."
        if inscription.etat == Etat.PREINSCRIPTION
        else "La session a commencé sans réponse de l’organisme."
    )
    await fermer_avis(session, inscription, raison="expiree", le=maintenant)
    await appliquer(session, inscription, passage, cause=Fait.EXPIRATION, le=maintenant)
    await consigner(session, inscription, Fait.EXPIRATION, le=maintenant, vers=Etat.EXPIREE, motif=motif)
    return EffetDecision(etat=Etat.EXPIREE, issue=Issue.REFUSER)


async def convoquer(session: AsyncSession, demande: Convoquer) -> FaitAccompli:
    inscription = await tenir(session, demande.inscription_id)
    if inscription.etat == Etat.CONVOQUEE:
        return FaitAccompli(deja_fait=True)
    if inscription.etat != Etat.ACCEPTEE:
        raise Conflict("transition-impossible", "Seule une demande acceptée reçoit une convocation.")
    maintenant = now()
    inscription.etat = Etat.CONVOQUEE
    inscription.convocation_id = demande.document_id
    inscription.convocation_reference = demande.reference
    inscription.modifiee_le = maintenant
    session.add(inscription)
    await consigner(
        session,
        inscription,
        Fait.CONVOCATION,
        le=maintenant,
        de=Etat.ACCEPTEE,
        vers=Etat.CONVOQUEE,
        motif=f"Référence {demande.reference}",
    )
    return FaitAccompli()


async def tenir(session: AsyncSession, inscription_id: UUID) -> Inscription:
    """The request, locked; a problem when there is none."""
    inscription = await repository.verrouiller(session, inscription_id)
    if inscription is None:
        raise inconnue()
    return inscription


def inconnue() -> NotFound:
    return NotFound("Cette demande n’existe pas, ou vous n’y avez pas accès.", slug="inscription-introuvable")
