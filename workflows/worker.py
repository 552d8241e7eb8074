"""The workers: circuits with their short effects, documents, messages, each on its own task queue."""

import asyncio

from temporalio.client import Client
from temporalio.worker import Worker

from services.kit.context import Context
from services.kit.logs import get_logger
from workflows.activities import Messagerie, activites_circuits, activites_documents, activites_messages
from workflows.circuit import CircuitInscription
from workflows.connexion import Temporal
from workflows.noms import FILE_CIRCUITS, FILE_DOCUMENTS, FILE_MESSAGES
from workflows.ouverture import OuvertureCollectivite

NOUVEL_ESSAI_SECONDES = 2.0
# Making a PDF is heavy: a queue waits, the machine breathes.
DOCUMENTS_A_LA_FOIS = 4
MESSAGES_A_LA_FOIS = 20

log = get_logger(__name__)


def workers(client: Client, bus: Messagerie) -> tuple[Worker, ...]:
    return (
        Worker(client, task_queue=FILE_CIRCUITS, workflows=[CircuitInscription, OuvertureCollectivite], activities=activites_circuits(bus)),
        Worker(client, task_queue=FILE_DOCUMENTS, activities=activites_documents(bus), max_concurrent_activities=DOCUMENTS_A_LA_FOIS),
        Worker(client, task_queue=FILE_MESSAGES, activities=activites_messages(bus), max_concurrent_activities=MESSAGES_A_LA_FOIS),
    )


async def travailler(temporal: Temporal, context: Context) -> None:
    """Work until cancelled. A worker that Temporal throws out starts again."""
    while True:
        client = await temporal.connect()
        try:
            async with asyncio.TaskGroup() as group:
                for worker in workers(client, context.bus):
                    group.create_task(worker.run())
        except* Exception as errors:
            log.exception("worker.stopped", errors=[repr(error) for error in errors.exceptions])
            await asyncio.sleep(NOUVEL_ESSAI_SECONDES)
