"""Passwords chosen by a link, forgotten, changed; logging out everywhere."""

import httpx
import pytest

from services.web.acces import COOKIE_SESSION
from services.web.appareil import appareil
from tests.unit.web.conftest import Navigateur
from tests.unit.web.reponses import ApiFactice, CoffreEnMemoire, dans, probleme

LIEN = "identity/v1/liens/abc.def"
NOUVEAU = "le chemin longe la Vilaine"


def lien(usage: str) -> dict[str, str]:
    return {"usage": usage, "nom": "Claire Le Bris", "identifiant": "claire.lebris", "expire_le": dans(hours=1)}


SESSION = {
    "id": "0d0c5a11-52bd-4c39-8c13-5c2f7d9be0aa",
    "ouverte_depuis": "Firefox sous Windows",
    "ouverte_le": dans(hours=-2),
    "vue_le": dans(minutes=-5),
}


@pytest.fixture(autouse=True)
def _liens(api: ApiFactice) -> None:
    api.repondre("GET", LIEN, lien("activation"))
    api.repondre("GET", "identity/v1/moi/sessions", [SESSION])
    for methode, chemin in (("POST", LIEN), ("POST", f"{LIEN}/renvoi"), ("POST", "identity/v1/mot-de-passe-oublie")):
        api.repondre(methode, chemin, httpx.Response(204))
    for methode, chemin in (("PUT", "identity/v1/moi/mot-de-passe"), ("DELETE", "identity/v1/moi/sessions")):
        api.repondre(methode, chemin, httpx.Response(204))


@pytest.mark.parametrize(
    ("page", "usage", "titre"), [("activation", "activation", "Activez"), ("mot-de-passe", "mot_de_passe", "Choisissez")]
)
async def test_opening_a_link_shows_and_does_nothing(navigateur: Navigateur, api: ApiFactice, page: str, usage: str, titre: str) -> None:
    api.repondre("GET", LIEN, lien(usage))
    reponse = await navigateur.voir(f"/{page}/abc.def")
    assert reponse.status_code == 200
    assert f"<h1>{titre}" in reponse.text
    assert "claire.lebris" in reponse.text
    assert {demande.method for demande in api.recues} == {"GET"}


async def test_a_password_is_chosen_then_one_logs_in(navigateur: Navigateur, api: ApiFactice) -> None:
    reponse = await navigateur.envoyer("/activation/abc.def", "/lien/abc.def", mot_de_passe=NOUVEAU, confirmation=NOUVEAU)
    assert (reponse.status_code, reponse.headers["location"]) == (303, "/connexion?fin=mot-de-passe")
    assert api.corps("POST", LIEN) == [{"mot_de_passe": NOUVEAU}]
    assert "Votre mot de passe est enregistré." in (await navigateur.voir("/connexion?fin=mot-de-passe")).text


async def test_a_password_is_typed_twice(navigateur: Navigateur, api: ApiFactice) -> None:
    reponse = await navigateur.envoyer("/activation/abc.def", "/lien/abc.def", mot_de_passe=NOUVEAU, confirmation="autre")
    assert reponse.status_code == 422
    assert 'href="#confirmation"' in reponse.text
    assert NOUVEAU not in reponse.text
    assert api.demandes("POST", LIEN) == []


async def test_a_weak_password_is_told_beside_the_field(navigateur: Navigateur, api: ApiFactice) -> None:
    erreurs = [{"champ": "mot_de_passe", "message": "Ce mot de passe est trop courant."}]
    api.repondre("POST", LIEN, probleme(422, "saisie-invalide", "Ce mot de passe ne convient pas.", errors=erreurs))
    reponse = await navigateur.envoyer("/activation/abc.def", "/lien/abc.def", mot_de_passe="azertyuiop12", confirmation="azertyuiop12")
    assert reponse.status_code == 422
    assert 'id="mot_de_passe-erreur"' in reponse.text


async def test_a_used_link_says_what_to_do(navigateur: Navigateur, api: ApiFactice) -> None:
    api.repondre("GET", LIEN, probleme(410, "lien-perime", "Ce lien a déjà servi.", detail="Demandez-en un autre."))
    vue = await navigateur.voir("/activation/abc.def")
    assert vue.status_code == 410
    assert "Demandez-en un autre." in vue.text
    reponse = await navigateur.envoyer("/activation/abc.def", "/lien/abc.def/renvoi")
    assert reponse.headers["location"] == "/mot-de-passe-oublie?envoye=1"
    assert len(api.demandes("POST", f"{LIEN}/renvoi")) == 1


async def test_an_unknown_link_leads_to_a_new_one(navigateur: Navigateur, api: ApiFactice) -> None:
    api.repondre("GET", LIEN, probleme(404, "lien-inconnu", "Ce lien n’est pas le bon."))
    vue = await navigateur.voir("/mot-de-passe/abc.def")
    assert vue.status_code == 404
    assert 'href="/mot-de-passe-oublie"' in vue.text


async def test_a_forgotten_password_is_asked_from_the_login(navigateur: Navigateur, api: ApiFactice) -> None:
    assert 'href="/mot-de-passe-oublie"' in (await navigateur.voir("/connexion")).text
    reponse = await navigateur.envoyer("/mot-de-passe-oublie", "/mot-de-passe-oublie", identifiant=" claire.lebris ")
    assert reponse.headers["location"] == "/mot-de-passe-oublie?envoye=1"
    assert api.corps("POST", "identity/v1/mot-de-passe-oublie") == [{"identifiant": "claire.lebris"}]
    assert "Si un compte correspond" in (await navigateur.voir("/mot-de-passe-oublie?envoye=1")).text


