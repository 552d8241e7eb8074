"""The pages of second factors: the second step of the login, one's own factors, those an organisation requires."""

from typing import Any

import httpx
import pytest

from services.web.acces import COOKIE_SESSION
from tests.unit.web.conftest import Navigateur
from tests.unit.web.reponses import COLLECTIVITE_ID, JSON, ApiFactice, acteur, dans, probleme

MOI = "identity/v1/moi/second-facteur"
PAGE = "/mon-compte/second-facteur"
SESSIONS = "identity/v1/sessions/second-facteur"
CLE = {"id": "0d0c5a11-52bd-4c39-8c13-5c2f7d9be0bb", "nom": "Mon téléphone", "cree_le": dans(days=-3), "vue_le": None}
CODES = ["k7mp-9qxt-2fwd-h4ra", "aaaa-bbbb-cccc-dddd"]


def etat(**autres: Any) -> JSON:
    return {"totp_depuis": None, "cles": [], "codes_restants": 0, "attendu": False, **autres}


def requis() -> httpx.Response:
    return probleme(401, "second-facteur-requis", "Un second facteur est nécessaire.", defi="17.abc.def", moyens=["totp", "secours"])


def jetons(qui: JSON) -> JSON:
    return {"access_token": "acces-2", "refresh_token": "renouvellement-2", "expires_in": 600, "acteur": qui}


@pytest.fixture(autouse=True)
def _facteurs(api: ApiFactice, qui: JSON) -> None:
    api.repondre("GET", MOI, etat())
    api.repondre("POST", "identity/v1/sessions/renouvellement", jetons(qui))


async def premiere_etape(navigateur: Navigateur, api: ApiFactice) -> httpx.Response:
    api.repondre("POST", "identity/v1/sessions", requis())
    return await navigateur.se_connecter(suite="/sessions")


def champs(defi: str = "17.abc.def") -> dict[str, str]:
    return {"defi": defi, "moyens": "totp secours", "suite": "/sessions"}


async def confirmer(navigateur: Navigateur, donnees: dict[str, str]) -> httpx.Response:
    """As the second page sends it. The token of the login page is of the same browser."""
    page = (await navigateur.voir("/connexion")).text
    csrf = page.split('name="csrf" value="')[1].split('"')[0]
    return await navigateur.http.post(
        "/connexion/second-facteur", data={"csrf": csrf, **donnees}, headers={"Origin": "https://iel.example"}
    )


async def test_a_right_password_leads_to_the_second_step(navigateur: Navigateur, api: ApiFactice, qui: JSON) -> None:
    page = await premiere_etape(navigateur, api)
    assert page.status_code == 200
    assert "Confirmez que c’est bien vous" in page.text
    assert 'value="17.abc.def"' in page.text
    assert COOKIE_SESSION not in navigateur.http.cookies
    api.repondre("POST", SESSIONS, jetons(qui))
    reponse = await confirmer(navigateur, {**champs(), "code": " 123 456 "})
    assert (reponse.status_code, reponse.headers["location"]) == (303, "/sessions")
    envoye = api.corps("POST", SESSIONS)[0]
    assert (envoye["defi"], envoye["code"]) == ("17.abc.def", "123 456")
    assert COOKIE_SESSION in navigateur.http.cookies


async def test_a_wrong_code_comes_back_to_the_same_step(navigateur: Navigateur, api: ApiFactice) -> None:
    api.repondre("POST", SESSIONS, probleme(401, "code-refuse", "Ce code n’est pas le bon."))
    reponse = await confirmer(navigateur, {**champs(), "code": "000000"})
    assert reponse.status_code == 401
    assert "Ce code n’est pas le bon." in reponse.text
    assert 'name="defi" value="17.abc.def"' in reponse.text
    assert 'name="suite" value="/sessions"' in reponse.text
    vide = await confirmer(navigateur, {**champs(), "code": ""})
    assert (vide.status_code, 'id="code-erreur"' in vide.text) == (422, True)


async def test_a_challenge_that_is_over_leads_back_to_the_login(navigateur: Navigateur, api: ApiFactice) -> None:
    api.repondre("POST", SESSIONS, probleme(401, "defi-perime", "Cette étape de connexion a expiré."))
    reponse = await confirmer(navigateur, {**champs(), "code": "000000"})
    assert "Cette étape de connexion a expiré." in reponse.text
    assert 'action="/connexion"' in reponse.text
    assert 'name="suite" value="/sessions"' in reponse.text


async def test_an_application_is_added_and_its_recovery_codes_shown_once(connecte: Navigateur, api: ApiFactice) -> None:
    secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    api.repondre("PUT", f"{MOI}/totp", {"secret": secret, "adresse": f"otpauth://totp/x?secret={secret}"})
    page = await connecte.envoyer(PAGE, f"{PAGE}/totp/preparation")
    assert secret in page.text
    assert 'src="data:image/svg+xml' in page.text
    csrf = page.text.split('name="csrf" value="')[1].split('"')[0]
    erreurs = [{"champ": "code", "message": "Ce code n’est pas celui de l’application."}]
    api.repondre("POST", f"{MOI}/totp/activation", probleme(422, "saisie-invalide", "La saisie est à corriger.", errors=erreurs))
    faux = await connecte.http.post(f"{PAGE}/totp", data={"csrf": csrf, "code": "000000"})
    assert (faux.status_code, secret in faux.text, "n’est pas celui de l’application" in faux.text) == (422, True, True)
    api.repondre("POST", f"{MOI}/totp/activation", {"codes": CODES})
    juste = await connecte.http.post(f"{PAGE}/totp", data={"csrf": csrf, "code": "123456"})
    assert all(code in juste.text for code in CODES)
    assert api.demandes("POST", "identity/v1/sessions/renouvellement")


