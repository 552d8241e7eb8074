"""The form of the identifiants of a collectivité, in a browser without JavaScript."""

import re

import httpx
import pytest

from tests.unit.web.conftest import Navigateur
from tests.unit.web.reponses import JSON, ApiFactice, acteur, probleme

PAGE = "/collectivite/identifiants"
API = "identity/v1/identifiants"
LIGNE = {"nom": "Claire Le Bris", "actuel": "claire.lebris", "nouveau": "roc-00936"}


def apercu(changent: int) -> JSON:
    return {"total": 12, "changent": changent, "lignes": [LIGNE] * min(changent, 10)}


@pytest.fixture
def qui() -> JSON:
    return acteur("gestionnaire_principal")


@pytest.fixture(autouse=True)
def _identifiants(api: ApiFactice) -> None:
    api.repondre("GET", API, {"forme": "prenom_nom", "prefixe": ""})
    api.repondre("PUT", API, {"forme": "matricule", "prefixe": "roc-"})
    api.repondre("GET", f"{API}/apercu", apercu(0))
    api.repondre("POST", f"{API}/application", {"changes": 11})


async def test_a_form_is_tried_before_it_is_kept(connecte: Navigateur, api: ApiFactice) -> None:
    vue = await connecte.voir(PAGE)
    assert "Tous les identifiants ont déjà cette forme" in vue.text
    assert f'action="{PAGE}/application"' not in vue.text
    api.repondre("GET", f"{API}/apercu", apercu(11))
    essai = await connecte.envoyer(PAGE, PAGE, forme="matricule", prefixe=" roc- ", geste="essayer")
    assert (essai.status_code, "11 comptes changeraient d’identifiant, sur 12" in essai.text) == (200, True)
    assert essai.text.count("roc-00936</td>") == 10
    assert re.search(r'value="matricule"\s+checked', essai.text)
    assert f'action="{PAGE}/application"' not in essai.text
    assert dict(api.demandes("GET", f"{API}/apercu")[-1].url.params) == {"forme": "matricule", "prefixe": "roc-"}
    assert api.demandes("PUT", API) == []


async def test_it_is_kept_then_applied(connecte: Navigateur, api: ApiFactice) -> None:
    garde = await connecte.envoyer(PAGE, PAGE, forme="matricule", prefixe="roc-", geste="enregistrer")
    assert garde.headers["location"] == f"{PAGE}?fait=regle"
    assert api.corps("PUT", API) == [{"forme": "matricule", "prefixe": "roc-"}]
    assert api.demandes("PUT", API)[0].headers["If-Match"] == '"prenom_nom:"'
    api.repondre("GET", API, {"forme": "matricule", "prefixe": "roc-"})
    api.repondre("GET", f"{API}/apercu", apercu(11))
    assert "comptes à venir" in (await connecte.voir(f"{PAGE}?fait=regle")).text
    fait = await connecte.envoyer(PAGE, f"{PAGE}/application")
    assert fait.headers["location"] == f"{PAGE}?fait=applique&nombre=11"
    assert "11 comptes ont changé" in (await connecte.voir(f"{PAGE}?fait=applique&nombre=11")).text
    assert (await connecte.voir(f"{PAGE}?fait=applique&nombre=²")).status_code == 200


@pytest.mark.parametrize(("geste", "methode", "chemin"), [("essayer", "GET", f"{API}/apercu"), ("enregistrer", "PUT", API)])
async def test_what_is_wrong_is_told_and_what_was_typed_stays(
    connecte: Navigateur, api: ApiFactice, geste: str, methode: str, chemin: str
) -> None:
    erreurs = [{"champ": "prefixe", "message": "Écrivez une à dix lettres."}]
    refus = probleme(422, "saisie-invalide", "La saisie est à corriger.", errors=erreurs)
    jeton = (await connecte.voir(PAGE)).text.split('name="csrf" value="')[1].split('"')[0]
    if methode == "GET":
        # The rule that is kept can always be shown.
        api.repondre("GET", chemin, lambda r: refus if r.url.params["forme"] == "matricule" else _ok(apercu(0)))
    else:
        api.repondre(methode, chemin, refus)
    reponse = await connecte.http.post(PAGE, data={"csrf": jeton, "forme": "matricule", "prefixe": "é", "depuis": "x", "geste": geste})
    assert reponse.status_code == 422
    assert 'value="é"' in reponse.text
    assert 'id="prefixe-erreur"' in reponse.text


def _ok(corps: JSON) -> httpx.Response:
    return httpx.Response(200, json=corps)


@pytest.mark.parametrize("action", [PAGE, f"{PAGE}/application"])
async def test_a_form_that_is_not_ours_does_nothing(connecte: Navigateur, api: ApiFactice, action: str) -> None:
    deja = len(api.recues)
    assert (await connecte.http.post(action, data={"csrf": "forge"})).status_code == 403
    assert len(api.recues) == deja
