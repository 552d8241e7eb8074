"""The main job in a browser, through the gateway: from the click of the agent to the convocation in his mailbox."""

import re

import httpx
import pytest

from tests.e2e.conftest import Visite, Visiter
from tests.parcours import Parcours
from tests.servers import RunningStack

# A whole journey, or every page: minutes on a machine that does something else besides.
pytestmark = pytest.mark.timeout(300)

MOTIVATION = "Je reprends la gestion de l’état civil et souhaite sécuriser les actes que je rédige."


async def attendre_le_texte(visite: Visite, attendu: str) -> None:
    """The page follows the request by itself."""
    await visite.page.get_by_text(attendu).first.wait_for(timeout=30_000)


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "sans-javascript"])
async def test_from_the_click_to_the_mailbox(visiter: Visiter, stack: RunningStack, javascript: bool) -> None:
    async with httpx.AsyncClient(base_url=stack.url, timeout=30) as http:
        parcours = await Parcours.commencer(http, "claire.lebris")
        session = await parcours.session_libre()

        agent = await visiter("claire.lebris", javascript=javascript)
        await agent.aller(f"/sessions/{session['id']}")
        for chiffre in ("Effectif attendu", "Inscriptions reçues", "Places disponibles"):
            assert chiffre in await agent.texte()
        await agent.page.get_by_label("Pourquoi cette formation").fill(MOTIVATION)
        await agent.bouton("Déposer ma préinscription")
        await agent.page.wait_for_url("**/inscriptions/*")
        chemin = re.sub(r"\?.*", "", agent.page.url.removeprefix(stack.url))
        parcours.demande = await parcours.agent.lire(f"/api/inscriptions/v1{chemin}")

        superieur = await visiter(javascript=javascript)
        await superieur.aller(f"/avis/{await parcours.lien_d_avis()}")
        assert MOTIVATION in await superieur.texte()
        await superieur.page.get_by_label("Favorable sous réserve").check()
        await superieur.page.locator("[name=commentaire]").fill("Oui, hors de la période électorale.")
        await superieur.bouton("Rendre mon avis")
        await attendre_le_texte(superieur, "Merci")

        gestionnaire = await visiter("solene.morvan", javascript=javascript)
        await parcours.attendre("etape", "validation")
        await gestionnaire.aller(chemin)
        assert "hors de la période électorale" in await gestionnaire.texte()
        await gestionnaire.bouton("Valider et transmettre")
        await parcours.attendre("etape", "instruction")

        conseillere = await visiter("gwenaelle.legoff", javascript=javascript)
        await conseillere.aller(chemin)
        await conseillere.bouton("Accepter et attribuer une place")
        await parcours.attendre("etat", "convoquee")

        for visite in (agent, gestionnaire, conseillere):
            await visite.aller(chemin)
            await attendre_le_texte(visite, "Convocation établie")
            if javascript:
                await visite.conforme()
        journaux = [
            await visite.page.locator("ol", has_text="Préinscription déposée").last.inner_text()
            for visite in (agent, gestionnaire, conseillere)
        ]
        assert journaux[0] == journaux[1] == journaux[2]

        lien = await agent.page.get_by_role("link", name="Télécharger").first.get_attribute("href")
        papier = await agent.page.request.get(stack.url + str(lien))
        assert (papier.status, papier.headers["content-type"]) == (200, "application/pdf")
        assert (await papier.body()).startswith(b"%PDF")
        for adresse in ("claire.lebris", "solene.morvan"):
            courriel = await parcours.courriel("convocation", adresse)
            assert any(piece.endswith(".pdf") for piece in courriel["pieces"])


async def test_what_was_typed_is_kept_when_it_is_refused(visiter: Visiter, stack: RunningStack) -> None:
    async with httpx.AsyncClient(base_url=stack.url, timeout=30) as http:
        session = await (await Parcours.commencer(http, "claire.lebris")).session_libre()
    agent = await visiter("claire.lebris")
    await agent.aller(f"/sessions/{session['id']}")
    champ = agent.page.get_by_label("Pourquoi cette formation")
    await champ.fill("Court")
    await agent.bouton("Déposer ma préinscription")
    await attendre_le_texte(agent, "trop court")
    assert await champ.input_value() == "Court"
    await agent.conforme()


async def test_a_wrong_password_tells_nothing(visiter: Visiter) -> None:
    visite = await visiter()
    await visite.aller("/connexion")
    await visite.page.get_by_label("Identifiant").fill("personne.inconnue")
    await visite.page.get_by_label("Mot de passe").fill("faux")
    await visite.bouton("Se connecter")
    assert await visite.page.get_by_label("Identifiant").input_value() == "personne.inconnue"
    await visite.conforme()


async def test_nobody_reads_the_request_of_another(visiter: Visiter, stack: RunningStack) -> None:
    async with httpx.AsyncClient(base_url=stack.url, timeout=30) as http:
        parcours = await Parcours.commencer(http, "thomas.riou")
        demande = await parcours.deposer()
    for autre in ("claire.lebris", "nolwenn.quere", "gwenaelle.legoff"):
        visite = await visiter(autre)
        reponse = await visite.page.goto(f"{stack.url}/inscriptions/{demande['id']}")
        assert reponse is not None
        assert reponse.status == 404
        await visite.conforme()
