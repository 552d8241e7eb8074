"""`python -m tests.circuits.record`: play every scenario again, and keep what its workflow commanded and its history.

An earlier history is kept beside the new one when they differ: circuits that began before the change must replay too.
"""

import asyncio
import json

from temporalio.client import WorkflowHistory

from tests.circuits.conduite import SAUTE_LE_TEMPS, conduire, environnement, maintenant
from tests.circuits.empreinte import EMPREINTES, HISTOIRES, empreinte
from tests.circuits.scenarios import SCENARIOS, Scenario


async def play(scenario: Scenario) -> WorkflowHistory:
    async with environnement() as env, conduire(env, scenario.services(await maintenant(env))) as conduite:
        await scenario.jouer(conduite)
        return await conduite.circuit.fetch_history()


def keep(nom: str, histoire: WorkflowHistory) -> None:
    """A new history only when its commands differ from those of every history kept for this scenario."""
    kept = [WorkflowHistory.from_json(histoire.workflow_id, file.read_text()) for file in sorted(HISTOIRES.glob(f"{nom}.*.json"))]
    if empreinte(histoire) not in [empreinte(autre) for autre in kept]:
        (HISTOIRES / f"{nom}.{len(kept) + 1}.json").write_text(histoire.to_json())


async def main() -> None:
    if not SAUTE_LE_TEMPS:
        raise SystemExit("Recording needs the time-skipping server.")
    HISTOIRES.mkdir(exist_ok=True)
    empreintes = {}
    for nom, scenario in SCENARIOS.items():
        histoire = await play(scenario)
        empreintes[nom] = empreinte(histoire)
        keep(nom, histoire)
        print(f"{nom}: {len(empreintes[nom])} commands")
    EMPREINTES.write_text(json.dumps(empreintes, ensure_ascii=False, indent=1) + "\n")


if __name__ == "__main__":
    asyncio.run(main())
