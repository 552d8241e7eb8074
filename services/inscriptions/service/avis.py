"""The avis of the supérieur: asked for, reminded, found missing. Giving it is a decision (see `decisions.py`)."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from services.contracts.base import Fait as FaitAccompli
from services.contracts.identity import Personne
from services.contracts.inscriptions import ConstaterAvisNonRendu, DemanderAvis, EtapeCourante, Etat, NoterRelance, QuiRepond, SensAvis
from services.contracts.inscriptions import DemandeAvis as DemandeOuverte
from services.inscriptions import repository
from services.inscriptions.domain.journal import Fait
from services.inscriptions.models import Agent, DemandeAvis, EtatDemande, Inscription
from services.inscriptions.service.circuit import inconnue, tenir
from services.inscriptions.service.journal import consigner
from services.inscriptions.service.places import fermer_avis
from services.kit.clock import now
from services.kit.french import instant_long
from services.kit.problems import Conflict

AUCUN_SUPERIEUR = "aucun_superieur"


async def demander(session: AsyncSession, demande: DemanderAvis) -> DemandeOuverte:
    """Open the avis; the one before, left without answer, is closed: its link says who is asked now."""
    inscription = await tenir(session, demande.inscription_id)
    existantes = await _de_l_etape(session, inscription, demande.rang)
    if demande.a in existantes:
        return DemandeOuverte(demande_id=existantes[demande.a].id)
    if inscription.etat != Etat.PREINSCRIPTION:
        raise Conflict("transition-impossible", "Cette demande n’attend plus d’avis.")
    superieur, repondant = await _qui(session, inscription, demande.a)
    maintenant = now()
    await fermer_avis(session, inscription, raison="suppleant", le=maintenant)
    ouverte = DemandeAvis(
        inscription_id=inscription.id,
        rang=demande.rang,
        a=demande.a,
        personne=repondant.model_dump(mode="json"),
        interim_de=superieur.nom_complet if superieur and demande.a is QuiRepond.SUPPLEANT else repondant.interim_de,
        etat=EtatDemande.OUVERTE,
        demande_le=maintenant,
        echeance=demande.echeance,
        relances=list(demande.relances),
    )
    session.add(ouverte)
    inscription.etape = EtapeCourante.AVIS
    inscription.echeance = demande.echeance
    inscription.modifiee_le = maintenant
    session.add(inscription)
    await consigner(
        session,
        inscription,
        Fait.AVIS_DEMANDE,
        le=maintenant,
        pour=_a_qui(ouverte, repondant),
        motif=f"Réponse attendue avant le {instant_long(demande.echeance)}",
    )
    return DemandeOuverte(demande_id=ouverte.id)


async def relancer(session: AsyncSession, relance: NoterRelance) -> FaitAccompli:
    demande = await repository.demande(session, relance.demande_id)
    inscription = await repository.verrouiller(session, demande.inscription_id) if demande else None
    if demande is None or inscription is None:
        raise inconnue()
    await session.refresh(demande)
    if relance.numero in demande.relances_parties or demande.etat != EtatDemande.OUVERTE:
        return FaitAccompli(deja_fait=True)
    maintenant = now()
    demande.relances_parties = [*demande.relances_parties, relance.numero]
    session.add(demande)
    repondant = Personne.model_validate(demande.personne)
    await consigner(
        session, inscription, Fait.RELANCE, le=maintenant, pour=_a_qui(demande, repondant), motif=f"Relance n° {relance.numero}"
    )
    return FaitAccompli()


async def constater_non_rendu(session: AsyncSession, constat: ConstaterAvisNonRendu) -> FaitAccompli:
    inscription = await tenir(session, constat.inscription_id)
    existantes = (await _de_l_etape(session, inscription, constat.rang)).values()
    if any(demande.etat == EtatDemande.NON_RENDUE for demande in existantes):
        return FaitAccompli(deja_fait=True)
    maintenant = now()
    ouverte = next((demande for demande in existantes if demande.etat == EtatDemande.OUVERTE), None)
    await _marquer_non_rendu(session, inscription, constat, ouverte, maintenant)
    if constat.motif == AUCUN_SUPERIEUR:
        fait, motif = Fait.AUCUN_SUPERIEUR, "Aucun supérieur hiérarchique n’est connu pour cet agent : la demande passe au gestionnaire."
    else:
        fait, motif = Fait.AVIS_NON_RENDU, "Le délai est échu sans réponse : la demande passe au gestionnaire."
    await consigner(session, inscription, fait, le=maintenant, motif=motif)
    return FaitAccompli()


async def _marquer_non_rendu(
    session: AsyncSession, inscription: Inscription, constat: ConstaterAvisNonRendu, ouverte: DemandeAvis | None, le: datetime
) -> None:
    demande = ouverte or DemandeAvis(
        inscription_id=inscription.id, rang=constat.rang, a=QuiRepond.SUPERIEUR, etat=EtatDemande.NON_RENDUE, demande_le=le
    )
    demande.etat = EtatDemande.NON_RENDUE
    demande.sens = SensAvis.NON_RENDU
    demande.raison_cloture = constat.motif
    demande.fin_le = le
    session.add(demande)
    await session.flush()


async def _de_l_etape(session: AsyncSession, inscription: Inscription, rang: int) -> dict[QuiRepond, DemandeAvis]:
    toutes = (await repository.demandes_de(session, [inscription.id]))[inscription.id]
    return {QuiRepond(demande.a): demande for demande in toutes if demande.rang == rang}


async def _qui(session: AsyncSession, inscription: Inscription, a: QuiRepond) -> tuple[Personne | None, Personne]:
    """The supérieur, and the person who is asked (he, or his deputy)."""
    agent = await session.get(Agent, inscription.agent_id)
    superieur = Personne.model_validate(agent.superieur) if agent and agent.superieur else None
    suppleant = Personne.model_validate(agent.suppleant) if agent and agent.suppleant else None
    repondant = superieur if a is QuiRepond.SUPERIEUR else suppleant
    if repondant is None:
        raise Conflict("personne-a-qui-demander", "Personne n’est connu pour donner cet avis.")
    return superieur, repondant


def _a_qui(demande: DemandeAvis, repondant: Personne) -> str:
    if demande.interim_de:
        return f"{repondant.nom_complet}, par intérim de {demande.interim_de}"
    return repondant.nom_complet
