"""The first steps, common to many paths."""

from services.contracts.inscriptions import Issue, NatureDecision
from services.contracts.notifications import Gabarit
from tests.circuits.conduite import Conduite

AVIS, VALIDATION, INSTRUCTION, RETRAIT = NatureDecision
FAVORABLE = Issue.FAVORABLE


async def jusqu_a_la_validation(c: Conduite) -> None:
    await c.calme(Gabarit.AVIS_DEMANDE)
    await c.donner_l_avis()
    await c.calme(Gabarit.A_VALIDER)


async def jusqu_a_l_instruction(c: Conduite) -> None:
    await jusqu_a_la_validation(c)
    await c.decider(VALIDATION, Issue.VALIDER)
    await c.calme(Gabarit.TRANSMISE)
