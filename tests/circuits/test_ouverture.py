"""The opening of a collectivité: refused once, mended, reminded, validated, then a gestionnaire comes; or its codes run out."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from temporalio.client import WorkflowHandle, WorkflowHistory, WorkflowUpdateFailedError
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.exceptions import ApplicationError
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Replayer

from services.contracts.base import Fait, Message
from services.contracts.inscriptions import Delai, UniteDelai
from services.contracts.ouvertures import (
    AbandonnerOuverture,
    EtapeOuverture,
    FaitOuverture,
    IssueOuverture,
    OuvertureAvance,
    PlanOuverture,
    RappelerOuverture,
    RendreOperationnelle,
    SoumettreOuverture,
    SuivreOuverture,
    TrancherOuverture,
)
from tests.circuits.conduite import SAUTE_LE_TEMPS, maintenant
from workflows.correlation import Correlation
from workflows.noms import FILE_CIRCUITS, OUVERTURE, id_ouverture
from workflows.ouverture import OuvertureCollectivite
from workflows.worker import workers

HISTOIRES = Path(__file__).parent / "histoires_ouverture"
UN_JOUR = timedelta(days=1) if SAUTE_LE_TEMPS else timedelta(seconds=1)


@dataclass
class Identite:
    """Identity as the workflow sees it: one case, whose state follows what it is asked."""

    plan: PlanOuverture
    issues: dict[UUID, IssueOuverture] = field(default_factory=dict)
    demandes: list[Message] = field(default_factory=list)

    async def request(self, request: Message, timeout: float = 5.0) -> Message:  # noqa: ASYNC109 -- the shape of the bus
        self.demandes.append(request)
        match request:
            case TrancherOuverture(decision_id=decision_id):
                validee = self.issues[decision_id] is IssueOuverture.VALIDER
                self._passer(EtapeOuverture.VALIDEE if validee else EtapeOuverture.A_REPRENDRE)
            case AbandonnerOuverture():
                self._passer(EtapeOuverture.ABANDONNEE)
            case RappelerOuverture() | RendreOperationnelle():
                return Fait()
        return self.plan

    def deposer(self) -> None:
        self.plan = self.plan.model_copy(update={"depots": self.plan.depots + 1, "etape": EtapeOuverture.A_VALIDER})

    def _passer(self, etape: EtapeOuverture) -> None:
        self.plan = self.plan.model_copy(update={"etape": etape})


@dataclass
class Dossier:
    identite: Identite
    env: WorkflowEnvironment
    workflow: WorkflowHandle[Any, Any]

    async def dire(self, fait: FaitOuverture) -> None:
        plan = self.identite.plan
        signal = OuvertureAvance(
            event_id=uuid4(), survenu_le=await maintenant(self.env), ouverture_id=plan.ouverture_id, fait=fait, depots=plan.depots
        )
        await self.workflow.signal("avancer", signal)

    async def deposer(self) -> None:
        self.identite.deposer()
        await self.dire(FaitOuverture.DOSSIER_DEPOSE)

    async def trancher(self, issue: IssueOuverture) -> PlanOuverture:
        decision = SoumettreOuverture(ouverture_id=self.identite.plan.ouverture_id, decision_id=uuid4(), issue=issue)
        self.identite.issues[decision.decision_id] = issue
        plan: PlanOuverture = await self.workflow.execute_update("trancher", decision, result_type=PlanOuverture)
        return plan


@pytest.fixture
async def dossier(env: WorkflowEnvironment) -> AsyncIterator[Dossier]:
    depart: datetime = await maintenant(env)
    plan = PlanOuverture(
        ouverture_id=uuid4(),
        etape=EtapeOuverture.CODES_REMIS,
        departement="35",
        codes_expirent_le=depart + 60 * UN_JOUR,
        rappel=Delai(valeur=int(5 * UN_JOUR.total_seconds()), unite=UniteDelai.SECONDES),
        depots=0,
        gestionnaire_actif=False,
    )
    identite = Identite(plan)
    async with AsyncExitStack() as pile:
        for worker in workers(env.client, identite):
            await pile.enter_async_context(worker)
        workflow = await env.client.start_workflow(
            OUVERTURE,
            SuivreOuverture(ouverture_id=plan.ouverture_id),
            id=id_ouverture(plan.ouverture_id),
            task_queue=FILE_CIRCUITS,
            result_type=EtapeOuverture,
        )
        yield Dossier(identite, env, workflow)


async def test_refused_mended_reminded_validated(dossier: Dossier) -> None:
    await dossier.deposer()
    assert (await dossier.trancher(IssueOuverture.REFUSER)).etape is EtapeOuverture.A_REPRENDRE
    await dossier.deposer()
    # Twelve days without a decision: two reminders left, five days apart.
    await dossier.env.sleep(12 * UN_JOUR)
    assert [demande.rang for demande in dossier.identite.demandes if isinstance(demande, RappelerOuverture)] == [1, 2]
    assert (await dossier.trancher(IssueOuverture.VALIDER)).etape is EtapeOuverture.VALIDEE
    with pytest.raises(WorkflowUpdateFailedError) as refus:
        await dossier.trancher(IssueOuverture.REFUSER)
    assert isinstance(refus.value.cause, ApplicationError)
    assert refus.value.cause.type == "circuit-clos"
    await dossier.dire(FaitOuverture.GESTIONNAIRE_ACTIF)
    assert await dossier.workflow.result() == EtapeOuverture.OPERATIONNELLE
    assert isinstance(dossier.identite.demandes[-1], RendreOperationnelle)


async def test_a_gestionnaire_who_comes_first_is_remembered(dossier: Dossier) -> None:
    await dossier.deposer()
    await dossier.dire(FaitOuverture.GESTIONNAIRE_ACTIF)
    await dossier.trancher(IssueOuverture.VALIDER)
    assert await dossier.workflow.result() == EtapeOuverture.OPERATIONNELLE


async def test_codes_that_run_out_end_the_opening(dossier: Dossier) -> None:
    assert await dossier.workflow.result() == EtapeOuverture.ABANDONNEE
    assert isinstance(dossier.identite.demandes[-1], AbandonnerOuverture)


@pytest.mark.parametrize("histoire", sorted(HISTOIRES.glob("*.json")), ids=lambda chemin: str(chemin.stem))
async def test_committed_histories_replay(histoire: Path) -> None:
    replayer = Replayer(workflows=[OuvertureCollectivite], data_converter=pydantic_data_converter, interceptors=[Correlation()])
    await replayer.replay_workflow(WorkflowHistory.from_json(histoire.stem, histoire.read_text()))
