"""The address of one's account: its change asked for, confirmed, refused; and what the gestionnaire principal confirms."""

import httpx
import pytest

from tests.unit.web.conftest import Navigateur
from tests.unit.web.reponses import ADRESSE, JSON, ApiFactice, acteur, dans, probleme

MIENNE = "identity/v1/moi/adresse"
LIEN = "identity/v1/liens-adresse/abc.def"
CHANGEMENT = "0d0c5a11-52bd-4c39-8c13-5c2f7d9be0bb"
A_CONFIRMER = {
    "id": CHANGEMENT,
    "nom": "Thomas Riou",
    "identifiant": "thomas.riou",
    "ancienne": "thomas@avant.example",
    "nouvelle": "thomas@apres.example",
    "nouvelle_confirmee": True,
    "demande_le": dans(hours=-2),
    "expire_le": dans(days=6),
}
NOUVELLE = "claire@apres.example"


def en_cours(**autres: object) -> JSON:
    changement = {
        "nouvelle": NOUVELLE,
        "demande_le": dans(hours=-1),
        "expire_le": dans(days=7),
        "nouvelle_confirmee": False,
        "ancienne_confirmee": False,
        "ancienne_confirmee_par": "",
    }
    return {**ADRESSE, "en_cours": {**changement, **autres}}


def lien(usage: str) -> JSON:
    return {
        "usage": usage,
        "nom": "Claire Le Bris",
        "identifiant": "claire.lebris",
        "ancienne": ADRESSE["email"] if usage == "email_ancien" else None,
        "nouvelle": NOUVELLE,
        "expire_le": dans(days=7),
    }


@pytest.fixture(autouse=True)
def _adresse(api: ApiFactice) -> None:
    api.repondre("GET", "identity/v1/moi/sessions", [])
    api.repondre("PUT", MIENNE, httpx.Response(204))
    api.repondre("DELETE", MIENNE, httpx.Response(204))
    api.repondre("GET", LIEN, lien("email_ancien"))
    api.repondre("POST", LIEN, {"suite": "attend_l_autre"})
    api.repondre("GET", "identity/v1/changements-adresse", [A_CONFIRMER])
    api.repondre("POST", f"identity/v1/changements-adresse/{CHANGEMENT}/confirmation", {"suite": "applique"})


async def test_another_address_is_asked_for(connecte: Navigateur, api: ApiFactice) -> None:
    assert 'href="/mon-compte/adresse"' in (await connecte.voir("/mon-compte")).text
    assert "claire.lebris, restera le même" in (await connecte.voir("/mon-compte/adresse")).text
    reponse = await connecte.envoyer("/mon-compte/adresse", "/mon-compte/adresse", nouvelle=f" {NOUVELLE} ", mot_de_passe="secret")
    assert reponse.headers["location"] == "/mon-compte/adresse?fait=demande"
    assert api.corps("PUT", MIENNE) == [{"nouvelle": NOUVELLE, "mot_de_passe": "secret"}]
    assert "Deux messages sont partis" in (await connecte.voir("/mon-compte/adresse?fait=demande")).text


async def test_what_was_typed_stays_but_the_password(connecte: Navigateur, api: ApiFactice) -> None:
    vide = await connecte.envoyer("/mon-compte/adresse", "/mon-compte/adresse", nouvelle=" ", mot_de_passe="")
    assert (vide.status_code, 'href="#nouvelle"' in vide.text, 'href="#mot_de_passe"' in vide.text) == (422, True, True)
    erreurs = [{"champ": "mot_de_passe", "message": "Ce n’est pas votre mot de passe actuel."}]
    api.repondre("PUT", MIENNE, probleme(422, "saisie-invalide", "La saisie est à corriger.", errors=erreurs))
    reponse = await connecte.envoyer("/mon-compte/adresse", "/mon-compte/adresse", nouvelle=NOUVELLE, mot_de_passe="mauvais")
    assert reponse.status_code == 422
    assert f'value="{NOUVELLE}"' in reponse.text
    assert "mauvais" not in reponse.text
    assert 'id="mot_de_passe-erreur"' in reponse.text


@pytest.mark.parametrize("page", ["/mon-compte", "/mon-compte/adresse"])
async def test_a_change_under_way_is_shown(connecte: Navigateur, api: ApiFactice, page: str) -> None:
    api.repondre("GET", MIENNE, en_cours(ancienne_confirmee=True, ancienne_confirmee_par="Solène Morvan"))
    texte = (await connecte.voir(page)).text
    assert NOUVELLE in texte
    assert "confirmée par Solène Morvan" in texte


async def test_a_lost_mailbox_leads_to_the_gestionnaire(connecte: Navigateur, api: ApiFactice) -> None:
    api.repondre("GET", MIENNE, en_cours())
    assert "Adressez-vous à Solène Morvan" in (await connecte.voir("/mon-compte/adresse")).text
    api.repondre("GET", MIENNE, {**en_cours(), "gestionnaires": [], "identifiant_suit": True})
    texte = (await connecte.voir("/mon-compte/adresse")).text
    assert "Adressez-vous à l’administration de l’organisme" in texte
    assert "il changera avec elle" in texte


