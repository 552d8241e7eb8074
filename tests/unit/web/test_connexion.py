"""Logging in and out, and who is let through."""

from collections.abc import Callable

import httpx
import pytest

from services.web.acces import COOKIE_SESSION
from services.web.pages.connexion import chez_nous
from tests.unit.web.conftest import ADRESSE, Navigateur
from tests.unit.web.reponses import DEMANDE_ID, SESSION_ID, ApiFactice, CoffreEnMemoire, probleme


async def test_the_cookie_is_opaque_and_closed_to_scripts(navigateur: Navigateur) -> None:
    reponse = await navigateur.se_connecter("/sessions")
    assert (reponse.status_code, reponse.headers["location"]) == (303, "/sessions")
    cookie = next(c for c in reponse.headers.get_list("set-cookie") if c.startswith(COOKIE_SESSION + "="))
    for attribut in ("HttpOnly", "Secure", "SameSite=lax", "Path=/"):
        assert attribut in cookie
    assert "Domain" not in cookie
    assert "acces" not in cookie


async def test_a_refusal_is_told_and_the_name_kept(navigateur: Navigateur, api: ApiFactice) -> None:
    api.repondre(
        "POST", "identity/v1/sessions", probleme(401, "identifiants-refuses", "L’identifiant ou le mot de passe n’est pas le bon.")
    )
    reponse = await navigateur.se_connecter()
    assert reponse.status_code == 401
    assert "L’identifiant ou le mot de passe n’est pas le bon." in reponse.text
    assert 'value="claire.lebris"' in reponse.text
    assert "secret" not in reponse.text


async def test_empty_fields_are_told_without_asking(navigateur: Navigateur, api: ApiFactice) -> None:
    reponse = await navigateur.envoyer("/connexion", "/connexion", identifiant=" ", mot_de_passe="")
    assert reponse.status_code == 422
    assert 'href="#identifiant"' in reponse.text
    assert 'href="#mot_de_passe"' in reponse.text
    assert api.demandes("POST", "identity/v1/sessions") == []


@pytest.mark.parametrize("suite", ["https://ailleurs.example", "//ailleurs.example", "/\\ailleurs.example", "ailleurs", "/a\nb"])
def test_the_way_back_is_one_of_our_pages(suite: str) -> None:
    assert chez_nous(suite) == "/"


async def test_nobody_is_sent_to_the_login_and_back(navigateur: Navigateur) -> None:
    reponse = await navigateur.http.get(f"/sessions/{SESSION_ID}?x=1")
    assert reponse.status_code == 303
    assert reponse.headers["location"] == f"/connexion?suite=/sessions/{SESSION_ID}%3Fx%3D1"


async def test_htmx_is_sent_to_the_login_too(navigateur: Navigateur) -> None:
    reponse = await navigateur.http.get("/sessions", headers={"HX-Request": "true"})
    assert (reponse.status_code, reponse.headers["hx-redirect"]) == (204, "/connexion?suite=/sessions")


async def test_what_was_typed_survives_the_end_of_the_session(connecte: Navigateur, coffre: CoffreEnMemoire, api: ApiFactice) -> None:
    api.repondre("POST", "inscriptions/v1/inscriptions", probleme(401, "non-authentifie", "Votre connexion a expiré."))
    reponse = await connecte.envoyer(f"/sessions/{SESSION_ID}", f"/sessions/{SESSION_ID}/inscription", motivation="Un long texte mûri.")
    assert reponse.status_code == 401
    assert "Un long texte mûri." in reponse.text
    assert f'name="suite" value="/sessions/{SESSION_ID}"' in reponse.text


async def test_logging_out_revokes_and_forgets(connecte: Navigateur, api: ApiFactice, coffre: CoffreEnMemoire) -> None:
    reponse = await connecte.envoyer("/", "/deconnexion")
    assert reponse.headers["location"] == "/connexion?fin=deconnexion"
    assert api.corps("POST", "identity/v1/sessions/fermeture") == [{"refresh_token": "suite"}]
    assert coffre.contenu == {}
    assert (await connecte.http.get("/")).status_code == 303


async def test_an_id_known_before_the_login_opens_nothing(
    navigateur: Navigateur, ouvrir: Callable[[ApiFactice], Navigateur], api: ApiFactice
) -> None:
    navigateur.http.cookies.set(COOKIE_SESSION, "choisi-par-un-autre")
    await navigateur.se_connecter()
    autre = ouvrir(api)
    autre.http.cookies.set(COOKIE_SESSION, "choisi-par-un-autre")
    assert (await autre.http.get("/")).status_code == 303


@pytest.mark.parametrize("action", ["/connexion", "/deconnexion", f"/sessions/{SESSION_ID}/inscription", "/circuit", "/avis/jeton"])
@pytest.mark.parametrize("jeton", ["", "forge"])
async def test_a_form_that_is_not_ours_does_nothing(connecte: Navigateur, api: ApiFactice, action: str, jeton: str) -> None:
    deja = len(api.recues)
    reponse = await connecte.http.post(action, data={"csrf": jeton, "motivation": "x" * 20}, headers={"Origin": ADRESSE})
    assert reponse.status_code == 403
    assert "Ce formulaire n’est plus valable." in reponse.text
    assert len(api.recues) == deja


async def test_a_form_from_elsewhere_does_nothing(connecte: Navigateur, api: ApiFactice) -> None:
    page = (await connecte.voir(f"/inscriptions/{DEMANDE_ID}")).text
    jeton = page.split('name="csrf" value="')[1].split('"')[0]
    reponse = await connecte.http.post("/deconnexion", data={"csrf": jeton}, headers={"Origin": "https://ailleurs.example"})
    assert reponse.status_code == 403
    assert (await connecte.http.get("/")).status_code == 200


async def test_the_pages_live_while_nats_is_away(connecte: Navigateur, coffre: CoffreEnMemoire) -> None:
    coffre.absent = True
    assert (await connecte.voir("/sessions")).status_code == 200


async def test_every_answer_is_guarded(navigateur: Navigateur) -> None:
    for chemin in ("/connexion", "/nulle-part", "/verification"):
        reponse: httpx.Response = await navigateur.http.get(chemin)
        assert "script-src 'self'" in reponse.headers["content-security-policy"]
        assert "unsafe" not in reponse.headers["content-security-policy"]
        assert reponse.headers["cache-control"] == "no-store"
        assert reponse.headers["x-content-type-options"] == "nosniff"
