"""Circuits that began before must go on: every committed history replays on the workflow as it is now."""

import pytest
from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer

from tests.circuits.empreinte import HISTOIRES
from tests.circuits.scenarios import SCENARIOS
from workflows.circuit import CircuitInscription
from workflows.correlation import Correlation

HISTOIRES_GARDEES = {fichier.stem: fichier.read_text() for fichier in sorted(HISTOIRES.glob("*.json"))}


@pytest.mark.parametrize("nom", HISTOIRES_GARDEES)
async def test_histoire_rejouee(nom: str) -> None:
    replayer = Replayer(workflows=[CircuitInscription], data_converter=pydantic_data_converter, interceptors=[Correlation()])
    await replayer.replay_workflow(WorkflowHistory.from_json(nom, HISTOIRES_GARDEES[nom]))


def test_every_path_has_a_history() -> None:
    assert {nom.split(".")[0] for nom in HISTOIRES_GARDEES} == SCENARIOS.keys()