async def test_removing_asks_the_password(connecte: Navigateur, api: ApiFactice) -> None:
    api.repondre("GET", MOI, etat(totp_depuis=dans(days=-1), cles=[CLE], codes_restants=9))
    retrait = f"{PAGE}/cles/{CLE['id']}/retrait"
    vide = await connecte.envoyer(PAGE, retrait)
    assert (vide.status_code, f'id="cle-{CLE["id"]}-mot_de_passe-erreur"' in vide.text) == (422, True)
    api.repondre("POST", f"{MOI}/cles/{CLE['id']}/retrait", httpx.Response(204))
    reponse = await connecte.envoyer(PAGE, retrait, mot_de_passe="secret")
    assert (reponse.status_code, reponse.headers["location"]) == (303, f"{PAGE}?fait=retire")
    assert api.corps("POST", f"{MOI}/cles/{CLE['id']}/retrait") == [{"mot_de_passe": "secret"}]


async def test_a_passkey_without_a_name_is_kept_to_be_named(connecte: Navigateur) -> None:
    reponse = await connecte.envoyer(PAGE, f"{PAGE}/cles", nom=" ")
    assert (reponse.status_code, 'id="nom-erreur"' in reponse.text) == (422, True)


class TestExige:
    @pytest.fixture
    def qui(self) -> JSON:
        return {**acteur("gestionnaire_principal"), "droits": [], "second_facteur_attendu": True}

    async def test_who_must_have_one_is_led_to_add_it(self, connecte: Navigateur, api: ApiFactice) -> None:
        api.repondre("GET", MOI, etat(attendu=True))
        page = await connecte.voir("/inscriptions")
        assert page.url.path == PAGE
        assert "Votre organisation exige un second facteur." in page.text
        assert (await connecte.voir("/mon-compte/second-facteur")).status_code == 200
        assert (await connecte.voir("/accessibilite")).url.path == "/accessibilite"


class TestReglage:
    @pytest.fixture
    def qui(self) -> JSON:
        return acteur("gestionnaire_principal")

    async def test_the_gestionnaire_principal_requires_it(self, connecte: Navigateur, api: ApiFactice) -> None:
        exigence = f"identity/v1/collectivites/{COLLECTIVITE_ID}/second-facteur"
        api.repondre("GET", exigence, {"exige": False})
        api.repondre("PUT", exigence, probleme(409, "sans-second-facteur", "Ajoutez d’abord un second facteur à votre propre compte."))
        refus = await connecte.envoyer("/collectivite/securite", "/collectivite/securite", exige="oui")
        assert (refus.status_code, "Ajoutez d’abord un second facteur" in refus.text) == (409, True)
        api.repondre("PUT", exigence, {"exige": True})
        reponse = await connecte.envoyer("/collectivite/securite", "/collectivite/securite", exige="oui")
        assert reponse.headers["location"] == "/collectivite/securite?enregistre=1"
        assert api.corps("PUT", exigence)[-1] == {"exige": True}


STRUCTURES = "identity/v1/structures/second-facteur"


class TestHelp:
    """For those who lost their factors; and what the structures require."""

    @pytest.fixture
    def qui(self) -> JSON:
        return acteur("administrateur")

    @pytest.fixture(autouse=True)
    def _structures(self, api: ApiFactice) -> None:
        bretagne = {"code": "BRE", "nom": "Délégation Bretagne", "second_facteur_exige": True}
        normandie = {"code": "NOR", "nom": "Délégation Normandie", "second_facteur_exige": False}
        api.repondre("GET", STRUCTURES, [bretagne, normandie])
        for code in ("BRE", "NOR"):
            api.repondre("PUT", f"identity/v1/structures/{code}/second-facteur", {"exige": True})

    async def test_only_the_boxes_that_changed_are_sent(self, connecte: Navigateur, api: ApiFactice) -> None:
        vue = (await connecte.voir("/securite")).text
        assert 'value="BRE" checked' in vue
        reponse = await connecte.envoyer("/securite", "/securite/structures", exigent="NOR")
        assert (reponse.status_code, reponse.headers["location"]) == (303, "/securite?enregistre=1")
        assert api.corps("PUT", "identity/v1/structures/BRE/second-facteur") == [{"exige": False}]
        assert api.corps("PUT", "identity/v1/structures/NOR/second-facteur") == [{"exige": True}]

    async def test_someone_is_helped_with_a_motif(self, connecte: Navigateur, api: ApiFactice) -> None:
        sans = await connecte.envoyer("/securite", "/securite/secours", identifiant="erwan.tanguy", motif=" ")
        assert (sans.status_code, 'value="erwan.tanguy"' in sans.text, 'id="motif-erreur"' in sans.text) == (422, True, True)
        api.repondre("POST", "identity/v1/comptes/secours", {"nom": "Erwan Tanguy"})
        reponse = await connecte.envoyer("/securite", "/securite/secours", identifiant=" erwan.tanguy ", motif="Téléphone perdu.")
        assert (reponse.status_code, reponse.headers["location"]) == (303, "/securite?secouru=1")
        assert api.corps("POST", "identity/v1/comptes/secours") == [{"identifiant": "erwan.tanguy", "motif": "Téléphone perdu."}]
