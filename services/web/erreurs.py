"""Whatever goes wrong becomes a page that says, in French, what happened and what to do; what was typed is shown again."""

from http import HTTPStatus
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.kit.http import problem_response
from services.kit.logs import get_logger
from services.kit.problems import NotFound, Problem
from services.web.acces import COOKIE_SESSION, ConnexionRequiseError, SecondFacteurAttenduError, retirer_cookie, web_de
from services.web.rendu import page, par_htmx, vers

log = get_logger(__name__)

POUR_LES_PROGRAMMES = ("/health", "/metrics")

CONSEILS: dict[int, str] = {
    HTTPStatus.FORBIDDEN: "Si vous pensez que cette page devrait vous être ouverte, adressez-vous à votre service formation.",
    HTTPStatus.NOT_FOUND: "L’adresse est peut-être incomplète, ou la page a été retirée.",
    HTTPStatus.SERVICE_UNAVAILABLE: "Le service revient de lui-même. Rien de ce que vous avez déjà enregistré n’est perdu.",
}


def page_d_erreur(request: Request, problem: Problem) -> Response:
    response = page(
        request,
        "erreur.html",
        statut=problem.status,
        probleme=problem,
        conseil=CONSEILS.get(problem.status, ""),
        textes=getattr(request.state, "textes", []),
    )
    if problem.retry_after is not None:
        response.headers["Retry-After"] = str(problem.retry_after)
    if par_htmx(request):
        response.headers["HX-Retarget"] = response.headers["HX-Reselect"] = "#contenu"
        response.headers["HX-Reswap"] = "outerHTML"
    return response


def a_connecter(request: Request) -> Response:
    """Log in, then come back here. What was about to be sent is shown, so that it can be copied."""
    ici = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    textes = getattr(request.state, "textes", [])
    if request.method == "GET" or not textes:
        retour = ici if request.method == "GET" else _page_du_formulaire(request)
        response = vers(request, "/connexion" + ("" if retour == "/" else f"?suite={quote(retour)}"))
    else:
        response = page(
            request,
            "connexion.html",
            statut=HTTPStatus.UNAUTHORIZED,
            formulaire_public=True,
            suite=_page_du_formulaire(request),
            textes=textes,
            interrompu=True,
            tiers=web_de(request).tiers.connu,
        )
        if par_htmx(request):
            response.headers["HX-Retarget"] = response.headers["HX-Reselect"] = "#contenu"
            response.headers["HX-Reswap"] = "outerHTML"
    if COOKIE_SESSION in request.cookies:
        retirer_cookie(response, COOKIE_SESSION)
    return response


def _page_du_formulaire(request: Request) -> str:
    """The page that shows what `…/<id>/validation` acts upon."""
    morceaux = request.url.path.strip("/").split("/")
    return "/" + "/".join(morceaux[:2])


def installer_les_erreurs(app: FastAPI) -> None:
    @app.exception_handler(ConnexionRequiseError)
    async def on_nobody(request: Request, _: ConnexionRequiseError) -> Response:
        return a_connecter(request)

    @app.exception_handler(SecondFacteurAttenduError)
    async def on_second_factor(request: Request, _: SecondFacteurAttenduError) -> Response:
        return vers(request, "/mon-compte/second-facteur")

    @app.exception_handler(Problem)
    async def on_problem(request: Request, problem: Problem) -> Response:
        if request.url.path.startswith(POUR_LES_PROGRAMMES):
            return problem_response(request, problem)
        if problem.status == HTTPStatus.UNAUTHORIZED:
            return a_connecter(request)
        return page_d_erreur(request, problem)

    @app.exception_handler(RequestValidationError)
    async def on_invalid(request: Request, _: RequestValidationError) -> Response:
        # Pages check what is typed themselves: only an address can be malformed here.
        return page_d_erreur(request, NotFound("Cette page n’existe pas."))

    @app.exception_handler(HTTPException)
    async def on_http(request: Request, error: HTTPException) -> Response:
        if error.status_code in {HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED}:
            return page_d_erreur(request, NotFound("Cette page n’existe pas."))
        return page_d_erreur(request, Problem("requete-refusee", "La demande est refusée.", status=error.status_code))

    # Innermost: a bug becomes a page before the kit makes a problem of it for programs.
    app.user_middleware.append(Middleware(Pannes))


class Pannes:
    """ASGI middleware: a page for what no handler foresaw."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        commencee = False

        async def suivi(message: Message) -> None:
            nonlocal commencee
            commencee = commencee or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, suivi)
        except Exception:
            if scope["type"] != "http" or commencee:
                raise
            request = Request(scope)
            log.exception("web.failed", path=request.url.path)
            problem = Problem("erreur-interne", "Une erreur est survenue de notre côté.", status=500, detail="Elle a été notée.")
            await page_d_erreur(request, problem)(scope, receive, send)
