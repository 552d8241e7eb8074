"""The mailbox page, read-only, and its JSON for tests and the demonstration."""

from itertools import islice
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, FastAPI, Query, Request, Response
from fastapi.exceptions import HTTPException
from fastapi.responses import HTMLResponse
from fastapi.templating import Jinja2Templates
from markupsafe import Markup, escape

from deploy.local.mailbox.store import LINK, Mail, Store
from services.kit.french import instant_long

PREFIX = "/courrier"
AT_MOST = 200
CONTENT_SECURITY = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'self'"

To = Annotated[str, Query(description="Texte contenu dans une adresse des destinataires")]
Subject = Annotated[str, Query(description="Texte contenu dans l’objet")]


def linked(text: str) -> Markup:
    """The text of a mail with its addresses clickable."""
    parts, end = [], 0
    for found in LINK.finditer(text):
        address = found.group().rstrip(".,;)")
        parts += [escape(text[end : found.start()]), Markup('<a href="{0}">{0}</a>').format(address)]
        end = found.start() + len(address)
    return Markup().join([*parts, escape(text[end:])])


def size(count: int) -> str:
    return f"{max(round(count / 1000), 1)}\u00a0ko"


def build_page(store: Store) -> FastAPI:
    templates = Jinja2Templates(Path(__file__).with_name("templates"))
    templates.env.filters.update(linked=linked, size=size, moment=instant_long)
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    router = APIRouter(prefix=PREFIX)

    @router.get("", response_class=HTMLResponse)
    def listing(request: Request, to: To = "", subject: Subject = "") -> Response:
        mails = list(islice(store.search(to, subject), AT_MOST))
        return templates.TemplateResponse(request, "liste.html", {"mails": mails, "to": to, "subject": subject, "total": len(store.ids())})

    @router.get("/api/messages")
    def as_json(to: To = "", subject: Subject = "") -> list[dict[str, Any]]:
        return [public(mail) for mail in islice(store.search(to, subject), AT_MOST)]

    @router.get("/{identifier}", response_class=HTMLResponse)
    def one(request: Request, identifier: str) -> Response:
        return templates.TemplateResponse(request, "message.html", {"mail": found(identifier)})

    @router.get("/{identifier}/pieces/{rank}")
    def attachment(identifier: str, rank: int) -> Response:
        mail = found(identifier)
        if not 0 <= rank < len(mail.pieces_jointes):
            raise HTTPException(404)
        piece = mail.pieces_jointes[rank]
        kind = "inline" if piece.type_mime == "application/pdf" else "attachment"
        disposition = f"{kind}; filename*=utf-8''{quote(piece.nom)}"
        return Response(piece.contenu, media_type=piece.type_mime, headers={"Content-Disposition": disposition})

    @app.get("/health/ready")
    def ready() -> dict[str, str]:
        return {"etat": "pret"}

    def found(identifier: str) -> Mail:
        mail = store.get(identifier)
        if mail is None:
            raise HTTPException(404, "Ce message n’existe pas.")
        return mail

    @app.middleware("http")
    async def secure(request: Request, call_next: Any) -> Response:
        response: Response = await call_next(request)
        response.headers["Content-Security-Policy"] = CONTENT_SECURITY
        return response

    app.include_router(router)
    return app


def public(mail: Mail) -> dict[str, Any]:
    """A mail for programs."""
    return {
        "id": mail.id,
        "adresse": f"{PREFIX}/{mail.id}",
        "recu_le": mail.recu_le,
        "de": mail.de,
        "a": mail.a,
        "copie": mail.copie,
        "destinataires": mail.destinataires,
        "sujet": mail.objet,
        "texte": mail.texte,
        "html": mail.html,
        "liens": mail.liens,
        "pieces": [piece.nom for piece in mail.pieces_jointes],
        "adresses_des_pieces": [f"{PREFIX}/{mail.id}/pieces/{piece.rang}" for piece in mail.pieces_jointes],
    }
