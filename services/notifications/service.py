"""Use cases: queue the mails of a request, say what became of them."""

from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.contracts.acteur import Acteur, Droit
from services.contracts.base import Fait
from services.contracts.identity import CourrielDemande
from services.contracts.inscriptions import Dossier
from services.contracts.notifications import DeposerMessage, Gabarit
from services.kit.clock import now
from services.kit.logs import get_logger
from services.notifications import repository
from services.notifications.agenda import agenda
from services.notifications.contenus import composer
from services.notifications.contenus_comptes.commun import SUJETS
from services.notifications.domain import REGLES, Destinataire, EtatMessage, RoleDestinataire, destinataires, masquer
from services.notifications.models import Message
from services.notifications.rendu import en_html, en_texte
from services.notifications.schemas import MessageList, MessagePublic

ETATS = {
    EtatMessage.EN_FILE: "En file d’attente",
    EtatMessage.ENVOYE: "Envoyé",
    EtatMessage.REESSAYE: "Nouvel essai prévu",
    EtatMessage.ABANDONNE: "Abandonné",
}

URGENTE, ORDINAIRE = 0, 1

log = get_logger(__name__)


async def deposer(session: AsyncSession, demande: DeposerMessage, dossier: Dossier) -> Fait:
    """One message a recipient; `deja_fait` when all were queued before."""
    messages = [composer_message(demande, dossier, destinataire) for destinataire in destinataires(demande.gabarit, dossier)]
    if not messages:
        # An avis given meanwhile, or a collectivité without gestionnaire: nobody is written to, and that can be seen.
        log.warning("message.sans_destinataire", gabarit=demande.gabarit, inscription_id=str(demande.inscription_id))
        return Fait()
    return Fait(deja_fait=await repository.deposer(session, messages) == 0)


async def deposer_pour_un_compte(session: AsyncSession, demande: CourrielDemande) -> None:
    maintenant = now()
    message = Message(
        cle=f"compte:{demande.courriel_id}",
        gabarit=demande.gabarit,
        courriel_id=demande.courriel_id,
        structure="",
        destinataire=demande.nom,
        adresse=demande.email,
        repondre_a="",
        sujet=SUJETS[demande.gabarit],
        texte="",
        html="",
        # Somebody waits before a screen.
        priorite=URGENTE,
        depose_le=maintenant,
        prochain_essai=maintenant,
    )
    await repository.deposer(session, [message])


def composer_message(demande: DeposerMessage, dossier: Dossier, destinataire: Destinataire) -> Message:
    regle = REGLES[demande.gabarit]
    contenu = composer(demande.gabarit, dossier, destinataire)
    maintenant = now()
    return Message(
        cle=demande.cle,
        gabarit=demande.gabarit,
        inscription_id=dossier.inscription_id,
        collectivite_id=dossier.collectivite_id,
        agent_id=dossier.agent.agent_id,
        services=list(dossier.agent_services),
        structure=dossier.structure,
        destinataire=destinataire.personne.nom_complet,
        adresse=destinataire.personne.email,
        role=destinataire.role,
        repondre_a=dossier.collectivite_email,
        sujet=contenu.sujet,
        texte=en_texte(contenu),
        html=en_html(contenu),
        agenda=agenda(dossier, maintenant).decode() if regle.agenda else None,
        document_id=demande.document_id,
        priorite=URGENTE if regle.urgent else ORDINAIRE,
        depose_le=maintenant,
        prochain_essai=maintenant,
    )


async def lister(session: AsyncSession, acteur: Acteur, inscription_id: UUID) -> MessageList:
    return MessageList(elements=[_public(acteur, message) for message in await repository.lister(session, acteur, inscription_id)])


def _public(acteur: Acteur, message: Message) -> MessagePublic:
    gabarit, etat = Gabarit(message.gabarit), EtatMessage(message.etat)
    role = RoleDestinataire(str(message.role))
    # The agent knows that his supérieur was asked, not how to reach him by this way.
    masque = role is RoleDestinataire.SUPERIEUR and not acteur.peut(Droit.LIRE_COLLECTIVITE)
    return MessagePublic(
        id=message.id,
        gabarit=gabarit,
        libelle=f"{REGLES[gabarit].libelle} (copie)" if role is RoleDestinataire.COPIE else REGLES[gabarit].libelle,
        destinataire=message.destinataire,
        adresse=masquer(message.adresse) if masque else message.adresse,
        role=role,
        etat=etat,
        etat_libelle=ETATS[etat],
        essais=message.essais,
        depose_le=message.depose_le,
        envoye_le=message.envoye_le,
        prochain_essai=message.prochain_essai if etat is EtatMessage.REESSAYE else None,
        erreur="" if masque else message.derniere_erreur,
    )
