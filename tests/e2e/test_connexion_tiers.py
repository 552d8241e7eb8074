"""Logging in by a third party in a browser, on a stack that has one; and an address changed by its two mails."""

import re
from collections.abc import Iterator

import pytest

from deploy.local.settings import StackSettings
from deploy.local.stack import LocalStack
from tests.e2e.conftest import Visite, Visiter
from tests.e2e.test_ouverture import courriel
from tests.fournisseur_oidc import CLIENT_ID, SECRET, Ecart, FournisseurOidc, Personne, fournisseur_en_marche
from tests.parcours import MOT_DE_PASSE
from tests.servers import LoopThread, RunningStack

CLAIRE = "claire.lebris@rochebrune.example"


@pytest.fixture(scope="module")
def fournisseur() -> Iterator[FournisseurOidc]:
    with fournisseur_en_marche() as fournisseur:
        yield fournisseur


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory, server_threads: LoopThread, fournisseur: FournisseurOidc) -> Iterator[RunningStack]:
    """The platform told of a provider, as `make up` is by the environment."""
    settings = StackSettings(state_dir=tmp_path_factory.mktemp("stack-oidc")).with_free_ports()
    chosen = {"oidc_issuer": fournisseur.emetteur, "oidc_client_id": CLIENT_ID, "oidc_client_secret": SECRET}
    local = LocalStack(settings.model_copy(update=chosen))
    server_threads.run(local.start())
    try:
        yield RunningStack(local, server_threads)
    finally:
        server_threads.run(local.stop())
        local.forget()


async def chez_le_tiers(visite: Visite) -> None:
    await visite.aller("/connexion")
    await visite.page.get_by_role("link", name="Se connecter avec ProConnect").click()
    await visite.page.wait_for_load_state()


@pytest.mark.parametrize("javascript", [True, False])
async def test_one_logs_in_with_proconnect(visiter: Visiter, fournisseur: FournisseurOidc, javascript: bool) -> None:
    fournisseur.sage(Personne("sub-claire", CLAIRE))
    fournisseur.userinfo_signe = True
    claire = await visiter(javascript=javascript)
    await chez_le_tiers(claire)
    assert "Claire Le Bris" in await claire.page.locator("header").inner_text()
    message = await courriel(claire, CLAIRE, "Une nouvelle façon de vous connecter")
    assert "ProConnect" in message["texte"]
    await claire.aller("/mon-compte/identites")
    assert CLAIRE in await claire.texte()
    if javascript:
        await claire.conforme()


async def test_what_goes_wrong_is_told_and_opens_nothing(visiter: Visiter, fournisseur: FournisseurOidc) -> None:
    inconnue = await visiter()
    fournisseur.sage(Personne("sub-inconnue", "personne@nulle-part.example"))
    await chez_le_tiers(inconnue)
    assert "Aucun compte n’a l’adresse personne@nulle-part.example." in await inconnue.texte()
    await inconnue.conforme()
    await inconnue.page.reload()
    assert "n’est plus en cours" in await inconnue.texte()
    fournisseur.sage(None)
    await chez_le_tiers(inconnue)
    assert "n’a pas eu votre accord" in await inconnue.texte()
    fournisseur.sage(Personne("sub-inconnue", CLAIRE))
    fournisseur.ecart = Ecart.SANS_SIGNATURE
    await chez_le_tiers(inconnue)
    assert "n’est pas celle qui était attendue" in await inconnue.texte()
    await inconnue.aller("/mon-compte")
    assert "/connexion" in inconnue.page.url


async def test_an_identity_is_linked_then_taken_away(visiter: Visiter, fournisseur: FournisseurOidc) -> None:
    fournisseur.sage(Personne("sub-thomas", "thomas@ailleurs.example"))
    thomas = await visiter("thomas.riou")
    await thomas.aller("/mon-compte/identites")
    await thomas.page.get_by_role("button", name="Lier mon compte à ProConnect").click()
    await thomas.page.get_by_text("Cette identité ouvre désormais votre compte.").wait_for()
    assert "thomas@ailleurs.example" in await thomas.texte()
    await thomas.conforme()
    await thomas.page.get_by_role("button", name="Retirer l’identité").click()
    await thomas.page.get_by_text("Cette identité n’ouvre plus votre compte.").wait_for()
    assert "Aucune pour l’instant" in await thomas.texte()


async def test_an_address_changes_when_both_mailboxes_agree(visiter: Visiter) -> None:
    avant, apres = "erwan.tanguy@rochebrune.example", "erwan@tanguy.example"
    erwan = await visiter("erwan.tanguy")
    await erwan.aller("/mon-compte/adresse")
    await erwan.conforme()
    await erwan.page.get_by_label("Nouvelle adresse électronique").fill(apres)
    await erwan.page.get_by_label("Mot de passe actuel").fill(MOT_DE_PASSE)
    await erwan.bouton("Envoyer les deux liens")
    assert f"Votre adresse doit devenir {apres}" in await erwan.texte()
    await erwan.conforme()
    await erwan.aller(await lien_recu(erwan, avant, "Changement de votre adresse"))
    assert "Ce n’est pas moi" in await erwan.page.locator("main form").inner_text()
    await erwan.conforme()
    boite = await visiter(javascript=False)
    lien = await lien_recu(boite, apres, "Confirmez votre adresse")
    await boite.aller(lien)
    await boite.bouton("Confirmer ce changement")
    assert "Il reste à confirmer depuis l’autre adresse" in await boite.texte()

    # The old mailbox is lost: the gestionnaire principal answers for it.
    solene = await visiter("solene.morvan")
    await solene.aller("/collectivite/adresses")
    await solene.conforme()
    await solene.page.get_by_label("Comment savez-vous").fill("Vu ce matin à la mairie.")
    await solene.page.get_by_role("button", name="Confirmer à sa place").click()
    await solene.page.get_by_text("l’adresse est changée").wait_for()
    await erwan.aller("/mon-compte")
    assert apres in await erwan.texte()
    fait = await courriel(boite, avant, "L’adresse de votre compte a changé")
    assert "Solène Morvan l’a confirmé" in fait["texte"]


async def lien_recu(visite: Visite, a: str, sujet: str) -> str:
    lien = re.search(r"/adresse/\S+", (await courriel(visite, a, sujet))["texte"])
    assert lien is not None
    return lien.group()


async def test_the_identifiants_of_a_collectivite_take_its_form(visiter: Visiter) -> None:
    solene = await visiter("solene.morvan")
    await solene.aller("/collectivite/identifiants")
    await solene.page.get_by_label("Préfixe et matricule").check()
    await solene.page.get_by_label("Préfixe des matricules").fill("roc-")
    await solene.bouton("Voir ce qui changerait")
    assert "roc-00936" in await solene.texte()
    await solene.conforme()
    await solene.bouton("Enregistrer pour les comptes à venir")
    await solene.bouton("Changer ces identifiants")
    assert "Chacun est prévenu par courriel" in await solene.texte()
    await solene.conforme()
    message = await courriel(solene, CLAIRE, "Votre identifiant de connexion change")
    assert "roc-00936" in message["texte"]
    for identifiant in ("roc-00936", "claire.lebris"):
        claire = await visiter(identifiant)
        assert "Claire Le Bris" in await claire.page.locator("header").inner_text()
