"""The fingerprint of a scenario: what the workflow commanded, in order. Ids and instants left out."""

import json
from collections.abc import Iterator
from pathlib import Path

from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import WorkflowHistory

EMPREINTES = Path(__file__).parent / "empreintes.json"
HISTOIRES = Path(__file__).parent / "histories"


def empreinte(histoire: WorkflowHistory) -> list[str]:
    return [ligne for evenement in histoire.events for ligne in _commande(evenement)]


def _commande(evenement: HistoryEvent) -> Iterator[str]:
    match evenement.event_type:
        case EventType.EVENT_TYPE_MARKER_RECORDED:
            yield _marqueur(evenement)
        case EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED:
            attributs = evenement.activity_task_scheduled_event_attributes
            yield f"activité {attributs.activity_type.name} sur {attributs.task_queue.name} ({_resume(evenement)})"
        case EventType.EVENT_TYPE_ACTIVITY_TASK_CANCEL_REQUESTED:
            yield "activité abandonnée"
        case EventType.EVENT_TYPE_TIMER_STARTED:
            yield f"minuterie ({_resume(evenement)})"
        case EventType.EVENT_TYPE_TIMER_CANCELED:
            yield "minuterie annulée"
        case EventType.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES:
            champs = evenement.upsert_workflow_search_attributes_event_attributes.search_attributes.indexed_fields
            yield f"attributs {', '.join(sorted(champs))}"
        case EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED:
            requete = evenement.workflow_execution_update_accepted_event_attributes.accepted_request
            yield f"décision admise : {requete.input.name}"
        case EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_COMPLETED:
            yield "décision appliquée ou refusée"
        case EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED:
            yield "fin"
        case EventType.EVENT_TYPE_WORKFLOW_EXECUTION_FAILED:
            yield "échec"


def _marqueur(evenement: HistoryEvent) -> str:
    attributs = evenement.marker_recorded_event_attributes
    donnees = attributs.details.get("data")
    nom = json.loads(donnees.payloads[0].data).get("activity_type", "") if donnees else ""
    return f"{attributs.marker_name} {nom}".strip()


def _resume(evenement: HistoryEvent) -> str:
    return json.loads(evenement.user_metadata.summary.data) if evenement.user_metadata.HasField("summary") else ""
