"""The way to the provider of identities and back, in a browser without JavaScript."""

from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import quote

import httpx
import pytest
import time_machine

from services.kit.clock import now
from services.web.acces import COOKIE_SESSION
from services.web.tiers import COOKIE_TIERS, DUREE_DU_VOYAGE_SECONDES, Voyage, ouvrir, sceller
from tests.unit.web.conftest import ADRESSE, Navigateur
from tests.unit.web.reponses import JSON, ApiFactice, acteur, dans, probleme

TIERS = "identity/v1/sessions/oidc"
MIENNES = "identity/v1/moi/identites"
CHEZ_LUI = "https://proconnect.example/authorize?state=etat-1"
IDENTITE = {
    "id": "0d0c5a11-52bd-4c39-8c13-5c2f7d9be0cc",
    "fournisseur": "ProConnect",
    "email": "claire@mairie.example",
    "liee_par": "Claire Le Bris",
    "liee_le": dans(days=-2),
    "vue_le": dans(hours=-1),
}
CLE = b"une-cle"
VOYAGE = Voyage(etat="etat-1", nonce="nonce-1", verificateur="v" * 48)


def identites(**autres: object) -> JSON:
    return {"fournisseur": "ProConnect", "retirable": True, "identites": [IDENTITE], **autres}


@pytest.fixture(autouse=True)
def _tiers(api: ApiFactice) -> None:
    api.repondre("GET", TIERS, {"nom": "ProConnect"})
    api.repondre("POST", f"{TIERS}/depart", {"adresse": CHEZ_LUI, "etat": "etat-1", "nonce": "nonce-1", "verificateur": "v" * 48})
    jetons = {"access_token": "acces", "refresh_token": "suite", "expires_in": 600, "acteur": acteur("agent")}
    api.repondre("POST", TIERS, jetons)
    api.repondre("GET", "identity/v1/moi/sessions", [])
    api.repondre("GET", MIENNES, identites())
    api.repondre("POST", MIENNES, httpx.Response(204))
    api.repondre("DELETE", f"{MIENNES}/{IDENTITE['id']}", httpx.Response(204))


async def partir(navigateur: Navigateur, suite: str = "/") -> httpx.Response:
    return await navigateur.http.get(f"/connexion/tiers?suite={quote(suite)}")


async def revenir(navigateur: Navigateur, **parametres: str) -> httpx.Response:
    return await navigateur.http.get("/connexion/tiers/retour", params=parametres)


def cookie_de(reponse: httpx.Response) -> Any:
    return next(SimpleCookie(pose)[COOKIE_TIERS] for pose in reponse.headers.get_list("set-cookie") if pose.startswith(COOKIE_TIERS))


async def test_no_button_without_a_provider_nor_when_identity_is_silent(navigateur: Navigateur, api: ApiFactice) -> None:
    for reponse in ({"nom": None}, probleme(503, "indisponible", "Silence.")):
        api.repondre("GET", TIERS, reponse)
        vue = await navigateur.voir("/connexion")
        assert (vue.status_code, "Se connecter avec" in vue.text) == (200, False)


async def test_one_goes_there_and_comes_back_logged_in(navigateur: Navigateur, api: ApiFactice) -> None:
    vue = await navigateur.voir("/connexion?suite=/sessions")
    assert 'href="/connexion/tiers?suite=/sessions"' in vue.text
    assert "Se connecter avec ProConnect" in vue.text
    depart = await partir(navigateur, "/sessions")
    assert (depart.status_code, depart.headers["location"]) == (303, CHEZ_LUI)
    pose = cookie_de(depart)
    assert (pose["secure"], pose["httponly"], pose["samesite"], pose["path"]) == (True, True, "lax", "/")
    assert "nonce-1" not in pose.value
    retour = await revenir(navigateur, code="code-1", state="etat-1")
    assert (retour.status_code, retour.headers["location"]) == (303, "/sessions")
    assert COOKIE_SESSION in navigateur.http.cookies
    assert COOKIE_TIERS not in navigateur.http.cookies
    (corps,) = api.corps("POST", TIERS)
    assert corps.pop("depuis")
    ici = f"{ADRESSE}/connexion/tiers/retour"
    assert corps == {"code": "code-1", "code_verifier": "v" * 48, "nonce": "nonce-1", "redirect_uri": ici}
    assert api.corps("POST", f"{TIERS}/depart") == [{"redirect_uri": ici}]


