"""Who gets which message, and what becomes of one that does not leave at once. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from services.contracts.identity import Personne
from services.contracts.inscriptions import Dossier
from services.contracts.notifications import Gabarit


class RoleDestinataire(StrEnum):
    AGENT = "agent"
    SUPERIEUR = "superieur"
    GESTIONNAIRE = "gestionnaire"


class EtatMessage(StrEnum):
    EN_FILE = "en_file"
    ENVOYE = "envoye"
    REESSAYE = "reessaye"
    ABANDONNE = "abandonne"


@dataclass(frozen=True)
class Destinataire:
    personne: Personne
    role: RoleDestinataire


A_QUI: dict[Gabarit, tuple[RoleDestinataire, ...]] = {
    Gabarit.AVIS_DEMANDE: (RoleDestinataire.SUPERIEUR,),
    Gabarit.AVIS_RELANCE: (RoleDestinataire.SUPERIEUR,),
    Gabarit.AVIS_CLOS: (RoleDestinataire.SUPERIEUR,),
    Gabarit.A_VALIDER: (RoleDestinataire.GESTIONNAIRE,),
    Gabarit.TRANSMISE: (RoleDestinataire.AGENT, RoleDestinataire.GESTIONNAIRE),
    Gabarit.REFUSEE_COLLECTIVITE: (RoleDestinataire.AGENT,),
    Gabarit.RETIREE: (RoleDestinataire.AGENT, RoleDestinataire.GESTIONNAIRE),
    Gabarit.EXPIREE: (RoleDestinataire.AGENT, RoleDestinataire.GESTIONNAIRE),
    Gabarit.LISTE_ATTENTE: (RoleDestinataire.AGENT, RoleDestinataire.GESTIONNAIRE),
    Gabarit.REFUSEE_ORGANISME: (RoleDestinataire.AGENT, RoleDestinataire.GESTIONNAIRE),
    Gabarit.ACCEPTEE: (RoleDestinataire.AGENT, RoleDestinataire.GESTIONNAIRE),
    Gabarit.CONVOCATION: (RoleDestinataire.AGENT, RoleDestinataire.GESTIONNAIRE),
}

AVANT_TRANSMISSION = frozenset(
    {Gabarit.AVIS_DEMANDE, Gabarit.AVIS_RELANCE, Gabarit.AVIS_CLOS, Gabarit.A_VALIDER, Gabarit.REFUSEE_COLLECTIVITE, Gabarit.RETIREE}
)
"""Messages the organisme has no business reading: the request has not reached it."""


def destinataires(gabarit: Gabarit, dossier: Dossier) -> list[Destinataire]:
    """Each person once, by address; the one asked for an avis is the last one asked."""
    trouves: dict[str, Destinataire] = {}
    for role in A_QUI[gabarit]:
        for personne in _personnes(role, dossier):
            trouves.setdefault(personne.email.casefold(), Destinataire(personne, role))
    return list(trouves.values())


def _personnes(role: RoleDestinataire, dossier: Dossier) -> Sequence[Personne]:
    match role:
        case RoleDestinataire.AGENT:
            return [dossier.agent]
        case RoleDestinataire.GESTIONNAIRE:
            return dossier.gestionnaires
        case RoleDestinataire.SUPERIEUR:
            demande = dossier.demande_avis or dossier.derniere_demande_avis
            return [demande.a] if demande else []


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
