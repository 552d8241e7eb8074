"""Who gets which message, and what becomes of one that does not leave at once. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from services.contracts.identity import Personne
from services.contracts.inscriptions import DemandeAvisOuverte, Dossier
from services.contracts.notifications import EN_COPIE, Gabarit


class RoleDestinataire(StrEnum):
    AGENT = "agent"
    SUPERIEUR = "superieur"
    GESTIONNAIRE = "gestionnaire"
    COPIE = "copie"


class EtatMessage(StrEnum):
    EN_FILE = "en_file"
    ENVOYE = "envoye"
    REESSAYE = "reessaye"
    ABANDONNE = "abandonne"


@dataclass(frozen=True)
class Destinataire:
    personne: Personne
    role: RoleDestinataire


@dataclass(frozen=True)
class Regle:
    """`libelle` names the message in lists. Urgent ones leave before the others; `agenda` joins the calendar of the training."""

    libelle: str
    a_qui: tuple[RoleDestinataire, ...]
    urgent: bool = False
    agenda: bool = False


_SUPERIEUR = (RoleDestinataire.SUPERIEUR,)
_GESTIONNAIRES = (RoleDestinataire.GESTIONNAIRE,)
_AGENT = (RoleDestinataire.AGENT,)
_AGENT_ET_GESTIONNAIRES = (RoleDestinataire.AGENT, RoleDestinataire.GESTIONNAIRE)

# Urgent: somebody is asked to act before an échéance.
REGLES: dict[Gabarit, Regle] = {
    Gabarit.AVIS_DEMANDE: Regle("Demande d’avis", _SUPERIEUR, urgent=True),
    Gabarit.AVIS_RELANCE: Regle("Relance de la demande d’avis", _SUPERIEUR, urgent=True),
    Gabarit.AVIS_CLOS: Regle("Avis qui n’est plus attendu", _SUPERIEUR),
    Gabarit.A_VALIDER: Regle("Demande à valider", _GESTIONNAIRES, urgent=True),
    Gabarit.TRANSMISE: Regle("Accusé de transmission", _AGENT_ET_GESTIONNAIRES),
    Gabarit.REFUSEE_COLLECTIVITE: Regle("Refus de la collectivité", _AGENT),
    Gabarit.RETIREE: Regle("Retrait de la demande", _AGENT_ET_GESTIONNAIRES),
    Gabarit.EXPIREE: Regle("Demande expirée", _AGENT_ET_GESTIONNAIRES),
    Gabarit.LISTE_ATTENTE: Regle("Inscription sur liste d’attente", _AGENT_ET_GESTIONNAIRES),
    Gabarit.REFUSEE_ORGANISME: Regle("Refus de l’organisme", _AGENT_ET_GESTIONNAIRES),
    Gabarit.ACCEPTEE: Regle("Demande acceptée", _AGENT_ET_GESTIONNAIRES),
    Gabarit.CONVOCATION: Regle("Convocation", _AGENT_ET_GESTIONNAIRES, agenda=True),
}

AVANT_TRANSMISSION = frozenset(
    {Gabarit.AVIS_DEMANDE, Gabarit.AVIS_RELANCE, Gabarit.AVIS_CLOS, Gabarit.A_VALIDER, Gabarit.REFUSEE_COLLECTIVITE, Gabarit.RETIREE}
)
"""Messages the organisme has no business reading: the request has not reached it."""

AVANT_OU_APRES = frozenset({Gabarit.EXPIREE})
"""Messages of a request that the organisme may know of, or not: only if it was transmitted."""


def demande_concernee(gabarit: Gabarit, dossier: Dossier) -> DemandeAvisOuverte | None:
    """The avis a message is about: nobody is asked, or reminded, for one that is closed."""
    return dossier.derniere_demande_avis if gabarit is Gabarit.AVIS_CLOS else dossier.demande_avis


def destinataires(gabarit: Gabarit, dossier: Dossier) -> list[Destinataire]:
    """Each person once, by address. Copies come after those the message is for."""
    trouves: dict[str, Destinataire] = {}
    for role in (*REGLES[gabarit].a_qui, RoleDestinataire.COPIE):
        for personne in _personnes(role, gabarit, dossier):
            trouves.setdefault(personne.email.casefold(), Destinataire(personne, role))
    return list(trouves.values())


def _personnes(role: RoleDestinataire, gabarit: Gabarit, dossier: Dossier) -> Sequence[Personne]:
    match role:
        case RoleDestinataire.AGENT:
            return [dossier.agent]
        case RoleDestinataire.GESTIONNAIRE:
            return dossier.gestionnaires
        case RoleDestinataire.SUPERIEUR:
            demande = demande_concernee(gabarit, dossier)
            return [demande.a] if demande else []
        case RoleDestinataire.COPIE:
            copies = dossier.copies if gabarit in EN_COPIE else ()
            return [Personne(prenom="", nom=copie.nom, email=copie.email) for copie in copies if gabarit in copie.gabarits]


@dataclass(frozen=True)
class Echec:
    """Why a message did not leave, in French; `definitif` when trying again is useless."""

    raison: str
    definitif: bool = False


PREMIER_DELAI = timedelta(seconds=10)
DELAI_MAXIMUM = timedelta(hours=6)
ABANDON_APRES = timedelta(days=5)
REFUS_DEFINITIF = 500


def prochain_essai(essais: int, depose_le: datetime, maintenant: datetime) -> datetime | None:
    """When to try again after `essais` failures: waits that double, up to six hours; None after five days."""
    if maintenant - depose_le >= ABANDON_APRES:
        return None
    attente: timedelta = PREMIER_DELAI * 2 ** min(essais - 1, 20)
    return maintenant + min(attente, DELAI_MAXIMUM)


def est_definitif(code: int) -> bool:
    """Whether an SMTP reply code says that trying again is useless (RFC 5321, 4.2.1)."""
    return code >= REFUS_DEFINITIF


def masquer(adresse: str) -> str:
    """`y…@commune.example`: enough to recognise, not enough to write to."""
    compte, _, domaine = adresse.partition("@")
    return f"{compte[:1]}…@{domaine}"
