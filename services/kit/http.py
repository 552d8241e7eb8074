"""What endpoints declare to FastAPI: context, transaction, idempotency key; and problems as RFC 9457 answers."""

from collections.abc import AsyncIterator
from typing import Annotated

from asgi_correlation_id import correlation_id
from fastapi import Depends, FastAPI, Header, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.exceptions import HTTPException

from services.kit.context import Context
from services.kit.logs import get_logger
from services.kit.problems import FieldError, Invalid, NotFound, Problem, Unavailable

log = get_logger(__name__)

MESSAGES = {
    "missing": "Ce champ est obligatoire.",
    "string_too_short": "Ce texte est trop court\N{NARROW NO-BREAK SPACE}: {min_length} caractères au moins.",
    "string_too_long": "Ce texte est trop long\N{NARROW NO-BREAK SPACE}: {max_length} caractères au plus.",
    "uuid_parsing": "Cet identifiant n’a pas la forme attendue.",
    "enum": "Choisissez l’une des valeurs proposées\N{NO-BREAK SPACE}: {expected}.",
    "literal_error": "Choisissez l’une des valeurs proposées\N{NO-BREAK SPACE}: {expected}.",
    "int_parsing": "Écrivez un nombre entier.",
    "bool_parsing": "Répondez par oui ou par non.",
    "greater_than_equal": "La valeur doit être au moins {ge}.",
    "less_than_equal": "La valeur doit être au plus {le}.",
    "json_invalid": "Le corps de la requête n’est pas du JSON valable.",
}


def context_of(request: Request) -> Context:
    context: Context = request.app.state.context
    return context


Ctx = Annotated[Context, Depends(context_of)]


async def _transaction(context: Ctx) -> AsyncIterator[AsyncSession]:
    async with context.database.transaction() as session:
        yield session


# scope="function": the commit comes before the answer leaves, so that nobody is told of what was not kept.
Tx = Annotated[AsyncSession, Depends(_transaction, scope="function")]


def _idempotency_key(idempotency_key: Annotated[str | None, Header(max_length=200)] = None) -> str:
    if not idempotency_key:
        raise Problem(
            "cle-d-idempotence-absente",
            "L’en-tête Idempotency-Key est obligatoire.",
            detail="Envoyez une valeur unique par demande (un UUID, par exemple) et renvoyez la même si vous réessayez.",
        )
    return idempotency_key


IdempotencyKey = Annotated[str, Depends(_idempotency_key)]


def problem_response(request: Request, problem: Problem) -> JSONResponse:
    headers = {"Retry-After": str(problem.retry_after)} if problem.retry_after is not None else {}
    if problem.status == 401:  # noqa: PLR2004 -- the status says it
        headers["WWW-Authenticate"] = "Bearer"
    body = problem.body(request.url.path, correlation_id.get())
    return JSONResponse(body.model_dump(exclude_none=True), problem.status, headers, media_type="application/problem+json")


def install_problems(app: FastAPI) -> None:
    """Every error of the service leaves as `application/problem+json`, in French."""

    @app.exception_handler(Problem)
    async def on_problem(request: Request, problem: Problem) -> JSONResponse:
        return problem_response(request, problem)

    @app.exception_handler(RequestValidationError)
    async def on_invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        return problem_response(request, Invalid("La saisie est à corriger.", errors=[_field_error(e) for e in error.errors()]))

    @app.exception_handler(HTTPException)
    async def on_http(request: Request, error: HTTPException) -> JSONResponse:
        if error.status_code == 404:  # noqa: PLR2004 -- the status says it
            return problem_response(request, NotFound("Cette adresse n’existe pas."))
        return problem_response(request, Problem("requete-refusee", "La requête est refusée.", status=error.status_code))

    @app.exception_handler(OperationalError)
    @app.exception_handler(PoolTimeoutError)
    async def on_database_down(request: Request, error: Exception) -> JSONResponse:
        log.error("database.unavailable", error=type(error).__name__)
        return problem_response(request, Unavailable("La base de données ne répond pas pour le moment.", detail="Réessayez."))

    @app.exception_handler(Exception)
    async def on_bug(request: Request, error: Exception) -> JSONResponse:
        log.error("http.failed", path=request.url.path, exc_info=error)
        return problem_response(
            request,
            Problem("erreur-interne", "Une erreur est survenue de notre côté.", status=500, detail="Elle a été notée."),
        )


def _field_error(error: dict[str, object]) -> FieldError:
    location = error.get("loc", ())
    parts = [str(part) for part in location] if isinstance(location, tuple) else []
    champ = ".".join(parts[1:]) if parts and parts[0] in {"body", "query", "path", "header"} else ".".join(parts)
    context = error.get("ctx")
    template = MESSAGES.get(str(error.get("type")), "Cette valeur n’est pas acceptée.")
    if error.get("type") == "value_error" and isinstance(context, dict):
        # Raised by a validator of ours, whose sentence is French already.
        template = str(context.get("error", template))
    elif isinstance(context, dict):
        template = template.format_map(context)
    return FieldError(champ=champ, message=template)
