"""The activities: each is a request to the service that owns the data, and bears its name."""

from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any, Protocol

from temporalio import activity
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory

from services.contracts.base import Message, Request
from services.contracts.documents import ProduireConvocation
from services.contracts.inscriptions import (
    AppliquerDecision,
    ConstaterAvisNonRendu,
    Convoquer,
    DemanderAvis,
    Expirer,
    NoterRelance,
    OuvrirCircuit,
    PasserEtape,
)
from services.contracts.notifications import DeposerMessage
from services.contracts.ouvertures import AbandonnerOuverture, RappelerOuverture, RendreOperationnelle, SuivreOuverture, TrancherOuverture
from services.kit.problems import Problem
from workflows.calendrier import Echeance, echeances, instant_relance
from workflows.messages import CalculerEcheance, CalculerRappel, Rappel

EFFETS: tuple[type[Request[Any]], ...] = (
    OuvrirCircuit,
    DemanderAvis,
    NoterRelance,
    ConstaterAvisNonRendu,
    PasserEtape,
    AppliquerDecision,
    Expirer,
    Convoquer,
    SuivreOuverture,
    RappelerOuverture,
    TrancherOuverture,
    AbandonnerOuverture,
    RendreOperationnelle,
)
"""Short: answered within milliseconds, run beside the workflow."""

SECONDES_EFFET = 5.0
SECONDES_MESSAGE = 10.0
SECONDES_DOCUMENT = 45.0

# Statuses of the 4xx family that speak of the moment, not of the request.
PASSAGERS = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS})

Activite = Callable[..., Any]


class Messagerie(Protocol):
    """What the activities need of `services.kit.bus.Bus`."""

    async def request(self, request: Any, timeout: float = 5.0) -> Any: ...  # noqa: ASYNC109 -- the bus keeps the clock


def activites_circuits(bus: Messagerie) -> Sequence[Activite]:
    return [calculer_echeance, calculer_rappel, *(_activite(kind, bus, SECONDES_EFFET) for kind in EFFETS)]


def activites_documents(bus: Messagerie) -> Sequence[Activite]:
    return [_activite(ProduireConvocation, bus, SECONDES_DOCUMENT)]


def activites_messages(bus: Messagerie) -> Sequence[Activite]:
    return [_activite(DeposerMessage, bus, SECONDES_MESSAGE)]


@activity.defn(name=CalculerEcheance.__name__)
async def calculer_echeance(demande: CalculerEcheance) -> Echeance:
    return echeances(demande.depart, demande.etapes, demande.departement, demande.date_limite)[0]


@activity.defn(name=CalculerRappel.__name__)
async def calculer_rappel(demande: CalculerRappel) -> Rappel:
    return Rappel(le=instant_relance(demande.depart, demande.delai, demande.departement))


def _activite(kind: type[Request[Any]], bus: Messagerie, secondes: float) -> Activite:
    async def executer(request: Any) -> Message:
        try:
            reply: Message = await bus.request(request, timeout=secondes)
        except Problem as problem:
            raise _en_echec(problem) from problem
        return reply

    # Temporal reads the types of the payloads here.
    executer.__annotations__ = {"request": kind, "return": kind.reply}
    return activity.defn(name=kind.__name__)(executer)


def _en_echec(problem: Problem) -> ApplicationError:
    """A refusal (4xx) is final; anything else is tried again. The type is the problem's slug, the detail its body."""
    refus = HTTPStatus.BAD_REQUEST <= problem.status < HTTPStatus.INTERNAL_SERVER_ERROR and problem.status not in PASSAGERS
    # A refusal is an answer, not a failure of the worker: no trace in its logs.
    category = ApplicationErrorCategory.BENIGN if refus else ApplicationErrorCategory.UNSPECIFIED
    return ApplicationError(
        problem.title, problem.body().model_dump(mode="json"), type=problem.slug, non_retryable=refus, category=category
    )