async def test_what_was_typed_stays_when_one_must_wait(navigateur: Navigateur, api: ApiFactice) -> None:
    vide = await navigateur.envoyer("/mot-de-passe-oublie", "/mot-de-passe-oublie", identifiant=" ")
    assert (vide.status_code, 'id="identifiant-erreur"' in vide.text) == (422, True)
    api.repondre("POST", "identity/v1/mot-de-passe-oublie", probleme(429, "trop-de-tentatives", "Trop de tentatives se suivent."))
    reponse = await navigateur.envoyer("/mot-de-passe-oublie", "/mot-de-passe-oublie", identifiant="claire.lebris")
    assert reponse.status_code == 429
    assert 'value="claire.lebris"' in reponse.text


async def test_changing_ones_password_ends_the_session(connecte: Navigateur, api: ApiFactice, coffre: CoffreEnMemoire) -> None:
    assert 'href="/mon-compte"' in (await connecte.voir("/")).text
    champs = {"ancien": "secret", "nouveau": NOUVEAU, "confirmation": NOUVEAU}
    reponse = await connecte.envoyer("/mon-compte", "/mon-compte/mot-de-passe", **champs)
    assert reponse.headers["location"] == "/connexion?fin=mot-de-passe"
    assert api.corps("PUT", "identity/v1/moi/mot-de-passe") == [{"ancien": "secret", "nouveau": NOUVEAU}]
    assert coffre.contenu == {}
    assert COOKIE_SESSION not in connecte.http.cookies


@pytest.mark.parametrize(("ancien", "confirmation", "champ"), [("", NOUVEAU, "ancien"), ("secret", "autre", "confirmation")])
async def test_an_incomplete_change_is_told(connecte: Navigateur, api: ApiFactice, ancien: str, confirmation: str, champ: str) -> None:
    reponse = await connecte.envoyer("/mon-compte", "/mon-compte/mot-de-passe", ancien=ancien, nouveau=NOUVEAU, confirmation=confirmation)
    assert reponse.status_code == 422
    assert f'href="#{champ}"' in reponse.text
    assert api.demandes("PUT", "identity/v1/moi/mot-de-passe") == []


async def test_logging_out_everywhere(connecte: Navigateur, api: ApiFactice, coffre: CoffreEnMemoire) -> None:
    reponse = await connecte.envoyer("/mon-compte", "/mon-compte/deconnexion-partout")
    assert reponse.headers["location"] == "/connexion?fin=partout"
    assert len(api.demandes("DELETE", "identity/v1/moi/sessions")) == 1
    assert coffre.contenu == {}
    assert "déconnecté de tous vos appareils" in (await connecte.voir("/connexion?fin=partout")).text


async def test_the_connection_in_use_is_marked_and_not_closed_by_mistake(connecte: Navigateur, api: ApiFactice) -> None:
    autre = {**SESSION, "id": "c1a2c3d4-0000-4000-8000-000000000002", "ouverte_depuis": "Safari sur iPhone"}
    api.repondre("GET", "identity/v1/moi/sessions", [{**SESSION, "actuelle": True}, autre])
    texte = (await connecte.voir("/mon-compte")).text
    celle_ci, _, le_reste = texte.partition("Safari sur iPhone")
    assert "C’est celle que vous utilisez en ce moment." in celle_ci
    assert "/fermeture" not in celle_ci
    assert f"/mon-compte/sessions/{autre['id']}/fermeture" in le_reste


@pytest.mark.parametrize("issue", [httpx.Response(204), probleme(404, "introuvable", "Cette connexion n’est plus ouverte.")])
async def test_one_connection_is_closed(connecte: Navigateur, api: ApiFactice, issue: httpx.Response) -> None:
    api.repondre("DELETE", f"identity/v1/moi/sessions/{SESSION['id']}", issue)
    assert "Firefox sous Windows" in (await connecte.voir("/mon-compte")).text
    reponse = await connecte.envoyer("/mon-compte", f"/mon-compte/sessions/{SESSION['id']}/fermeture")
    assert reponse.headers["location"] == "/mon-compte?fermee=1"
    assert "Cette connexion est fermée." in (await connecte.voir("/mon-compte?fermee=1")).text


@pytest.mark.parametrize(
    ("user_agent", "attendu"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox sous Windows"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36 Edg/140.0", "Edge sous Windows"),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0.0.0 Mobile Safari/537.36", "Chrome sous Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1", "Safari sur iPhone"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.0 Safari/605.1.15", "Safari sous macOS"),
        ("curl/8.5.0", "Navigateur inconnu"),
        ("", "Navigateur inconnu"),
    ],
)
def test_a_device_is_told_in_words(user_agent: str, attendu: str) -> None:
    assert appareil(user_agent) == attendu


async def test_the_login_says_from_which_device(navigateur: Navigateur, api: ApiFactice) -> None:
    navigateur.http.headers["User-Agent"] = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    await navigateur.se_connecter()
    assert api.corps("POST", "identity/v1/sessions")[0]["depuis"] == "Firefox sous Linux"


@pytest.mark.parametrize("action", ["/lien/abc.def", "/lien/abc.def/renvoi", "/mot-de-passe-oublie", "/mon-compte/mot-de-passe"])
async def test_a_form_that_is_not_ours_does_nothing(connecte: Navigateur, api: ApiFactice, action: str) -> None:
    deja = len(api.recues)
    assert (await connecte.http.post(action, data={"csrf": "forge"})).status_code == 403
    assert len(api.recues) == deja