async def test_a_change_is_abandoned(connecte: Navigateur, api: ApiFactice) -> None:
    api.repondre("GET", MIENNE, en_cours())
    reponse = await connecte.envoyer("/mon-compte/adresse", "/mon-compte/adresse/abandon")
    assert reponse.headers["location"] == "/mon-compte/adresse?fait=abandon"
    assert len(api.demandes("DELETE", MIENNE)) == 1
    assert "votre adresse reste la même" in (await connecte.voir("/mon-compte/adresse?fait=abandon")).text


async def test_opening_a_link_shows_and_does_nothing(navigateur: Navigateur, api: ApiFactice) -> None:
    vue = await navigateur.voir("/adresse/abc.def")
    assert "Ce n’est pas moi" in vue.text
    assert "déconnecté partout" in vue.text
    api.repondre("GET", LIEN, lien("email_nouveau"))
    assert "déconnecté partout" not in (await navigateur.voir("/adresse/abc.def")).text
    assert {demande.method for demande in api.recues} == {"GET"}


@pytest.mark.parametrize(
    ("suite", "attendu"),
    [
        ("attend_l_autre", "Il reste à confirmer depuis l’autre adresse"),
        ("applique", "L’adresse est changée"),
        ("refuse_par_l_ancienne", 'href="/mot-de-passe-oublie"'),
        ("refuse_par_la_nouvelle", "ne sera celle d’aucun compte"),
        ("adresse_prise", "déjà celle d’un autre compte"),
    ],
)
async def test_what_became_of_it_is_told(navigateur: Navigateur, api: ApiFactice, suite: str, attendu: str) -> None:
    api.repondre("POST", LIEN, {"suite": suite})
    reponse = await navigateur.envoyer("/adresse/abc.def", "/adresse/abc.def", reponse="confirmer")
    assert (reponse.status_code, attendu in reponse.text) == (200, True)
    assert api.corps("POST", LIEN) == [{"reponse": "confirmer"}]


@pytest.mark.parametrize(("statut", "titre"), [(410, "Ce changement a été abandonné."), (404, "Ce lien n’est pas le bon.")])
async def test_a_link_that_serves_no_more_says_why(navigateur: Navigateur, api: ApiFactice, statut: int, titre: str) -> None:
    perime = probleme(statut, "lien-perime", titre)
    api.repondre("POST", LIEN, perime)
    assert titre in (await navigateur.envoyer("/adresse/abc.def", "/adresse/abc.def", reponse="confirmer")).text
    api.repondre("GET", LIEN, perime)
    vue = await navigateur.voir("/adresse/abc.def")
    assert (vue.status_code, titre in vue.text) == (statut, True)


class TestLeGestionnairePrincipal:
    @pytest.fixture
    def qui(self) -> JSON:
        return acteur("gestionnaire_principal")

    async def test_he_confirms_with_a_motif(self, connecte: Navigateur, api: ApiFactice) -> None:
        action = f"/collectivite/adresses/{CHANGEMENT}"
        sans = await connecte.envoyer("/collectivite/adresses", action, motif=" ")
        assert (sans.status_code, f'href="#{CHANGEMENT}-motif"' in sans.text) == (422, True)
        reponse = await connecte.envoyer("/collectivite/adresses", action, motif="Vu ce matin à la mairie.")
        assert reponse.headers["location"] == "/collectivite/adresses?fait=applique"
        chemin = f"identity/v1/changements-adresse/{CHANGEMENT}/confirmation"
        assert api.corps("POST", chemin) == [{"motif": "Vu ce matin à la mairie."}]
        assert "l’adresse est changée" in (await connecte.voir("/collectivite/adresses?fait=applique")).text

    async def test_what_waits_no_more_is_told(self, connecte: Navigateur, api: ApiFactice) -> None:
        chemin = f"identity/v1/changements-adresse/{CHANGEMENT}/confirmation"
        api.repondre("POST", chemin, probleme(404, "introuvable", "Ce changement d’adresse n’attend plus rien."))
        action = f"/collectivite/adresses/{CHANGEMENT}"
        jeton = (await connecte.voir("/collectivite/adresses")).text.split('name="csrf" value="')[1].split('"')[0]
        api.repondre("GET", "identity/v1/changements-adresse", [])
        reponse = await connecte.http.post(action, data={"csrf": jeton, "motif": "Vu ce matin."})
        assert (reponse.status_code, "n’attend plus rien" in reponse.text) == (404, True)
        assert "Aucun changement d’adresse n’attend." in reponse.text


@pytest.mark.parametrize(
    "action", ["/mon-compte/adresse", "/mon-compte/adresse/abandon", "/adresse/abc.def", f"/collectivite/adresses/{CHANGEMENT}"]
)
async def test_a_form_that_is_not_ours_does_nothing(connecte: Navigateur, api: ApiFactice, action: str) -> None:
    deja = len(api.recues)
    assert (await connecte.http.post(action, data={"csrf": "forge"})).status_code == 403
    assert len(api.recues) == deja
