"""The fingerprint of a scenario: what the workflow commanded, in order. Ids and instants left out."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import WorkflowHistory

EMPREINTES = Path(__file__).parent / "empreintes.json"
HISTOIRES = Path(__file__).parent / "histories"


def empreinte(histoire: WorkflowHistory) -> list[str]:
    return [ligne for evenement in histoire.events for ligne in _commande(evenement)]


def _commande(evenement: HistoryEvent) -> Iterator[str]:
    if evenement.event_type in LIGNES:
        yield LIGNES[evenement.event_type](evenement)


def _activite(evenement: HistoryEvent) -> str:
    attributs = evenement.activity_task_scheduled_event_attributes
    return f"activité {attributs.activity_type.name} sur {attributs.task_queue.name} ({_resume(evenement)})"


def _attributs(evenement: HistoryEvent) -> str:
    champs = evenement.upsert_workflow_search_attributes_event_attributes.search_attributes.indexed_fields
    return f"attributs {', '.join(sorted(champs))}"


def _decision(evenement: HistoryEvent) -> str:
    return f"décision admise : {evenement.workflow_execution_update_accepted_event_attributes.accepted_request.input.name}"


def _marqueur(evenement: HistoryEvent) -> str:
    attributs = evenement.marker_recorded_event_attributes
    donnees = attributs.details.get("data")
    nom = json.loads(donnees.payloads[0].data).get("activity_type", "") if donnees else ""
    return f"{attributs.marker_name} {nom}".strip()


def _resume(evenement: HistoryEvent) -> str:
    return json.loads(evenement.user_metadata.summary.data) if evenement.user_metadata.HasField("summary") else ""


LIGNES: dict[int, Callable[[HistoryEvent], str]] = {
    EventType.EVENT_TYPE_MARKER_RECORDED: _marqueur,
    EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED: _activite,
    EventType.EVENT_TYPE_ACTIVITY_TASK_CANCEL_REQUESTED: lambda _: "activité abandonnée",
    EventType.EVENT_TYPE_TIMER_STARTED: lambda evenement: f"minuterie ({_resume(evenement)})",
    EventType.EVENT_TYPE_TIMER_CANCELED: lambda _: "minuterie annulée",
    EventType.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES: _attributs,
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED: _decision,
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_COMPLETED: lambda _: "décision appliquée ou refusée",
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED: lambda _: "fin",
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_FAILED: lambda _: "échec",
}
