"""Acting for another collectivité in a browser: the CDG for a commune without gestionnaire, and every trace says so."""

import re

import httpx
import pytest

from tests.e2e.conftest import Visite, Visiter
from tests.parcours import Insistant, Parcours
from tests.servers import RunningStack

pytestmark = pytest.mark.timeout(300)

SAINT_GWENN = "Commune de Saint-Gwenn-des-Bois"
SIGNATURE = f"Chloé Guillou (CDG 35) pour {SAINT_GWENN}"


async def agir_pour(visite: Visite, organisation: str) -> None:
    await visite.page.get_by_label("J’agis pour").select_option(label=organisation)
    await visite.bouton("Changer")


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "sans-javascript"])
async def test_the_cdg_validates_for_a_commune(visiter: Visiter, stack: RunningStack, javascript: bool) -> None:
    async with httpx.AsyncClient(base_url=stack.url, timeout=30) as http:
        agente = await Insistant.connecter(http, "morgane.leray")
        parcours = Parcours(http, agente, agente, await Insistant.connecter(http, "gwenaelle.legoff"))
        await parcours.deposer()
        await parcours.donner_l_avis()
        demande = await parcours.attendre("etape", "validation")
        chemin = f"/inscriptions/{demande['id']}"

        chloe = await visiter("chloe.guillou", javascript=javascript)
        reponse = await chloe.page.goto(stack.url + chemin)
        assert reponse is not None
        assert reponse.status == 404
        await agir_pour(chloe, f"{SAINT_GWENN} (mandat)")
        assert f"Vous agissez maintenant pour {SAINT_GWENN}" in await chloe.texte()
        assert SIGNATURE in await chloe.texte()
        if javascript:
            await chloe.conforme()
        await chloe.aller("/")
        assert "Morgane Leray" in await chloe.texte()
        await chloe.aller(chemin)
        await chloe.bouton("Valider et transmettre")
        await chloe.page.wait_for_url("**?fait=validation-valider")
        lu = re.sub(r"\s+", " ", await chloe.texte())
        assert f"{SIGNATURE}, par délégation de Maryvonne Texier" in lu
        transmise = await parcours.attendre("etape", "instruction")
        assert SIGNATURE in {entree["par"] for entree in transmise["journal"]}
        courriel = await parcours.courriel("", a="chloe.guillou")
        assert courriel["sujet"]


async def test_a_form_of_one_organisation_is_not_sent_for_another(visiter: Visiter) -> None:
    chloe = await visiter("chloe.guillou")
    await chloe.aller("/circuit")
    autre_onglet = await chloe.page.context.new_page()
    second = Visite(autre_onglet, chloe.url)
    await second.aller("/")
    await agir_pour(second, f"{SAINT_GWENN} (mandat)")
    await chloe.bouton("Enregistrer le circuit")
    assert "Ce formulaire a été ouvert pour Centre de gestion d’Ille-et-Vilaine (CDG 35)." in await chloe.texte()
    await chloe.conforme()


async def test_a_mandate_is_proposed_accepted_and_revoked(visiter: Visiter) -> None:
    solene, fabienne = await visiter("solene.morvan"), await visiter("fabienne.leborgne", javascript=False)
    await solene.aller("/collectivite/mandats")
    await solene.page.get_by_label("Trouver l’autre collectivité").fill("pays des ajoncs")
    await solene.bouton("Chercher")
    await solene.page.get_by_role("link", name="Communauté de communes du Pays des Ajoncs", exact=True).click()
    await solene.page.get_by_label("Ma collectivité donne mandat").check()
    await solene.page.get_by_label("Les agents et les services").check()
    await solene.conforme()
    await solene.bouton("Proposer ce mandat")
    assert "Votre proposition est envoyée" in await solene.texte()
    await solene.conforme()
    chemin = re.sub(r"\?.*", "", solene.page.url.removeprefix(solene.url))
    await fabienne.aller("/collectivite/mandats")
    assert "Votre réponse est attendue." in await fabienne.texte()
    await fabienne.aller(chemin)
    await fabienne.bouton("Accepter le mandat")
    assert "Le mandat est accepté" in await fabienne.texte()
    await solene.aller(chemin)
    await solene.bouton("Révoquer le mandat")
    assert "Dites pourquoi à l’autre collectivité." in await solene.texte()
    await solene.conforme()
    await solene.page.get_by_label("Pourquoi vous y mettez fin").fill("Nous reprenons la tenue de nos agents.")
    await solene.bouton("Révoquer le mandat")
    assert "Nous reprenons la tenue de nos agents." in await solene.texte()
