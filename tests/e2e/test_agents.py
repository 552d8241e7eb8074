"""The people of a collectivité in a browser: registered, led, stood in for, reading their own file."""

from datetime import timedelta
from uuid import uuid4

from services.kit.clock import day_of, now
from tests.e2e.conftest import Visite, Visiter


async def enregistrer(visite: Visite, nom: str, prenom: str = "Louise") -> None:
    await visite.aller("/agents/nouveau")
    await visite.page.get_by_label("Civilité").select_option("Mme")
    await visite.page.get_by_label("Prénom", exact=True).fill(prenom)
    await visite.page.get_by_label("Nom d’usage").fill(nom)
    await visite.page.get_by_label("Adresse électronique").fill(f"{uuid4().hex[:8]}@rochebrune.example")
    await visite.page.get_by_label("Fonction").fill("Jardinière")
    await visite.page.get_by_label("Statut").select_option("titulaire")
    await visite.bouton("Enregistrer")


async def test_an_agent_is_registered_by_hand_and_his_look_alike_only_when_confirmed(visiter: Visiter) -> None:
    solene = await visiter("solene.morvan")
    nom = f"Kerzoncuf{uuid4().hex[:6]}"
    await enregistrer(solene, nom)
    assert "C’est enregistré." in await solene.texte()
    await solene.conforme()
    await enregistrer(solene, nom.upper())
    assert "Une personne très semblable est déjà enregistrée." in await solene.texte()
    await solene.conforme()
    assert await solene.page.get_by_label("Fonction").input_value() == "Jardinière"
    await solene.page.get_by_label("C’est une autre personne").check()
    await solene.bouton("Enregistrer")
    assert "C’est enregistré." in await solene.texte()
    await solene.aller(f"/agents?q={nom}")
    assert "2\N{NO-BREAK SPACE}agents" in await solene.texte()


async def test_a_record_is_corrected_and_its_history_tells_it(visiter: Visiter) -> None:
    solene = await visiter("solene.morvan")
    await enregistrer(solene, f"Corrigee{uuid4().hex[:6]}")
    await solene.page.get_by_role("link", name="Modifier la fiche").click()
    await solene.page.get_by_label("Supérieur hiérarchique").fill("personne de ce nom")
    await solene.page.get_by_label("Temps de travail").fill("80 %")
    await solene.bouton("Enregistrer")
    assert "Aucun agent en poste ne porte ce nom ni ce matricule." in await solene.texte()
    await solene.conforme()
    await solene.page.get_by_label("Supérieur hiérarchique").fill("Marc Prigent")
    await solene.bouton("Enregistrer")
    recit = await solene.texte()
    assert "Temps de travail : 100 → 80" in recit.replace("\N{NO-BREAK SPACE}", " ")
    assert "Marc Prigent" in recit


async def test_services_interims_and_corrections_are_kept_on_pages_anyone_can_use(visiter: Visiter) -> None:
    solene = await visiter("solene.morvan")
    for chemin in ("/agents", "/services", "/interims", "/corrections"):
        await solene.aller(chemin)
        await solene.conforme()
    await solene.aller("/services")
    code = uuid4().hex[:6]
    await solene.page.get_by_label("Nom").fill("Serres municipales")
    await solene.page.get_by_label("Code").fill(code)
    await solene.page.get_by_label("Responsable (facultatif)").fill("Marc Prigent")
    await solene.bouton("Créer le service")
    assert "Serres municipales" in await solene.texte()
    await solene.page.get_by_role("link", name="Serres municipales").last.click()
    await solene.conforme()
    await solene.bouton("Supprimer")
    assert code not in await solene.texte()


async def test_an_interim_changes_who_gives_the_avis(visiter: Visiter) -> None:
    solene = await visiter("solene.morvan")
    # An agent of the médiathèque, whose requests no other test follows.
    await solene.aller("/interims")
    debut = day_of(now())
    fin = debut + timedelta(days=2)
    await solene.page.get_by_label("Personne remplacée").fill("00413")
    await solene.page.get_by_label("Qui assure l’intérim").fill("00801")
    await solene.page.get_by_label("Premier jour").fill(f"{debut:%d/%m/%Y}")
    await solene.page.get_by_label("Dernier jour").fill(f"{fin:%d/%m/%Y}")
    await solene.bouton("Confier l’intérim")
    assert "Florian Briand, par intérim de Jean-Luc Péron" in await solene.texte()
    await solene.conforme()
    await solene.page.get_by_role("button", name="Y mettre fin").click()
    await solene.page.wait_for_load_state()
    assert "Annulé" in await solene.texte()


async def test_an_agent_reads_his_file_and_has_it_corrected(visiter: Visiter) -> None:
    thomas, solene = await visiter("thomas.riou"), await visiter("solene.morvan")
    await solene.aller("/agents?q=riou thomas")
    await solene.page.get_by_role("link", name="Thomas Riou").click()
    await thomas.aller("/mon-dossier")
    await thomas.conforme()
    assert "Solène Morvan a lu votre fiche" in await thomas.texte()
    await thomas.page.get_by_label("Ce qui est à corriger").select_option("fonction")
    await thomas.page.get_by_label("Ce qu’il faut lire").fill("Jardinier principal")
    await thomas.bouton("Demander la correction")
    await solene.aller("/corrections")
    # Others may have asked for a correction on the same stack.
    la_sienne = solene.page.get_by_role("region", name="Thomas Riou")
    await la_sienne.get_by_role("button", name="Ne pas corriger").click()
    await solene.page.wait_for_load_state()
    assert "Dites à l’agent pourquoi." in await solene.texte()
    await solene.conforme()
    await la_sienne.get_by_label("Réponse à l’agent").fill("La fonction est celle de votre arrêté.")
    await la_sienne.get_by_role("button", name="Ne pas corriger").click()
    await solene.page.wait_for_load_state()
    await thomas.aller("/mon-dossier")
    assert "La fonction est celle de votre arrêté." in await thomas.texte()
    async with thomas.page.expect_download() as recu:
        await thomas.page.get_by_role("link", name="Emporter mon dossier").click()
    assert (await recu.value).suggested_filename.startswith("mon-dossier-")
