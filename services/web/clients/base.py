"""How the HTTP APIs are called. Whatever goes wrong is raised as a `Problem`, with the errors of its fields."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, BinaryIO, TypeVar

import httpx
from asgi_correlation_id import correlation_id
from pydantic import BaseModel, TypeAdapter, ValidationError

from services.kit.logs import get_logger
from services.kit.problems import Problem, ProblemBody, Unavailable

DELAI = httpx.Timeout(15.0, connect=3.0)
"""A decision may take the ten seconds that the circuit is given."""

SILENCES = frozenset({HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT})

log = get_logger(__name__)

ModelT = TypeVar("ModelT", bound=BaseModel)


def nouveau_client(api_url: str, transport: httpx.AsyncBaseTransport | None = None) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=api_url.rstrip("/") + "/api/", timeout=DELAI, transport=transport)


class Client:
    """The APIs as one person calls them; without a token, as anybody does."""

    def __init__(self, http: httpx.AsyncClient, jeton: str | None = None) -> None:
        self._http = http
        self._jeton = jeton

    async def _lire(self, modele: type[ModelT], methode: str, chemin: str, **demande: Any) -> ModelT:
        reponse = await self._appeler(methode, chemin, **demande)
        return modele.model_validate_json(reponse.content)

    async def _lire_tout(self, modele: type[ModelT], chemin: str, **demande: Any) -> list[ModelT]:
        """A list that comes whole."""
        reponse = await self._appeler("GET", chemin, **demande)
        return TypeAdapter(list[modele]).validate_json(reponse.content)  # type: ignore[valid-type]

    async def _appeler(
        self,
        methode: str,
        chemin: str,
        *,
        json: Mapping[str, Any] | None = None,
        fichier: tuple[str, BinaryIO] | None = None,
        params: Mapping[str, str] | None = None,
        entetes: Mapping[str, str] | None = None,
        cle: str | None = None,
    ) -> httpx.Response:
        headers = {"X-Correlation-Id": correlation_id.get() or "", **(entetes or {})}
        if self._jeton is not None:
            headers["Authorization"] = f"Bearer {self._jeton}"
        if cle is not None:
            headers["Idempotency-Key"] = cle
        renseignes = {nom: valeur for nom, valeur in (params or {}).items() if valeur}
        try:
            files = {"fichier": fichier} if fichier else None
            reponse = await self._http.request(methode, chemin, json=json, files=files, params=renseignes, headers=headers)
        except httpx.HTTPError as erreur:
            log.warning("api.silent", path=chemin.split("/", maxsplit=1)[0], error=type(erreur).__name__)
            raise _silence() from erreur
        if reponse.is_error:
            raise _probleme(reponse)
        return reponse


def _probleme(reponse: httpx.Response) -> Problem:
    try:
        return Problem.from_body(ProblemBody.model_validate_json(reponse.content))
    except ValidationError:
        # Not from a service: the gateway answers for it.
        if reponse.status_code in SILENCES:
            return _silence()
        if reponse.status_code == HTTPStatus.TOO_MANY_REQUESTS:
            detail = "Réessayez dans un instant."
            return Problem("trop-de-requetes", "Trop de demandes se suivent.", status=429, detail=detail, retry_after=5)
        if reponse.status_code == HTTPStatus.NOT_FOUND:
            return Problem("introuvable", "Cette page n’existe pas.", status=404)
        return Problem("reponse-inattendue", "Un service a répondu de façon inattendue.", status=HTTPStatus.BAD_GATEWAY)


def _silence() -> Unavailable:
    return Unavailable("Le service est momentanément indisponible.", detail="Rien n’a été perdu. Réessayez dans quelques instants.")
