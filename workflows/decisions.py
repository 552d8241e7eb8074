"""What the circuit accepts, and when: the reasons of a refusal, in words for the person who decides. Pure."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from services.contracts.circuits import Soumettre
from services.contracts.inscriptions import EtapeCourante, Issue, NatureDecision


class Refus(StrEnum):
    """Types of the refusals of a circuit, as programs read them."""

    AUTRE_ETAPE = "autre-etape"
    DEMANDE_CLOSE = "demande-close"
    ISSUE_INATTENDUE = "issue-inattendue"
    DECISION_EN_COURS = "decision-en-cours"
    CIRCUIT_CLOS = "circuit-clos"


ISSUES = {
    NatureDecision.AVIS: {Issue.FAVORABLE, Issue.SOUS_RESERVE, Issue.DEFAVORABLE},
    NatureDecision.VALIDATION: {Issue.VALIDER, Issue.REFUSER},
    NatureDecision.INSTRUCTION: {Issue.ACCEPTER, Issue.LISTE_ATTENTE, Issue.REFUSER},
    NatureDecision.RETRAIT: {Issue.RETIRER},
}

ADMISES = {
    EtapeCourante.AVIS: {NatureDecision.AVIS, NatureDecision.RETRAIT},
    EtapeCourante.VALIDATION: {NatureDecision.VALIDATION, NatureDecision.RETRAIT},
    EtapeCourante.INSTRUCTION: {NatureDecision.INSTRUCTION},
}

OU_EN_EST_LE_DOSSIER = {
    EtapeCourante.AVIS: "il attend l’avis du supérieur hiérarchique",
    EtapeCourante.VALIDATION: "il attend la validation de la collectivité",
    EtapeCourante.INSTRUCTION: "il a été transmis à l’organisme, qui l’instruit",
}

DECISION_EN_COURS = "Une autre décision sur ce dossier est en cours. Réessayez dans un instant."
CIRCUIT_CLOS = "Ce dossier n’attend plus de décision."


@dataclass(frozen=True)
class Attendu:
    """What the circuit waits for. `demande_id` is the avis asked for, at the step of the avis."""

    etape: EtapeCourante
    demande_id: UUID | None = None


def motif_de_refus(attendu: Attendu, decision: Soumettre) -> tuple[Refus, str] | None:
    """Why this decision cannot be taken now, or None when it can."""
    if decision.nature not in ADMISES[attendu.etape]:
        situation = OU_EN_EST_LE_DOSSIER[attendu.etape]
        return Refus.AUTRE_ETAPE, f"Cette décision n’est pas attendue à ce moment du dossier\N{NO-BREAK SPACE}: {situation}."
    if decision.issue not in ISSUES[decision.nature]:
        return Refus.ISSUE_INATTENDUE, "Cette réponse n’est pas de celles qui sont possibles à cette étape."
    if decision.nature is NatureDecision.AVIS and decision.demande_id != attendu.demande_id:
        return Refus.DEMANDE_CLOSE, "Cette demande d’avis est close\N{NO-BREAK SPACE}: l’avis est désormais demandé à une autre personne."
    return None
