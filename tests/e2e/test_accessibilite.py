"""Every page, for every reader, at desktop and phone widths, without an accessibility violation."""

import pytest

from tests.e2e.conftest import Visiter

# A whole journey, or every page: minutes on a machine that does something else besides.
pytestmark = pytest.mark.timeout(300)

PAGES = [
    (None, "/connexion"),
    (None, "/verification"),
    (None, "/verification/CV-2222-2222"),
    (None, "/accessibilite"),
    (None, "/avis/un-lien-inconnu"),
    (None, "/une-page-inconnue"),
    ("claire.lebris", "/"),
    ("claire.lebris", "/sessions"),
    ("claire.lebris", "/sessions?q=marches"),
    ("claire.lebris", "/inscriptions"),
    ("solene.morvan", "/"),
    ("solene.morvan", "/inscriptions"),
    ("solene.morvan", "/circuit"),
    ("gwenaelle.legoff", "/"),
    ("gwenaelle.legoff", "/sessions"),
    ("helene.marchand", "/"),
    ("isabelle.rouxel", "/"),
]


@pytest.mark.parametrize("largeur", [1280, 375])
async def test_pages_have_no_violation(visiter: Visiter, largeur: int) -> None:
    visites = {identifiant: await visiter(identifiant, largeur=largeur) for identifiant in {identifiant for identifiant, _ in PAGES}}
    for identifiant, chemin in PAGES:
        visite = visites[identifiant]
        await visite.aller(chemin)
        await visite.conforme()
        debordement = await visite.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert debordement <= 0, f"{chemin} overflows by {debordement} px at {largeur} px"


async def test_the_keyboard_alone_reaches_the_content(visiter: Visiter) -> None:
    visite = await visiter("claire.lebris")
    await visite.page.keyboard.press("Tab")
    assert await visite.page.evaluate("document.activeElement.textContent.trim()") == "Aller au contenu"
    await visite.page.keyboard.press("Enter")
    assert await visite.page.evaluate("document.activeElement.id") == "contenu"