@pytest.mark.parametrize("state", ["etat-1", "etat-2", ""])
async def test_what_did_not_leave_from_this_browser_opens_nothing(navigateur: Navigateur, api: ApiFactice, state: str) -> None:
    if state != "etat-1":
        await partir(navigateur)
    refus = await revenir(navigateur, code="code-d-un-autre", state=state)
    assert (refus.status_code, "n’est plus en cours" in refus.text) == (410, True)
    assert api.demandes("POST", TIERS) == []
    assert COOKIE_SESSION not in navigateur.http.cookies


async def test_a_return_serves_once(navigateur: Navigateur) -> None:
    await partir(navigateur)
    api_refuse = await revenir(navigateur, code="code-1", state="etat-1")
    assert api_refuse.status_code == 303
    assert (await revenir(navigateur, code="code-1", state="etat-1")).status_code == 410


async def test_a_second_factor_is_asked_on_the_way_back(navigateur: Navigateur, api: ApiFactice) -> None:
    requis = probleme(401, "second-facteur-requis", "Un second facteur est nécessaire.", defi="17.abc.def", moyens=["totp"])
    api.repondre("POST", TIERS, requis)
    await partir(navigateur, "/sessions")
    retour = await revenir(navigateur, code="code-1", state="etat-1")
    assert retour.status_code == 200
    assert 'name="defi" value="17.abc.def"' in retour.text
    assert 'name="suite" value="/sessions"' in retour.text
    assert COOKIE_SESSION not in navigateur.http.cookies


async def test_one_goes_nowhere_else_afterwards(navigateur: Navigateur) -> None:
    await partir(navigateur, "//malin.example/")
    assert (await revenir(navigateur, code="code-1", state="etat-1")).headers["location"] == "/"


@pytest.mark.parametrize(
    ("erreur", "statut", "attendu"),
    [
        ("access_denied", 403, "n’a pas eu votre accord"),
        ("temporarily_unavailable", 503, "ProConnect ne répond pas"),
        ("login_required", 403, "ne vous a pas reconnu"),
    ],
)
async def test_a_refusal_of_the_provider_is_told_in_french(
    navigateur: Navigateur, api: ApiFactice, erreur: str, statut: int, attendu: str
) -> None:
    await partir(navigateur, "/circuit")
    refus = await revenir(navigateur, error=erreur, state="etat-1")
    assert (refus.status_code, attendu in refus.text) == (statut, True)
    assert 'href="/connexion?suite=/circuit"' in refus.text
    assert api.demandes("POST", TIERS) == []


@pytest.mark.parametrize(
    ("statut", "titre"),
    [(403, "Aucun compte n’a l’adresse x@y.example."), (410, "Cette connexion a trop attendu."), (503, "ProConnect ne répond pas.")],
)
async def test_a_refusal_of_identity_is_told(navigateur: Navigateur, api: ApiFactice, statut: int, titre: str) -> None:
    await partir(navigateur)
    api.repondre("POST", TIERS, probleme(statut, "refus", titre, detail="Quoi faire."))
    refus = await revenir(navigateur, code="code-1", state="etat-1")
    assert (refus.status_code, titre in refus.text, "Quoi faire." in refus.text) == (statut, True, True)
    assert COOKIE_SESSION not in navigateur.http.cookies


