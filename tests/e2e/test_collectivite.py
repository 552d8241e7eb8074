"""The settings of a collectivité and its gestionnaires in a browser; and the first steps of one that has just opened."""

import re
from uuid import uuid4

import pytest

from tests.e2e.conftest import Visite, Visiter

pytestmark = pytest.mark.timeout(300)

PAGES = ("", "/identite", "/preinscription", "/copies", "/transferts", "/gestionnaires", "/historique", "/demarrage")


async def test_every_page_is_accessible_and_fits(visiter: Visiter) -> None:
    for largeur in (1280, 375):
        solene = await visiter("solene.morvan", largeur=largeur)
        for page in PAGES:
            await solene.aller(f"/collectivite{page}")
            await solene.conforme()
            debordement = await solene.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert debordement <= 0, f"{page} overflows by {debordement} px at {largeur} px"


async def test_a_colleague_comes_changes_and_goes_and_the_history_says_so(visiter: Visiter) -> None:
    solene = await visiter("solene.morvan", javascript=False)
    nom = f"Quintrec{uuid4().hex[:4]}"
    await solene.aller("/collectivite/gestionnaires")
    await remplir(solene, {"prenom": "Maud", "nom": nom, "email": "maud"})
    await solene.bouton("Envoyer l’invitation")
    assert await solene.page.locator("#nom").input_value() == nom
    await remplir(solene, {"email": f"{nom}@rochebrune.example"})
    await solene.bouton("Envoyer l’invitation")
    assert "L’accès est donné" in await solene.texte()
    await solene.page.get_by_role("link", name=f"Maud {nom}").click()
    await solene.bouton("Renvoyer le lien d’activation")
    assert "envoyé de nouveau" in await solene.texte()
    await solene.page.locator("#role-lecture").check()
    await solene.bouton("Enregistrer")
    assert "Consultation, tous les services" in await solene.texte()
    await remplir(solene, {"motif": "Changement de poste"})
    await solene.page.locator("#repreneur_id").select_option(label="Erwan Tanguy (Gestionnaire de formation)")
    await solene.bouton("Mettre fin à l’accès")
    assert "L’accès a pris fin" in await solene.texte()
    await solene.aller("/collectivite/historique")
    histoire = await solene.texte()
    assert f"Solène Morvan a mis fin à l’accès accordé à Maud {nom}" in histoire
    assert "« Gestionnaire de formation » devient « Consultation »" in re.sub(r"\s", " ", histoire)


async def remplir(visite: Visite, valeurs: dict[str, str]) -> None:
    for champ, valeur in valeurs.items():
        await visite.page.locator(f"#{champ}").fill(valeur)


async def mettre_en_route(principal: Visite) -> None:
    """From the home of whoever has just opened, to nothing left to do."""
    await principal.aller("/")
    await principal.conforme()
    await principal.page.get_by_role("link", name="Commencer").click()
    await principal.conforme()
    for bouton in ("C’est exact, continuer", "Enregistrer et continuer"):
        await principal.bouton(bouton)
        await principal.conforme()
    await principal.page.get_by_label("Personne").check()
    await principal.bouton("Enregistrer et continuer")
    for _ in ("agents", "collegue"):
        await principal.conforme()
        await principal.bouton("Passer cette étape")
    assert "Tout est prêt." in await principal.texte()
    await principal.aller("/circuit")
    assert "Aucun avis n’est demandé" in await principal.texte()
    await principal.aller("/")
    assert "Mise en route" not in await principal.texte()
