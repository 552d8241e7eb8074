"""What endpoints declare to FastAPI: context, transaction, idempotency key; and problems as RFC 9457 answers."""

import re
from collections.abc import AsyncIterator
from typing import Annotated

from asgi_correlation_id import correlation_id
from fastapi import Depends, FastAPI, Header, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DataError
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.kit.context import Context
from services.kit.database import OUTAGES
from services.kit.logs import get_logger
from services.kit.problems import FieldError, Invalid, NotFound, Problem, Unavailable

log = get_logger(__name__)

MESSAGES = {
    "missing": "Ce champ est obligatoire.",
    "string_type": "Écrivez un texte.",
    "string_too_short": "Ce texte est trop court\N{NO-BREAK SPACE}: {min_length} au moins.",
    "string_too_long": "Ce texte est trop long\N{NO-BREAK SPACE}: {max_length} au plus.",
    "uuid_parsing": "Cet identifiant n’a pas la forme attendue.",
    "enum": "Choisissez l’une des valeurs proposées\N{NO-BREAK SPACE}: {expected}.",
    "literal_error": "Choisissez l’une des valeurs proposées\N{NO-BREAK SPACE}: {expected}.",
    "int_parsing": "Écrivez un nombre entier.",
    "bool_parsing": "Répondez par oui ou par non.",
    "date_from_datetime_parsing": "Écrivez une date, comme 2027-03-01.",
    "date_parsing": "Écrivez une date, comme 2027-03-01.",
    "greater_than_equal": "La valeur doit être au moins {ge}.",
    "less_than_equal": "La valeur doit être au plus {le}.",
    "json_invalid": "Le corps de la requête n’est pas du JSON valable.",
}


REFUSALS = {
    404: NotFound("Cette adresse n’existe pas."),
    405: Problem("methode-refusee", "Cette adresse ne se prête pas à cette opération.", status=405),
}
LONGEST_CORRELATION = 100


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
    app.add_middleware(Bugs)

    @app.exception_handler(Problem)
    async def on_problem(request: Request, problem: Problem) -> JSONResponse:
        return problem_response(request, problem)

    @app.exception_handler(RequestValidationError)
    async def on_invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        return problem_response(request, Invalid("La saisie est à corriger.", errors=[_field_error(e) for e in error.errors()]))

    @app.exception_handler(HTTPException)
    async def on_http(request: Request, error: HTTPException) -> JSONResponse:
        problem = REFUSALS.get(error.status_code)
        if problem is None:
            problem = Problem("requete-refusee", "La requête est refusée.", status=error.status_code)
        response = problem_response(request, problem)
        response.headers.update(error.headers or {})
        return response

    @app.exception_handler(DataError)
    async def on_data(request: Request, error: DataError) -> JSONResponse:
        # A NUL character in a text, a number beyond bounds: what was sent cannot be a value of the database.
        log.warning("database.refused_value", path=request.url.path, error=type(error.orig).__name__)
        return problem_response(request, Invalid("Une des valeurs envoyées ne peut pas être enregistrée."))

    async def on_database_down(request: Request, error: Exception) -> JSONResponse:
        log.error("database.unavailable", error=type(error).__name__)
        return problem_response(request, Unavailable("La base de données ne répond pas pour le moment.", detail="Réessayez."))

    for outage in OUTAGES:
        app.add_exception_handler(outage, on_database_down)


class Bugs:
    """Answers what no handler foresaw; innermost, so that the answer still gets its correlation id and the server does not log it twice."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception:
            if started:
                raise
            request = Request(scope)
            log.exception("http.failed", path=request.url.path)
            problem = Problem("erreur-interne", "Une erreur est survenue de notre côté.", status=500, detail="Elle a été notée.")
            await problem_response(request, problem)(scope, receive, send)


def correlation_is_valid(value: str) -> bool:
    """One that comes from outside goes to logs, rows and messages: it is short and plain, or replaced."""
    return len(value) <= LONGEST_CORRELATION and value.isascii() and value.isprintable()


def _field_error(error: dict[str, object]) -> FieldError:
    location = error.get("loc", ())
    parts = [str(part) for part in location] if isinstance(location, tuple) else []
    if parts and parts[0] in {"body", "query", "path", "header"}:
        parts = parts[1:]
    kind, context = str(error.get("type")), error.get("ctx")
    if kind == "json_invalid":
        # Its location is a place in the text, no field.
        parts = []
    message = MESSAGES.get(kind, "Cette valeur n’est pas acceptée.")
    if isinstance(context, dict):
        # A `value_error` was raised by a validator of ours, whose sentence is French already.
        message = str(context.get("error")) if kind == "value_error" else message.format_map(_in_french(context))
    return FieldError(champ=".".join(parts), message=message)


def _in_french(context: dict[str, object]) -> dict[str, object]:
    """What Pydantic tells of an error, as it reads in a French sentence."""
    said = dict(context)
    for length in ("min_length", "max_length"):
        if length in said:
            said[length] = f"{said[length]} caractère{'' if said[length] in {0, 1} else 's'}"
    if "expected" in said:
        *firsts, last = re.findall("'([^']*)'", str(said["expected"])) or [str(said["expected"])]
        said["expected"] = f"{', '.join(firsts)} ou {last}" if firsts else last
    return said
