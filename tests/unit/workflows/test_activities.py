"""How the answers of the services become those of the activities."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from services.contracts.base import Fait, Message, Request
from services.contracts.inscriptions import AppliquerDecision, NoterRelance
from services.kit.problems import Conflict, NotFound, Problem, Unavailable
from workflows.activities import EFFETS, activites_circuits, activites_documents, activites_messages


class Reponse:
    """A bus with one answer."""

    def __init__(self, reponse: Message | Problem) -> None:
        self._reponse = reponse
        self.recue: Any = None

    async def request(self, request: Any, timeout: float = 5.0) -> Any:  # noqa: ASYNC109 -- the shape of the bus
        self.recue = request
        if isinstance(self._reponse, Problem):
            raise self._reponse
        return self._reponse


def activite(reponse: Reponse, kind: type[Request[Any]]) -> Any:
    return activites_circuits(reponse)[1 + [*EFFETS].index(kind)]


async def test_an_activity_is_the_request_of_its_name() -> None:
    bus = Reponse(Fait(deja_fait=True))
    request = NoterRelance(demande_id=uuid4(), numero=1)
    assert await ActivityEnvironment().run(activite(bus, NoterRelance), request) == Fait(deja_fait=True)
    assert bus.recue == request


@pytest.mark.parametrize(
    ("problem", "definitif"),
    [
        (Conflict("session-complete", "Il n’y a plus de place."), True),
        (NotFound("Cette demande n’existe pas."), True),
        (Problem("trop-de-demandes", "Ralentissez.", status=429), False),
        (Problem("trop-long", "Trop long.", status=408), False),
        (Problem("erreur-interne", "Une erreur est survenue.", status=500), False),
        (Unavailable("Le service ne répond pas."), False),
    ],
)
async def test_a_refusal_is_final_and_an_outage_is_not(problem: Problem, definitif: bool) -> None:
    with pytest.raises(ApplicationError) as levee:
        await ActivityEnvironment().run(activite(Reponse(problem), AppliquerDecision), AppliquerDecision(decision_id=uuid4()))
    erreur = levee.value
    assert (erreur.type, erreur.message, erreur.non_retryable) == (problem.slug, problem.title, definitif)
    assert erreur.details[0]["status"] == problem.status


def test_each_queue_has_its_activities() -> None:
    bus = Reponse(Fait())
    assert noms(activites_circuits(bus)) == {"CalculerEcheance", "CalculerRappel", *(kind.__name__ for kind in EFFETS)}
    assert noms(activites_documents(bus)) == {"ProduireConvocation"}
    assert noms(activites_messages(bus)) == {"DeposerMessage"}


def noms(activites: Sequence[Any]) -> set[str]:
    return {f.__temporal_activity_definition.name for f in activites}
