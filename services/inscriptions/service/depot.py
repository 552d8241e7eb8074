"""An agent files a préinscription: one transaction, and nobody to wait for."""

from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel.ext.asyncio.session import AsyncSession

from services.contracts.acteur import Acteur
from services.contracts.catalogue import PREND_DES_DEMANDES, AireDeRecrutement, EtatSession
from services.contracts.inscriptions import DepotEnregistre, EtapeCourante, Etat
from services.inscriptions import libelles, repository
from services.inscriptions.domain.circuit import PAR_DEFAUT
from services.inscriptions.domain.journal import Canal, Fait
from services.inscriptions.models import Agent, Collectivite, Inscription, Session
from services.inscriptions.schemas import InscriptionCreate
from services.inscriptions.service.journal import consigner
from services.kit.clock import PARIS, now
from services.kit.french import instant_long
from services.kit.outbox import publish
from services.kit.problems import Conflict, FieldError, Forbidden, Invalid, NotFound, Unavailable

OPERATIONNELLE = "operationnelle"
ARRETS = {"suspendue": "suspendu", "close": "clos"}
"""The other states of a collectivité, as one says them of its account."""


async def deposer(session: AsyncSession, acteur: Acteur, demande: InscriptionCreate) -> Inscription:
    """File the préinscription of the acteur himself; its circuit starts once this is committed."""
    agent, collectivite = await _agent_de(session, acteur)
    session_demandee = await session_ouverte(session, collectivite, demande.session_id)
    _exiger_motivation(demande)
    circuit = await repository.circuit_en_vigueur(session, collectivite.id)
    maintenant = now()
    inscription = Inscription(
        numero=await repository.prochain_numero(session, maintenant.astimezone(PARIS).year),
        agent_id=agent.id,
        collectivite_id=collectivite.id,
        session_id=session_demandee.id,
        structure=session_demandee.structure,
        etat=Etat.PREINSCRIPTION,
        etape=EtapeCourante.AVIS,
        motivation=demande.motivation,
        circuit_version=circuit.version if circuit else 0,
        etapes=circuit.etapes if circuit else [etape.model_dump(mode="json") for etape in PAR_DEFAUT],
        depose_le=maintenant,
        modifiee_le=maintenant,
    )
    await _ecrire(session, inscription, session_demandee)
    await consigner(
        session,
        inscription,
        Fait.DEPOT,
        le=maintenant,
        par=acteur.signature,
        pour=collectivite.nom,
        canal=Canal.PLATEFORME,
        vers=Etat.PREINSCRIPTION,
    )
    await publish(
        session,
        DepotEnregistre(
            survenu_le=maintenant,
            inscription_id=inscription.id,
            collectivite_id=collectivite.id,
            session_id=session_demandee.id,
            session_code=session_demandee.code,
            agent_id=agent.id,
        ),
    )
    return inscription


async def _agent_de(session: AsyncSession, acteur: Acteur) -> tuple[Agent, Collectivite]:
    if acteur.agent_id is None:
        raise Forbidden("Seul un agent dépose une préinscription pour lui-même.", slug="reserve-aux-agents")
    agent = await session.get(Agent, acteur.agent_id)
    collectivite = await session.get(Collectivite, agent.collectivite_id) if agent else None
    if agent is None or collectivite is None:
        raise Unavailable(
            "Votre fiche d’agent n’est pas encore arrivée ici.", slug="fiche-en-route", detail="Réessayez dans quelques instants."
        )
    exiger_operationnelle(collectivite)
    if not agent.actif:
        raise Forbidden("Votre fiche d’agent n’est plus active.", slug="agent-inactif", detail="Adressez-vous à votre service formation.")
    if not collectivite.preinscription_agents:
        raise Forbidden(
            f"{collectivite.nom} n’a pas ouvert la préinscription à ses agents.",
            slug="preinscription-fermee",
            detail="Adressez-vous à votre service formation, qui vous inscrira lui-même.",
        )
    return agent, collectivite


def exiger_operationnelle(collectivite: Collectivite) -> None:
    if collectivite.etat != OPERATIONNELLE:
        raise Conflict(
            f"collectivite-{collectivite.etat}",
            f"Le compte de {collectivite.nom} est {ARRETS.get(collectivite.etat, 'arrêté')}.",
            detail="Aucune demande ne peut être déposée pour le moment. Celles en cours suivent leur circuit. "
            "Adressez-vous à votre service formation.",
        )


async def session_ouverte(session: AsyncSession, collectivite: Collectivite, session_id: UUID) -> Session:
    """The session, published for this collectivité and still taking requests; a problem that says why not otherwise."""
    demandee = await session.get(Session, session_id)
    if demandee is None or not AireDeRecrutement.model_validate(demandee.aire).comprend(collectivite.id, collectivite.departement):
        raise NotFound("Cette session n’est pas proposée à votre collectivité.", slug="session-introuvable")
    if demandee.etat not in PREND_DES_DEMANDES:
        raise Conflict(
            f"session-{demandee.etat}",
            f"Cette session {libelles.SESSION_SANS_DEMANDE[EtatSession(demandee.etat)]}.",
            detail="Choisissez une autre session du même stage.",
        )
    if demandee.date_limite <= now():
        raise Conflict(
            "date-limite-passee",
            f"Les inscriptions à cette session sont closes depuis le {instant_long(demandee.date_limite)}.",
            detail="Choisissez une autre session du même stage.",
        )
    return demandee


def _exiger_motivation(demande: InscriptionCreate) -> None:
    if not demande.motivation.strip():
        raise Invalid("La saisie est à corriger.", errors=[FieldError(champ="motivation", message="Dites en quelques mots pourquoi.")])


async def _ecrire(session: AsyncSession, inscription: Inscription, demandee: Session) -> None:
    """The constraint, and nothing else, tells a second live request: so it does when two deposits come at once."""
    # Written before the attempt: once refused, the transaction can read nothing more, the code of the session included.
    deja = Conflict(
        "deja-inscrit",
        f"Vous avez déjà une demande en cours pour la session {demandee.code}.",
        detail="Suivez-la dans « Mes demandes », ou retirez-la avant d’en déposer une autre.",
    )
    session.add(inscription)
    try:
        await session.flush()
    except IntegrityError as error:
        if "inscriptions_une_seule_vivante" in str(error.orig):
            raise deja from error
        raise
