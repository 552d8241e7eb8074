"""The mails of a circuit: handed over to notifications beside the circuit, which never waits for them."""

from datetime import timedelta
from uuid import UUID

from temporalio import workflow
from temporalio.exceptions import ActivityError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from services.contracts.base import Fait
    from services.contracts.notifications import DeposerMessage, Gabarit
    from workflows.effets import PATIENT
    from workflows.noms import FILE_MESSAGES

INVITATIONS = frozenset({Gabarit.AVIS_DEMANDE, Gabarit.AVIS_RELANCE, Gabarit.A_VALIDER})
"""Mails that ask for something: useless, and misleading, once the step is over."""

# A mail server may be down for long; after a month nobody wants the mail any more.
VALIDITE = timedelta(days=30)


class Courrier:
    def __init__(self, inscription_id: UUID) -> None:
        self._inscription_id = inscription_id
        self._en_route: list[tuple[Gabarit, workflow.ActivityHandle[Fait]]] = []

    def poster(self, gabarit: Gabarit, precision: object = "", document_id: UUID | None = None) -> workflow.ActivityHandle[Fait]:
        """Send without waiting. `precision` tells apart two mails of the same kind about one request."""
        cle = ":".join(str(partie) for partie in (self._inscription_id, gabarit, precision) if partie != "")
        depot = workflow.start_activity(
            DeposerMessage.__name__,
            DeposerMessage(cle=cle, gabarit=gabarit, inscription_id=self._inscription_id, document_id=document_id),
            result_type=Fait,
            task_queue=FILE_MESSAGES,
            start_to_close_timeout=timedelta(seconds=30),
            schedule_to_close_timeout=VALIDITE,
            retry_policy=PATIENT,
            summary=f"courrier : {gabarit}",
        )
        self._en_route.append((gabarit, depot))
        return depot

    def perimer_les_invitations(self) -> None:
        """The step is over: what still asks for something will not leave."""
        for gabarit, depot in self._en_route:
            if gabarit in INVITATIONS and not depot.done():
                depot.cancel()

    async def poster_avant_de_poursuivre(self, gabarit: Gabarit, precision: object, au_plus: timedelta) -> None:
        """For a mail whose recipient depends on the present state: wait for it a little, then give it up."""
        depot = self.poster(gabarit, precision)
        try:
            await workflow.wait_condition(depot.done, timeout=au_plus, timeout_summary=f"courrier : {gabarit}")
        except TimeoutError:
            depot.cancel()

    async def tout_est_parti(self) -> None:
        for gabarit, depot in self._en_route:
            try:
                await depot
            except ActivityError as error:
                if not is_cancelled_exception(error):
                    workflow.logger.error("courrier.abandonne", extra={"gabarit": gabarit})
        self._en_route.clear()
