"""Every path of the circuit, and the sequence of commands that each one gives."""

import asyncio
import json

import pytest
from temporalio.testing import WorkflowEnvironment

from tests.circuits.conduite import SAUTE_LE_TEMPS, conduire, maintenant
from tests.circuits.empreinte import EMPREINTES, empreinte
from tests.circuits.scenarios import SCENARIOS

PATIENCE_D_UN_CHEMIN_SECONDES = 40

CHANGEMENT = """The commands of « {nom} » are not those committed: a circuit already under way would fail on its next task.
If the change is wanted, guard it with workflow.patched(...), keep the old path for the circuits that run, record again with
`python -m tests.circuits.record` (which keeps the old histories), and say in the commit when the old path may go."""


@pytest.mark.parametrize("nom", SCENARIOS)
async def test_chemin(nom: str, env: WorkflowEnvironment) -> None:
    scenario = SCENARIOS[nom]
    if scenario.saute_le_temps and not SAUTE_LE_TEMPS:
        pytest.skip("waits for minutes: needs the time-skipping server, which has no build here")
    async with conduire(env, scenario.services(await maintenant(env))) as conduite:
        async with asyncio.timeout(PATIENCE_D_UN_CHEMIN_SECONDES):
            await scenario.jouer(conduite)
        commandes = empreinte(await conduite.circuit.fetch_history())
    if SAUTE_LE_TEMPS:
        assert commandes == json.loads(EMPREINTES.read_text()).get(nom), CHANGEMENT.format(nom=nom)


def test_every_fingerprint_has_its_path() -> None:
    assert json.loads(EMPREINTES.read_text()).keys() == SCENARIOS.keys()
