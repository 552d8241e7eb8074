"""A real browser on the whole stack, and people logged in."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, async_playwright

from tests.parcours import MOT_DE_PASSE
from tests.servers import RunningStack

CHROMIUM = "/usr/bin/chromium"
OPTIONS = ["--no-sandbox", "--disable-background-networking", "--disable-gpu", "--disable-component-update", "--disable-sync"]
REGLES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}}


@pytest.fixture(scope="module")
async def navigateur() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        yield browser
        await browser.close()


@dataclass
class Visite:
    """A page of someone's browser; `conforme` says that what is shown has no accessibility violation."""

    page: Page
    url: str

    async def aller(self, chemin: str) -> None:
        reponse = await self.page.goto(self.url + chemin)
        assert reponse is not None

    async def conforme(self) -> None:
        resultat = await Axe().run(self.page, options=REGLES)
        assert resultat.violations_count == 0, f"{self.page.url}\n{resultat.generate_report()}"

    async def texte(self) -> str:
        return await self.page.locator("main").inner_text()

    async def bouton(self, nom: str) -> None:
        await self.page.get_by_role("button", name=nom, exact=True).click()
        await self.page.wait_for_load_state()


Visiter = Callable[..., Awaitable[Visite]]


@pytest.fixture
async def visiter(navigateur: Browser, stack: RunningStack) -> AsyncIterator[Visiter]:
    """`await visiter("claire.lebris")` logs in; `await visiter()` is nobody. `javascript=False` does without."""
    contextes = []

    async def ouvrir(identifiant: str | None = None, *, javascript: bool = True, largeur: int = 1280) -> Visite:
        contexte = await navigateur.new_context(
            locale="fr-FR", java_script_enabled=javascript, viewport={"width": largeur, "height": 900}, base_url=stack.url
        )
        contextes.append(contexte)
        visite = Visite(await contexte.new_page(), stack.url)
        if identifiant is not None:
            await visite.aller("/connexion")
            await visite.page.get_by_label("Identifiant").fill(identifiant)
            await visite.page.get_by_label("Mot de passe").fill(MOT_DE_PASSE)
            await visite.bouton("Se connecter")
        return visite

    yield ouvrir
    for contexte in contextes:
        await contexte.close()
