"""Names that must be the same everywhere: workflow ids, task queues, search attributes. Built here and nowhere else."""

from uuid import UUID

from temporalio.common import SearchAttributeKey

CIRCUIT = "CircuitInscription"
OUVERTURE = "OuvertureCollectivite"

FILE_CIRCUITS = "circuits"
"""Workflows and their short effects (local activities)."""
FILE_DOCUMENTS = "documents"
FILE_MESSAGES = "messages"

COLLECTIVITE = SearchAttributeKey.for_keyword("Collectivite")
SESSION = SearchAttributeKey.for_keyword("Session")
ETAPE = SearchAttributeKey.for_keyword("Etape")
ECHEANCE_LE = SearchAttributeKey.for_datetime("EcheanceLe")
RETARD = SearchAttributeKey.for_bool("Retard")
ATTRIBUTS = (COLLECTIVITE, SESSION, ETAPE, ECHEANCE_LE, RETARD)


def id_ouverture(ouverture_id: UUID) -> str:
    return f"ouverture:{ouverture_id}"


def id_circuit(inscription_id: UUID) -> str:
    return f"inscription:{inscription_id}"
