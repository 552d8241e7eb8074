"""The door to the circuits: the only place where the services' requests meet Temporal."""

import asyncio
from datetime import timedelta
from typing import Any
from urllib.parse import quote
from uuid import UUID

from temporalio.client import (
    RPCError,
    WorkflowExecutionDescription,
    WorkflowExecutionStatus,
    WorkflowHandle,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.common import WorkflowIDReusePolicy
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError
from temporalio.service import RPCStatusCode

from services.contracts.base import Message
from services.contracts.circuits import Decrire, DescriptionCircuit, Soumettre
from services.contracts.inscriptions import DepotEnregistre, EffetDecision, OuvrirCircuit
from services.contracts.ouvertures import OuvertureAvance, PlanOuverture, SoumettreOuverture, SuivreOuverture
from services.kit.context import Context
from services.kit.logs import get_logger
from services.kit.problems import Conflict, NotFound, Problem, ProblemBody, Unavailable
from workflows.connexion import Temporal, indisponible
from workflows.decisions import CIRCUIT_CLOS, Refus
from workflows.noms import CIRCUIT, ECHEANCE_LE, ETAPE, FILE_CIRCUITS, OUVERTURE, id_circuit, id_ouverture

REPONSE_SECONDES = 4.0
"""Less than the five seconds for which the services wait: who asks is told why."""
DEPART_SECONDES = 10.0
"""Far less than the thirty seconds after which NATS would deliver the deposit again."""

log = get_logger(__name__)


class Porte:
    def __init__(self, temporal: Temporal, namespace: str, adresse_ui: str | None) -> None:
        self._temporal = temporal
        self._namespace = namespace
        self._adresse_ui = adresse_ui

    async def on_depot(self, _context: Context, depot: DepotEnregistre) -> None:
        """A préinscription was committed: start its circuit. Already started is done; Unavailable while Temporal is away."""
        async with asyncio.timeout(DEPART_SECONDES):
            client = await self._temporal.connected()
            try:
                await client.start_workflow(
                    CIRCUIT,
                    OuvrirCircuit(inscription_id=depot.inscription_id),
                    id=id_circuit(depot.inscription_id),
                    task_queue=FILE_CIRCUITS,
                    # One that failed to open may be started again, by publishing the event again.
                    id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
                    static_summary=f"Inscription à la session {depot.session_code}",
                )
            except WorkflowAlreadyStartedError:
                log.info("circuit.already_started", inscription_id=str(depot.inscription_id))
            except RPCError as error:
                raise indisponible() from error
            else:
                log.info("circuit.started", inscription_id=str(depot.inscription_id))

    async def soumettre(self, _context: Context, decision: Soumettre) -> EffetDecision:
        """Submit a decision, once: its id is the update's. Raises `decision-refusee` (409), the problem of inscriptions, or a 503."""
        handle = self._circuit(decision.inscription_id)
        effet: EffetDecision = await self._decider(handle, decision.nature.value, decision, decision.decision_id, EffetDecision)
        return effet

    async def _decider(
        self, handle: WorkflowHandle[Any, Any], update: str, decision: Message, identifiant: UUID, effet: type[Message]
    ) -> Any:
        try:
            async with asyncio.timeout(REPONSE_SECONDES):
                return await handle.execute_update(update, decision, id=str(identifiant), result_type=effet)
        except WorkflowUpdateFailedError as error:
            raise _refus(error.cause) from error
        except (WorkflowUpdateRPCTimeoutOrCancelledError, TimeoutError) as error:
            raise indisponible() from error
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise indisponible() from error
            raise await self._pourquoi_introuvable(handle) from error

    async def on_ouverture(self, _context: Context, fait: OuvertureAvance) -> None:
        """An opening advances: tell its workflow, which starts with the first thing told. Unavailable while Temporal is away."""
        async with asyncio.timeout(DEPART_SECONDES):
            client = await self._temporal.connected()
            try:
                await client.start_workflow(
                    OUVERTURE,
                    SuivreOuverture(ouverture_id=fait.ouverture_id),
                    id=id_ouverture(fait.ouverture_id),
                    task_queue=FILE_CIRCUITS,
                    id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
                    start_signal="avancer",
                    start_signal_args=[fait],
                    static_summary="Ouverture d’une collectivité",
                )
            except WorkflowAlreadyStartedError:
                log.info("ouverture.over", ouverture_id=str(fait.ouverture_id))
            except RPCError as error:
                raise indisponible() from error

    async def soumettre_ouverture(self, _context: Context, decision: SoumettreOuverture) -> PlanOuverture:
        """Submit the decision of a délégation, once: its id is the update's. Problems as `soumettre`."""
        handle = self._temporal.client.get_workflow_handle(id_ouverture(decision.ouverture_id))
        plan: PlanOuverture = await self._decider(handle, "trancher", decision, decision.decision_id, PlanOuverture)
        return plan

    async def decrire(self, _context: Context, demande: Decrire) -> DescriptionCircuit:
        """Where a circuit stands. Raises `circuit-inconnu` (404) or `circuit-indisponible` (503)."""
        description = await self._description(self._circuit(demande.inscription_id))
        if description is None:
            raise NotFound("Ce dossier n’a pas encore de circuit.", slug="circuit-inconnu")
        attributs = description.typed_search_attributes
        return DescriptionCircuit(
            workflow_id=description.id,
            run_id=description.run_id,
            statut=description.status.name.lower() if description.status else "inconnu",
            etape=attributs.get(ETAPE) or "ouverture",
            echeance=attributs.get(ECHEANCE_LE),
            adresse_ui=self._adresse(description),
        )

    def _circuit(self, inscription_id: UUID) -> WorkflowHandle[Any, Any]:
        return self._temporal.client.get_workflow_handle(id_circuit(inscription_id))

    async def _pourquoi_introuvable(self, handle: WorkflowHandle[Any, Any]) -> Problem:
        description = await self._description(handle)
        if description is None:
            return Unavailable(
                "Le dossier vient d’être déposé\N{NO-BREAK SPACE}: son circuit n’est pas encore ouvert.",
                slug="circuit-pas-encore-ouvert",
                detail="Réessayez dans un instant.",
                retry_after=2,
            )
        if description.status is WorkflowExecutionStatus.RUNNING:
            return indisponible()
        return Conflict("decision-refusee", CIRCUIT_CLOS)

    async def _description(self, handle: WorkflowHandle[Any, Any]) -> WorkflowExecutionDescription | None:
        try:
            async with asyncio.timeout(REPONSE_SECONDES):
                return await handle.describe(rpc_timeout=timedelta(seconds=REPONSE_SECONDES))
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return None
            raise indisponible() from error
        except TimeoutError as error:
            raise indisponible() from error

    def _adresse(self, description: WorkflowExecutionDescription) -> str | None:
        if not self._adresse_ui:
            return None
        chemin = f"namespaces/{self._namespace}/workflows/{quote(description.id, safe='')}/{description.run_id}/history"
        return f"{self._adresse_ui.rstrip('/')}/{chemin}"


def _refus(cause: BaseException | None) -> Problem:
    """A refusal of the circuit, or of inscriptions when it applied the decision (it is then its own problem)."""
    if not isinstance(cause, ApplicationError):
        return indisponible()
    if cause.type in set(Refus):
        return Conflict("decision-refusee", cause.message)
    if cause.details and isinstance(cause.details[0], dict):
        return Problem.from_body(ProblemBody.model_validate(cause.details[0]))
    return Conflict("decision-refusee", CIRCUIT_CLOS)
