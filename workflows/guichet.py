"""Where the decisions of people are handed in to a circuit, one at a time.

Each nature of decision is a Temporal update of the same name. The validator refuses at once what is not awaited; while
the circuit is between two steps nobody can say yet, and the decision waits for the next step before it is judged.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from temporalio import workflow
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from services.contracts.circuits import Soumettre
    from services.contracts.inscriptions import AppliquerDecision, EffetDecision, Issue, NatureDecision
    from workflows import correlation
    from workflows.decisions import CIRCUIT_CLOS, DECISION_EN_COURS, Attendu, Refus, motif_de_refus
    from workflows.effets import appliquer


@dataclass(frozen=True)
class Decision:
    """A decision that inscriptions has applied."""

    soumise: Soumettre
    effet: EffetDecision
    correlation: str

    @property
    def nature(self) -> NatureDecision:
        return self.soumise.nature

    @property
    def issue(self) -> Issue:
        return self.soumise.issue


class Guichet:
    def __init__(self) -> None:
        self._attendu: Attendu | None = None
        self._en_cours = False
        self._prise: Decision | None = None
        self._ferme = False
        for nature in NatureDecision:
            workflow.set_update_handler(nature.value, self._soumettre, validator=self._verifier)

    async def attendre(self, attendu: Attendu, jusqu_a: datetime, pour: str) -> Decision | None:
        """The decision taken before `jusqu_a`, or None. One that is being applied at that instant counts."""
        self._attendu = attendu
        try:
            reste = max(jusqu_a - workflow.now(), timedelta())
            await workflow.wait_condition(lambda: self._prise is not None, timeout=reste, timeout_summary=pour)
        except TimeoutError:
            await workflow.wait_condition(lambda: not self._en_cours)
        prise, self._prise, self._attendu = self._prise, None, None
        if prise is not None:
            # What follows is the consequence of this decision: its mails are logged under its id.
            correlation.adopter(prise.correlation)
        return prise

    def fermer(self) -> None:
        """No decision is awaited any more, those under way included."""
        self._ferme = True

    def _verifier(self, decision: Soumettre) -> None:
        if self._en_cours or self._prise is not None:
            raise _refus(Refus.DECISION_EN_COURS, DECISION_EN_COURS)
        self._juger(decision)

    def _juger(self, decision: Soumettre) -> None:
        if self._ferme:
            raise _refus(Refus.CIRCUIT_CLOS, CIRCUIT_CLOS)
        motif = motif_de_refus(self._attendu, decision) if self._attendu else None
        if motif is not None:
            raise _refus(*motif)

    async def _soumettre(self, decision: Soumettre) -> EffetDecision:
        """Apply the decision. Raises ApplicationError, typed, when it is refused here or by inscriptions."""
        self._en_cours = True
        try:
            await workflow.wait_condition(lambda: self._attendu is not None or self._ferme)
            self._juger(decision)
            effet = await appliquer(AppliquerDecision(decision_id=decision.decision_id), f"décision : {decision.nature}, {decision.issue}")
            self._prise = Decision(decision, effet, correlation.courante())
            return effet
        finally:
            self._en_cours = False


def _refus(kind: Refus, motif: str) -> ApplicationError:
    return ApplicationError(motif, type=kind.value, non_retryable=True)
