"""The pages on canned APIs: somebody logged in, in a browser without JavaScript."""

import copy
import html
import re
from collections.abc import AsyncIterator, Callable
from functools import cache

import httpx
import pytest
from fastapi import FastAPI
from starlette.datastructures import State

from services.web.main import assembler, create_app
from services.web.settings import Settings
from tests.unit.web.reponses import JSON, ApiFactice, CoffreEnMemoire, acteur

ADRESSE = "https://iel.example"

SETTINGS = Settings(
    port=1,
    nats_url="nats://127.0.0.1:1",
    jwks_url="https://iel.example/jwks.json",
    public_url=ADRESSE,
    api_url="https://api.example",
    temporal_ui_url="https://temporal.example",
)


class Navigateur:
    """A browser without JavaScript: cookies, forms, no script."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http

    async def voir(self, chemin: str) -> httpx.Response:
        return await self.http.get(chemin, follow_redirects=True)

    async def envoyer(self, page: str, action: str, /, **champs: str | list[str]) -> httpx.Response:
        """Open `page`, fill the form that posts to `action`, send it."""
        contenu = (await self.voir(page)).text
        formulaire = next(bloc for bloc in re.findall(r"<form.*?</form>", contenu, re.DOTALL) if f'method="post" action="{action}"' in bloc)
        trouves = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', formulaire)
        caches = {nom: html.unescape(valeur) for nom, valeur in trouves}
        return await self.http.post(action, data={**caches, **champs}, headers={"Origin": ADRESSE})

    async def se_connecter(self, suite: str = "/") -> httpx.Response:
        return await self.envoyer(f"/connexion?suite={suite}", "/connexion", identifiant="claire.lebris", mot_de_passe="secret")


@cache
def application() -> FastAPI:
    """The routes, which cost more than a page: made once. What a process holds is its own copy's."""
    return create_app(SETTINGS)


@pytest.fixture
def coffre() -> CoffreEnMemoire:
    return CoffreEnMemoire()


@pytest.fixture
def qui() -> JSON:
    """Who logs in; a test module says otherwise."""
    return acteur("agent")


@pytest.fixture
def api(qui: JSON) -> ApiFactice:
    return ApiFactice(qui)


@pytest.fixture
def ouvrir(coffre: CoffreEnMemoire) -> Callable[[ApiFactice], Navigateur]:
    """A new web process, and a browser before it."""

    def nouveau(api: ApiFactice) -> Navigateur:
        app = copy.copy(application())
        app.state = State({**application().state._state, "web": assembler(SETTINGS, coffre, api.transport())})
        return Navigateur(httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ADRESSE))

    return nouveau


@pytest.fixture
async def navigateur(api: ApiFactice, ouvrir: Callable[[ApiFactice], Navigateur]) -> AsyncIterator[Navigateur]:
    navigateur = ouvrir(api)
    async with navigateur.http:
        yield navigateur


@pytest.fixture
async def connecte(navigateur: Navigateur) -> Navigateur:
    await navigateur.se_connecter()
    return navigateur
