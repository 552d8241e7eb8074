"""The life of an account in a browser: the letter of its code, its suspension as its people read it, its return."""

import httpx

from tests.e2e.conftest import Visite, Visiter
from tests.e2e.test_ouverture import remplir

BLEUENN = "bleuenn.bernard"
"""The gestionnaire of Kermelen."""
MOTIF = "Fusion de la commune au 1er janvier."
INVITEE = {
    "siret": "21359020100009",
    "nom": "Commune de Tréméloir",
    "departement": "35",
    "email": "mairie@tremeloir.example",
    "adresse": "1, place de l’Église",
    "code_postal": "35590",
    "ville": "Tréméloir",
}


async def test_the_letter_of_the_code_is_a_pdf_that_no_cache_keeps(visiter: Visiter) -> None:
    conseillere = await visiter("gwenaelle.legoff")
    await conseillere.aller("/ouvertures")
    await conseillere.conforme()
    await remplir(conseillere, INVITEE)
    await conseillere.bouton("Remettre les codes")
    await conseillere.conforme()
    adresse = await conseillere.page.get_by_role("link", name="Ouvrir la lettre du code (PDF)").get_attribute("href")
    lettre = await conseillere.page.request.get(conseillere.url + str(adresse))
    assert (lettre.status, lettre.headers["content-type"]) == (httpx.codes.OK, "application/pdf")
    assert lettre.headers["cache-control"] == "no-store"
    assert (await lettre.body()).startswith(b"%PDF")


async def test_suspended_then_reopened(visiter: Visiter) -> None:
    conseillere = await visiter("gwenaelle.legoff")
    await conseillere.aller("/collectivites?q=kermelen")
    await conseillere.conforme()
    await conseillere.page.locator("main ul a").first.click()
    await conseillere.bouton("Suspendre le compte")
    assert "Écrivez le motif" in await conseillere.texte()
    await conseillere.conforme()
    await changer(conseillere, "Suspendre le compte")
    try:
        gestionnaire = await visiter(BLEUENN)
        texte = await gestionnaire.texte()
        assert "Le compte de votre collectivité est suspendu" in texte
        assert MOTIF in texte
        await gestionnaire.conforme()
    finally:
        await changer(conseillere, "Rouvrir le compte")
    await conseillere.conforme()
    assert "Ce qui m’attend aujourd’hui" in await (await visiter(BLEUENN)).texte()


async def changer(conseillere: Visite, bouton: str) -> None:
    await conseillere.page.get_by_label("Motif").fill(MOTIF)
    await conseillere.bouton(bouton)
