"""A second factor added, asked, and enough to log in, in a browser with a virtual passkey."""

import re

import pyotp
from playwright.async_api import Page

from services.kit.clock import now
from tests.e2e.conftest import Visite, Visiter
from tests.parcours import MOT_DE_PASSE

PAGE = "/mon-compte/second-facteur"
QUI = "nolwenn.quere"


async def cle_virtuelle(page: Page) -> None:
    cdp = await page.context.new_cdp_session(page)
    await cdp.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    await cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})


async def donner_le_mot_de_passe(visite: Visite) -> None:
    await visite.aller("/connexion")
    await visite.page.get_by_label("Identifiant").fill(QUI)
    await visite.page.get_by_label("Mot de passe").fill(MOT_DE_PASSE)
    await visite.bouton("Se connecter")


async def test_an_application_a_passkey_and_their_logins(visiter: Visiter) -> None:
    visite = await visiter(QUI)
    page = visite.page
    await cle_virtuelle(page)
    await visite.aller(PAGE)
    await visite.bouton("Ajouter une application")
    await visite.conforme()
    secret = await page.locator("code").inner_text()
    await page.get_by_label("Code que montre l’application").fill(pyotp.TOTP(secret).at(now()))
    await visite.bouton("Enregistrer cette application")
    codes = await page.locator("code").all_inner_texts()
    assert len(codes) == 10
    await visite.conforme()

    await visite.aller(PAGE)
    await page.get_by_label("Nom de la clé à ajouter").fill("Ma clé")
    await page.get_by_role("button", name="Ajouter une clé d’accès").click()
    await page.wait_for_url(re.compile("fait=ajoute"))
    assert "Ma clé" in await visite.texte()
    await visite.conforme()

    await visite.bouton("Se déconnecter")
    await donner_le_mot_de_passe(visite)
    await visite.conforme()
    await page.get_by_role("button", name="Employer ma clé d’accès").click()
    await page.get_by_role("button", name="Se déconnecter").click()

    await page.get_by_role("button", name="Me connecter avec une clé d’accès").click()
    await page.get_by_role("button", name="Se déconnecter").wait_for()

    ailleurs = await visiter(javascript=False)
    await donner_le_mot_de_passe(ailleurs)
    await ailleurs.page.get_by_label("Code", exact=True).fill(codes[0])
    await ailleurs.bouton("Confirmer")
    assert await ailleurs.page.get_by_role("button", name="Se déconnecter").count() == 1