async def test_a_provider_that_is_down_is_told_before_leaving(navigateur: Navigateur, api: ApiFactice) -> None:
    api.repondre("POST", f"{TIERS}/depart", probleme(503, "fournisseur-muet", "ProConnect ne répond pas pour le moment."))
    refus = await partir(navigateur)
    assert (refus.status_code, "ProConnect ne répond pas" in refus.text) == (503, True)


async def test_an_identity_is_linked_to_ones_account(connecte: Navigateur, api: ApiFactice) -> None:
    assert 'href="/mon-compte/identites"' in (await connecte.voir("/mon-compte")).text
    depart = await connecte.envoyer("/mon-compte/identites", "/mon-compte/identites")
    assert (depart.status_code, depart.headers["refresh"]) == (200, f"0; url={CHEZ_LUI}")
    assert f'href="{CHEZ_LUI}"' in depart.text
    retour = await revenir(connecte, code="code-1", state="etat-1")
    assert retour.headers["location"] == "/mon-compte/identites?fait=liee"
    assert [corps["code"] for corps in api.corps("POST", MIENNES)] == ["code-1"]
    assert api.demandes("POST", TIERS) == []
    assert "ouvre désormais votre compte" in (await connecte.voir("/mon-compte/identites?fait=liee")).text


async def test_nothing_is_linked_to_somebody_else(connecte: Navigateur, api: ApiFactice) -> None:
    await connecte.envoyer("/mon-compte/identites", "/mon-compte/identites")
    await connecte.envoyer("/mon-compte", "/deconnexion")
    refus = await revenir(connecte, code="code-1", state="etat-1")
    assert (refus.status_code, "avant la liaison" in refus.text) == (410, True)
    assert api.demandes("POST", MIENNES) == []


async def test_an_identity_is_taken_away(connecte: Navigateur, api: ApiFactice) -> None:
    vue = await connecte.voir("/mon-compte/identites")
    assert "claire@mairie.example" in vue.text
    action = f"/mon-compte/identites/{IDENTITE['id']}/retrait"
    assert (await connecte.envoyer("/mon-compte/identites", action)).headers["location"] == "/mon-compte/identites?fait=retiree"
    api.repondre("DELETE", f"{MIENNES}/{IDENTITE['id']}", probleme(409, "derniere-facon", "Choisissez d’abord un mot de passe."))
    refus = await connecte.envoyer("/mon-compte/identites", action)
    assert (refus.status_code, "Choisissez d’abord un mot de passe." in refus.text) == (409, True)


async def test_the_last_way_in_has_no_button(connecte: Navigateur, api: ApiFactice) -> None:
    api.repondre("GET", MIENNES, identites(retirable=False))
    vue = await connecte.voir("/mon-compte/identites")
    assert "votre seule façon de vous connecter" in vue.text
    assert "/retrait" not in vue.text
    api.repondre("GET", MIENNES, identites(fournisseur=None, identites=[]))
    assert "Aucun fournisseur d’identité" in (await connecte.voir("/mon-compte/identites")).text


@pytest.mark.parametrize("action", ["/mon-compte/identites", f"/mon-compte/identites/{IDENTITE['id']}/retrait"])
async def test_a_form_that_is_not_ours_does_nothing(connecte: Navigateur, api: ApiFactice, action: str) -> None:
    deja = len(api.recues)
    assert (await connecte.http.post(action, data={"csrf": "forge"})).status_code == 403
    assert len(api.recues) == deja


def test_what_is_kept_is_sealed_and_does_not_last() -> None:
    cookie = sceller(VOYAGE, CLE)
    assert ouvrir(cookie, "etat-1", CLE) == VOYAGE
    assert ouvrir(cookie, "etat-2", CLE) is None
    assert ouvrir(cookie, "etat-1", b"une-autre-cle") is None
    assert ouvrir("forge", "etat-1", CLE) is None
    assert ouvrir(None, "", CLE) is None
    with time_machine.travel(now().timestamp() + DUREE_DU_VOYAGE_SECONDES + 2):
        assert ouvrir(cookie, "etat-1", CLE) is None
