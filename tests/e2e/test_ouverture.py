"""Opening the account of a collectivité in a browser: the délégation, the collectivité, its first gestionnaire."""

import re

import httpx

from tests.e2e.conftest import Visite, Visiter
from tests.e2e.test_collectivite import mettre_en_route
from tests.parcours import JSON, jusqu_a

SIRET = "21359000300009"
PHRASE = "le chemin longe la rive gauche"
DOSSIER = {
    "code_insee": "35953",
    "effectif": "12",
    "adresse": "1 place de l’Église",
    "code_postal": "35953",
    "ville": "Lanvaux",
    "email": "mairie@lanvaux.example",
    "autorite_nom": "Yvonne Le Meur",
    "autorite_qualite": "maire",
    "gestionnaires-0-prenom": "Rozenn",
    "gestionnaires-0-nom": "Cadiou",
    "gestionnaires-0-email": "rozenn.cadiou@lanvaux.example",
}


async def courriel(visite: Visite, a: str, sujet: str) -> JSON:
    async with httpx.AsyncClient(base_url=visite.url) as http:

        async def essai() -> JSON | None:
            reponse = await http.get("/courrier/api/messages", params={"subject": sujet, "to": a})
            return next(iter(reponse.json()), None)

        return await jusqu_a(f"un courriel « {sujet} »", essai)


async def test_from_the_codes_to_the_first_gestionnaire(visiter: Visiter) -> None:
    conseillere = await visiter("gwenaelle.legoff")
    await conseillere.aller("/ouvertures")
    code = await remettre_les_codes(conseillere)
    mairie = await visiter()
    await entrer_avec(mairie, code)
    await remplir(mairie, DOSSIER)
    await mairie.bouton("Déposer le dossier")
    assert "Lisez les conditions d’utilisation" in await mairie.texte()
    assert await mairie.page.locator("#effectif").input_value() == "12"
    await mairie.conforme()
    await mairie.page.locator("#conditions").check()
    await mairie.bouton("Déposer le dossier")
    assert "Dossier déposé" in await mairie.texte()

    rozenn = await visiter()
    invitation = await courriel(rozenn, "rozenn.cadiou@lanvaux.example", "Activez votre compte")
    lien = re.search(r"/activation/\S+", invitation["texte"])
    identifiant = re.search(r"identifiant\s*:\s*(\S+)", invitation["texte"])
    assert lien is not None
    assert identifiant is not None
    await rozenn.aller(lien.group())
    for champ in await rozenn.page.locator("input[type=password]").all():
        await champ.fill(PHRASE)
    await rozenn.page.locator("main button[type=submit]").first.click()
    await rozenn.page.wait_for_url("**/connexion**")

    await conseillere.page.reload()
    await conseillere.bouton("Valider la collectivité")

    async def operationnelle() -> bool | None:
        await mairie.page.reload()
        return True if "Collectivité opérationnelle" in await mairie.texte() else None

    await jusqu_a("la collectivité opérationnelle", operationnelle)
    await mairie.conforme()
    await rozenn.page.get_by_label("Identifiant").fill(identifiant.group(1))
    await rozenn.page.get_by_label("Mot de passe").fill(PHRASE)
    await rozenn.bouton("Se connecter")
    assert "Commune de Lanvaux" in await rozenn.page.locator("header").inner_text()
    await rozenn.aller("/circuit")
    assert "Régler le circuit" in await rozenn.texte()
    await mettre_en_route(rozenn)


async def remettre_les_codes(conseillere: Visite) -> str:
    """The code that goes on the letter."""
    await conseillere.aller("/ouvertures")
    valeurs = {"siret": "21359000300001", "nom": "Commune de Lanvaux", "departement": "35", "email": "mairie@lanvaux.example"}
    await remplir(conseillere, valeurs)
    await conseillere.bouton("Remettre les codes")
    assert "Ce SIRET n’est pas valable" in await conseillere.texte()
    await conseillere.conforme()
    await remplir(conseillere, {"siret": SIRET})
    await conseillere.bouton("Remettre les codes")
    await conseillere.conforme()
    return await conseillere.page.locator("strong.code").inner_text()


async def entrer_avec(mairie: Visite, code: str) -> None:
    message = await courriel(mairie, "mairie@lanvaux.example", "mot de passe provisoire")
    mot_de_passe = re.search(r"[a-z2-7]{4}-[a-z2-7]{4}-[a-z2-7]{4}", message["texte"])
    assert mot_de_passe is not None
    assert code not in message["texte"]
    await mairie.aller("/ouverture")
    await mairie.conforme()
    await remplir(mairie, {"code": code.lower(), "mot_de_passe": mot_de_passe.group()})
    await mairie.bouton("Continuer")


async def remplir(visite: Visite, valeurs: dict[str, str]) -> None:
    for champ, valeur in valeurs.items():
        await visite.page.locator(f"#{champ}").fill(valeur)
