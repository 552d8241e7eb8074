"""How the scenarios are played: an environment of Temporal, the workers, one circuit, and the hand that drives it."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from temporalio.api.enums.v1 import EventType, IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.client import WorkflowHandle, WorkflowUpdateFailedError, WorkflowUpdateHandle, WorkflowUpdateStage
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.exceptions import ApplicationError
from temporalio.testing import WorkflowEnvironment

from services.contracts.circuits import Soumettre
from services.contracts.inscriptions import (
    Delai,
    EffetDecision,
    EtapeAvis,
    Etat,
    Issue,
    NatureDecision,
    OuvrirCircuit,
    PlanCircuit,
    QuiRepond,
    UniteDelai,
)
from services.contracts.notifications import Gabarit
from services.kit.clock import now
from tests.circuits.services_factices import ServicesFactices
from workflows.correlation import Correlation
from workflows.noms import ATTRIBUTS, CIRCUIT, FILE_CIRCUITS, id_circuit
from workflows.worker import workers

BINAIRES = Path(sys.executable).parent
SERVEUR_DE_TEST = BINAIRES / "temporal-test-server"
SAUTE_LE_TEMPS = SERVEUR_DE_TEST.exists()
"""The time-skipping server has no build for Linux on ARM: there the dev server is used, and a « day » lasts a second."""

UN_JOUR = 86_400 if SAUTE_LE_TEMPS else 1
PATIENCE_SECONDES = 20.0
FINI = EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED


def jours(nombre: float) -> timedelta:
    return timedelta(seconds=nombre * UN_JOUR)


def etape_avis(*, escalade: bool = True) -> EtapeAvis:
    """Four « days », a reminder after two and another after three."""
    relances = tuple(Delai(valeur=n * UN_JOUR, unite=UniteDelai.SECONDES) for n in (2, 3))
    return EtapeAvis(delai=Delai(valeur=4 * UN_JOUR, unite=UniteDelai.SECONDES), relances=relances, escalade_suppleant=escalade)


def un_plan(depart: datetime, limite_jours: int = 30, **autrement: Any) -> PlanCircuit:
    """The ordinary plan of a request deposited at `depart`, but for what is said otherwise."""
    plan = PlanCircuit(
        inscription_id=uuid4(),
        collectivite_id=uuid4(),
        session_code="SXM5A 012",
        departement="35",
        etapes=(etape_avis(),),
        a_un_superieur=True,
        a_un_suppleant=True,
        depose_le=depart,
        date_limite=depart + jours(limite_jours),
        debut_session=depart + jours(40),
    )
    return plan.model_copy(update=autrement)


@asynccontextmanager
async def environnement() -> AsyncIterator[WorkflowEnvironment]:
    async with AsyncExitStack() as pile:
        if SAUTE_LE_TEMPS:
            env = await WorkflowEnvironment.start_time_skipping(
                data_converter=pydantic_data_converter, interceptors=[Correlation()], test_server_existing_path=str(SERVEUR_DE_TEST)
            )
        else:
            env = await WorkflowEnvironment.start_local(
                data_converter=pydantic_data_converter, interceptors=[Correlation()], dev_server_existing_path=str(BINAIRES / "temporal")
            )
        await pile.enter_async_context(env)
        types = {cle.name: IndexedValueType.ValueType(cle.indexed_value_type) for cle in ATTRIBUTS}
        await env.client.operator_service.add_search_attributes(
            AddSearchAttributesRequest(namespace=env.client.namespace, search_attributes=types)
        )
        yield env


@dataclass
class Conduite:
    """One circuit under way. Its decisions are written in the services first, as people's are."""

    env: WorkflowEnvironment
    services: ServicesFactices
    circuit: WorkflowHandle[Any, Any]

    async def jusqu_a(self, vrai: Callable[[], bool]) -> None:
        """Wait, in real time, for the circuit to have done something."""
        async with asyncio.timeout(PATIENCE_SECONDES):
            while not vrai():  # noqa: ASYNC110 -- what is watched is a list
                await asyncio.sleep(0.01)

    async def calme(self, *gabarits: Gabarit) -> None:
        """Wait until these mails have left and the circuit only waits."""
        await self.jusqu_a(lambda: set(gabarits) <= set(self.services.gabarits))
        async with asyncio.timeout(PATIENCE_SECONDES):
            while await self._travaille():  # noqa: ASYNC110 -- what is watched is on the server
                await asyncio.sleep(0.01)

    async def _travaille(self) -> bool:
        description = (await self.circuit.describe()).raw_description
        return bool(description.pending_activities) or description.HasField("pending_workflow_task")

    async def avancer(self, duree: timedelta) -> None:
        await self.env.sleep(duree)

    def decision(self, nature: NatureDecision, issue: Issue, demande_id: UUID | None = None) -> Soumettre:
        soumise = Soumettre(
            inscription_id=self.services.plan.inscription_id, decision_id=uuid4(), nature=nature, issue=issue, demande_id=demande_id
        )
        self.services.decisions[soumise.decision_id] = (nature, issue)
        return soumise

    async def soumettre(self, decision: Soumettre) -> EffetDecision:
        effet: EffetDecision = await self.circuit.execute_update(
            decision.nature.value, decision, id=str(decision.decision_id), result_type=EffetDecision
        )
        return effet

    async def engager(self, nature: NatureDecision, issue: Issue) -> WorkflowUpdateHandle[EffetDecision]:
        """Hand in a decision that must wait for its turn: the circuit has heard it."""
        decision = self.decision(nature, issue)
        entendue: WorkflowUpdateHandle[EffetDecision] = await self.circuit.start_update(
            decision.nature.value,
            decision,
            id=str(decision.decision_id),
            result_type=EffetDecision,
            wait_for_stage=WorkflowUpdateStage.ACCEPTED,
        )
        return entendue

    async def decider(self, nature: NatureDecision, issue: Issue) -> EffetDecision:
        return await self.soumettre(self.decision(nature, issue))

    async def donner_l_avis(self, issue: Issue = Issue.FAVORABLE, de: QuiRepond = QuiRepond.SUPERIEUR, rang: int = 0) -> EffetDecision:
        return await self.soumettre(self.decision(NatureDecision.AVIS, issue, self.services.demande_id(de, rang)))

    async def refus(self, decision: Soumettre) -> ApplicationError:
        """The decision must be refused; the reason."""
        try:
            effet = await self.soumettre(decision)
        except WorkflowUpdateFailedError as error:
            if isinstance(error.cause, ApplicationError):
                return error.cause
            raise
        raise AssertionError(f"accepted: {effet}")

    async def fin(self) -> Etat:
        """Let time go until the circuit ends."""
        return Etat(await self.circuit.result())

    async def fin_sans_sauter(self) -> Etat:
        """For a circuit that has nothing left to wait for. Skipping would reach the end of the wait for its last mails, and cancel
        them while they are handed over: this server then loses the task that asks for it.
        """
        async with asyncio.timeout(PATIENCE_SECONDES):
            while (await self.circuit.fetch_history()).events[-1].event_type != FINI:  # noqa: ASYNC110 -- it is on the server
                await asyncio.sleep(0.01)
        return await self.fin()


@asynccontextmanager
async def conduire(env: WorkflowEnvironment, services: ServicesFactices) -> AsyncIterator[Conduite]:
    """The workers at work, and the circuit of `services.plan` started."""
    async with AsyncExitStack() as pile:
        for worker in workers(env.client, services):
            await pile.enter_async_context(worker)
        circuit = await env.client.start_workflow(
            CIRCUIT,
            OuvrirCircuit(inscription_id=services.plan.inscription_id),
            id=id_circuit(services.plan.inscription_id),
            task_queue=FILE_CIRCUITS,
            result_type=Etat,
        )
        yield Conduite(env, services, circuit)


async def maintenant(env: WorkflowEnvironment) -> datetime:
    return await env.get_current_time() if SAUTE_LE_TEMPS else now()
