"""How a circuit acts on the world: short effects, and the documents. The mails are in `courrier`.

An effect is a request to the service that owns the data, carried by the activity of the same name, idempotent by key, tried
until it answers. The circuit never falls because of a service: what a service refuses is an anomaly, shown to the operators
and tried again later. Only a person's decision may be refused, by `appliquer`.
"""

from datetime import datetime, timedelta
from typing import TypeVar

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError

with workflow.unsafe.imports_passed_through():
    from services.contracts.base import Message, Request
    from services.contracts.documents import DocumentProduit, ProduireConvocation
    from services.contracts.inscriptions import Delai, EtapeAvis
    from workflows.calendrier import Echeance
    from workflows.messages import CalculerEcheance, CalculerRappel, Rappel
    from workflows.noms import FILE_DOCUMENTS

ReplyT = TypeVar("ReplyT", bound=Message)

TENACE = RetryPolicy(initial_interval=timedelta(milliseconds=200), maximum_interval=timedelta(minutes=1))
PATIENT = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=5))

# Beyond this wait the retry is a timer of the workflow, so that decisions are heard meanwhile.
ATTENTE_SUR_PLACE = timedelta(milliseconds=500)
APRES_ANOMALIE = timedelta(minutes=5)


async def appliquer(request: Request[ReplyT], resume: str) -> ReplyT:
    """The effect, or the ApplicationError that tells why the service refuses it; waits as long as nobody answers."""
    reply: type[ReplyT] = type(request).reply  # type: ignore[assignment]
    try:
        fait: ReplyT = await workflow.execute_local_activity(
            type(request).__name__,
            request,
            result_type=reply,
            start_to_close_timeout=timedelta(seconds=10),
            retry_policy=TENACE,
            local_retry_threshold=ATTENTE_SUR_PLACE,
            summary=resume,
        )
    except ActivityError as error:
        if isinstance(error.cause, ApplicationError):
            raise error.cause from None
        raise
    return fait


async def obtenir(request: Request[ReplyT], resume: str, refus_admis: str | None = None) -> ReplyT:
    """The effect, whatever it takes. Only the refusal of type `refus_admis` is raised, as an ApplicationError."""
    while True:
        try:
            return await appliquer(request, resume)
        except ApplicationError as refus:
            if refus_admis is not None and refus.type == refus_admis:
                raise
            await _patienter_apres_anomalie(resume, refus)


async def calculer_echeance(etapes: tuple[EtapeAvis, ...], departement: str, date_limite: datetime) -> Echeance:
    """When the first of the steps that remain ends: an absolute instant, which no later table of holidays can change."""
    demande = CalculerEcheance(depart=workflow.now(), etapes=etapes, departement=departement, date_limite=date_limite)
    echeance: Echeance = await workflow.execute_local_activity(
        CalculerEcheance.__name__,
        demande,
        result_type=Echeance,
        start_to_close_timeout=timedelta(seconds=10),
        retry_policy=TENACE,
        summary="calcul de l’échéance",
    )
    return echeance


async def calculer_rappel(delai: Delai, departement: str) -> datetime:
    """When the next reminder leaves, counted from now: an absolute instant."""
    demande = CalculerRappel(depart=workflow.now(), delai=delai, departement=departement)
    rappel: Rappel = await workflow.execute_local_activity(
        CalculerRappel.__name__,
        demande,
        result_type=Rappel,
        start_to_close_timeout=timedelta(seconds=10),
        retry_policy=TENACE,
        summary="calcul du prochain rappel",
    )
    return rappel.le


async def produire(request: ProduireConvocation) -> DocumentProduit:
    """The convocation, tried for ever with a growing wait: a PDF that fails undoes no decision."""
    while True:
        try:
            document: DocumentProduit = await workflow.execute_activity(
                type(request).__name__,
                request,
                result_type=DocumentProduit,
                task_queue=FILE_DOCUMENTS,
                start_to_close_timeout=timedelta(minutes=1),
                retry_policy=PATIENT,
                summary="fabrication de la convocation",
            )
        except ActivityError as error:
            await _patienter_apres_anomalie("fabrication de la convocation", error.cause or error)
        else:
            return document


async def _patienter_apres_anomalie(resume: str, error: BaseException) -> None:
    workflow.logger.error("circuit.anomalie", extra={"effet": resume, "type": getattr(error, "type", None)})
    await workflow.sleep(APRES_ANOMALIE, summary=f"anomalie, nouvel essai : {resume}")
