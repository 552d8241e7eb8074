"""Liveness, readiness and metrics: for the launcher and the orchestrator, never through the gateway."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from services.kit.problems import Unavailable

Check = Callable[[], Awaitable[None]]
CHECK_SECONDS = 3.0


def health_router(checks: Mapping[str, Check]) -> APIRouter:
    """`/health/ready` answers 200 only when every check passes; otherwise 503 with the names of those that do not."""
    router = APIRouter(include_in_schema=False)

    @router.get("/health/live")
    async def live() -> dict[str, str]:
        return {"etat": "vivant"}

    @router.get("/health/ready")
    async def ready(_: Request) -> dict[str, str]:
        outcomes = await asyncio.gather(*(asyncio.wait_for(check(), CHECK_SECONDS) for check in checks.values()), return_exceptions=True)
        failing = [name for name, outcome in zip(checks, outcomes, strict=True) if isinstance(outcome, BaseException)]
        if failing:
            raise Unavailable("Le service n’est pas prêt.", slug="pas-pret", detail="Ne répond pas : " + ", ".join(failing), retry_after=1)
        return {"etat": "pret"}

    @router.get("/metrics")
    async def metrics() -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return router
