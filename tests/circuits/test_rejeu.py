"""Circuits that began before must go on: every committed history replays on the workflow as it is now."""

from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer

from tests.circuits.empreinte import HISTOIRES
from tests.circuits.scenarios import SCENARIOS
from workflows.circuit import CircuitInscription
from workflows.correlation import Correlation

FICHIERS = sorted(HISTOIRES.glob("*.json"))


@pytest.mark.parametrize("fichier", FICHIERS, ids=lambda fichier: fichier.stem)
async def test_histoire_rejouee(fichier: Path) -> None:
    replayer = Replayer(workflows=[CircuitInscription], data_converter=pydantic_data_converter, interceptors=[Correlation()])
    await replayer.replay_workflow(WorkflowHistory.from_json(fichier.stem, fichier.read_text()))


def test_every_path_has_a_history() -> None:
    assert {fichier.name.split(".")[0] for fichier in FICHIERS} == SCENARIOS.keys()
