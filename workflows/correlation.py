"""One correlation id from the HTTP request to the last activity: carried through Temporal by its headers."""

from collections.abc import Mapping, MutableMapping
from typing import Any

import temporalio.client
import temporalio.worker
from asgi_correlation_id import correlation_id
from temporalio.api.common.v1 import Payload
from temporalio.converter import DataConverter

EN_TETE = "correlation-id"

_CONVERTER = DataConverter.default.payload_converter


def courante() -> str:
    return correlation_id.get() or ""


def adopter(correlation: str) -> None:
    """What this task does from now on is logged and sent under this id."""
    correlation_id.set(correlation)


def _lire(headers: Mapping[str, Payload]) -> None:
    if EN_TETE in headers:
        adopter(_CONVERTER.from_payload(headers[EN_TETE], str))


def _ecrire(headers: Mapping[str, Payload]) -> MutableMapping[str, Payload]:
    return {**headers, EN_TETE: _CONVERTER.to_payload(courante())}


class Correlation(temporalio.client.Interceptor, temporalio.worker.Interceptor):
    """Given to the client; its workers inherit it."""

    def intercept_client(self, next: temporalio.client.OutboundInterceptor) -> temporalio.client.OutboundInterceptor:  # noqa: A002 -- Temporal's name
        return _Client(next)

    def intercept_activity(self, next: temporalio.worker.ActivityInboundInterceptor) -> temporalio.worker.ActivityInboundInterceptor:  # noqa: A002
        return _Activity(next)

    def workflow_interceptor_class(
        self,
        input: temporalio.worker.WorkflowInterceptorClassInput,  # noqa: A002, ARG002
    ) -> type[temporalio.worker.WorkflowInboundInterceptor]:
        return _Workflow


class _Client(temporalio.client.OutboundInterceptor):
    async def start_workflow(self, input: temporalio.client.StartWorkflowInput) -> temporalio.client.WorkflowHandle[Any, Any]:  # noqa: A002
        input.headers = _ecrire(input.headers)
        return await super().start_workflow(input)

    async def start_workflow_update(
        self,
        input: temporalio.client.StartWorkflowUpdateInput,  # noqa: A002
    ) -> temporalio.client.WorkflowUpdateHandle[Any]:
        input.headers = _ecrire(input.headers)
        return await super().start_workflow_update(input)


class _Workflow(temporalio.worker.WorkflowInboundInterceptor):
    def init(self, outbound: temporalio.worker.WorkflowOutboundInterceptor) -> None:
        super().init(_WorkflowOutbound(outbound))

    async def execute_workflow(self, input: temporalio.worker.ExecuteWorkflowInput) -> Any:  # noqa: A002
        _lire(input.headers)
        return await super().execute_workflow(input)

    async def handle_update_handler(self, input: temporalio.worker.HandleUpdateInput) -> Any:  # noqa: A002
        _lire(input.headers)
        return await super().handle_update_handler(input)


class _WorkflowOutbound(temporalio.worker.WorkflowOutboundInterceptor):
    def start_activity(self, input: temporalio.worker.StartActivityInput) -> Any:  # noqa: A002
        input.headers = _ecrire(input.headers)
        return super().start_activity(input)

    def start_local_activity(self, input: temporalio.worker.StartLocalActivityInput) -> Any:  # noqa: A002
        input.headers = _ecrire(input.headers)
        return super().start_local_activity(input)


class _Activity(temporalio.worker.ActivityInboundInterceptor):
    async def execute_activity(self, input: temporalio.worker.ExecuteActivityInput) -> Any:  # noqa: A002
        _lire(input.headers)
        return await super().execute_activity(input)
