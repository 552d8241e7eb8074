"""What the circuits can be asked, behind their one door: nothing of Temporal shows."""

from typing import ClassVar
from uuid import UUID

from pydantic import AwareDatetime

from services.contracts.base import Message, Request
from services.contracts.inscriptions import EffetDecision, Issue, NatureDecision


class Soumettre(Request[EffetDecision]):
    """Submit a proposed decision to the circuit of a request.

    Answers the effect, or a problem: `decision-refusee` (409, with the reason, when it comes too late, at another step
    or the circuit is closed), `circuit-indisponible` (503) when Temporal does not answer. Submitting the same decision
    twice gives the same answer.
    """

    subject: ClassVar[str] = "rpc.circuits.v1.decision.soumettre"
    reply: ClassVar[type[Message]] = EffetDecision

    inscription_id: UUID
    decision_id: UUID
    nature: NatureDecision
    issue: Issue
    acteur_id: UUID | None = None
    demande_id: UUID | None = None
    """For an avis: the demande answered; refused when it is no longer the one awaited."""


class DescriptionCircuit(Message):
    """Where a circuit stands, for operators and support."""

    workflow_id: str
    run_id: str
    statut: str
    etape: str
    echeance: AwareDatetime | None = None
    adresse_ui: str | None = None


class Decrire(Request[DescriptionCircuit]):
    subject: ClassVar[str] = "rpc.circuits.v1.circuit.decrire"
    reply: ClassVar[type[Message]] = DescriptionCircuit

    inscription_id: UUID
