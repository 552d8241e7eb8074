"""Pages from templates: the Jinja environment, and answers that suit a browser as well as htmx."""

import hashlib
from datetime import datetime
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from services.contracts.acteur import Role
from services.contracts.inscriptions import EtapeCourante, Etat, Issue, NatureDecision, SensAvis
from services.kit import french
from services.kit.clock import now
from services.web import csrf, formats
from services.web.acces import COOKIE_TEMOIN, Visiteur, poser_cookie, web_de
from services.web.saisie import VIERGE

ICI = Path(__file__).resolve().parent
STATIQUE = ICI / "static"
UN_AN = 31_536_000


class Statique(StaticFiles):
    """Our files: kept by browsers for as long as their address holds their version."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        versionne = scope.get("query_string", b"").startswith(b"v=")
        response.headers["Cache-Control"] = f"public, max-age={UN_AN}, immutable" if versionne else "public, max-age=300"
        return response


@cache
def version_statique() -> str:
    """Changes when any static file does."""
    somme = hashlib.sha256()
    for fichier in sorted(STATIQUE.rglob("*")):
        if fichier.is_file():
            somme.update(fichier.name.encode() + fichier.read_bytes())
    return somme.hexdigest()[:12]


def statique(chemin: str) -> str:
    return f"/static/{chemin}?v={version_statique()}"


def _anciennete(instant: datetime) -> str:
    return formats.anciennete(instant, now())


def _urgence(instant: datetime) -> str:
    return formats.urgence(instant, now())


@cache
def environnement() -> Environment:
    env = Environment(
        loader=FileSystemLoader(ICI / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    env.globals.update(
        statique=statique,
        parcours=formats.parcours,
        Etat=Etat,
        EtapeCourante=EtapeCourante,
        Issue=Issue,
        NatureDecision=NatureDecision,
        Role=Role,
        SensAvis=SensAvis,
        APPARENCES=formats.ETATS,
        APPARENCES_AVIS=formats.AVIS,
        LIBELLES_ETATS=formats.LIBELLES_ETATS,
    )
    env.filters.update(
        accord=formats.accord,
        anciennete=_anciennete,
        canal=formats.canal,
        date_longue=french.date_longue,
        delai=formats.delai,
        ecart=formats.ecart,
        etat_en_mots=formats.etat_en_mots,
        icone_du_fait=formats.icone_du_fait,
        instant_long=french.instant_long,
        nombre=french.nombre,
        periode=formats.periode,
        regroupement=formats.regroupement,
        role=formats.role,
        signature=formats.signature,
        urgence=_urgence,
    )
    return env


def page(request: Request, gabarit: str, *, statut: int = HTTPStatus.OK, formulaire_public: bool = False, **valeurs: Any) -> HTMLResponse:
    """An HTML page. `formulaire_public`: it holds a form for people who are not logged in."""
    visiteur: Visiteur | None = getattr(request.state, "visiteur", None)
    contexte: dict[str, Any] = {
        "request": request,
        "visiteur": visiteur,
        "maintenant": now(),
        "saisie": VIERGE,
        "csrf": visiteur.session.csrf if visiteur else "",
    }
    temoin = None
    if formulaire_public:
        temoin = request.cookies.get(COOKIE_TEMOIN) or csrf.nouveau_temoin()
        contexte["csrf"] = csrf.jeton_du_temoin(temoin, web_de(request).settings.cle_des_formulaires)
    corps = environnement().get_template(gabarit).render(contexte | valeurs)
    response = HTMLResponse(corps, statut)
    if temoin is not None:
        poser_cookie(response, COOKIE_TEMOIN, temoin)
    return response


def par_htmx(request: Request) -> bool:
    return request.headers.get("hx-request") == "true"


def vers(request: Request, adresse: str) -> Response:
    """Go to another of our pages, after a form or for want of a session."""
    if par_htmx(request):
        return Response(status_code=HTTPStatus.NO_CONTENT, headers={"HX-Redirect": adresse})
    return RedirectResponse(adresse, HTTPStatus.SEE_OTHER)
