"""For whom one acts: shown when there is a choice, changed by a form, never mistaken for another."""

import re
from datetime import timedelta
from uuid import UUID

import httpx
import pytest

from services.contracts.acteur import Mandat
from services.kit.clock import now
from services.web.formats import signature
from services.web.session import Sessions, SessionWeb
from tests.unit.web.conftest import ADRESSE, Navigateur
from tests.unit.web.reponses import JSON, ApiFactice, CoffreEnMemoire, acteur, probleme
from tests.unit.web.test_session import client

CDG, SAINT_GWENN = "Centre de gestion d’Ille-et-Vilaine (CDG 35)", "Commune de Saint-Gwenn-des-Bois"
ICI, LA = "b1a2c3d4-0000-4000-8000-00000000000a", "b1a2c3d4-0000-4000-8000-00000000000b"
BASCULE = "identity/v1/sessions/bascule"


def places(courante: str) -> list[JSON]:
    return [
        {"id": ICI, "organisation": CDG, "roles": ["Gestionnaire principal"], "mandataire": None, "courante": courante == ICI},
        {"id": LA, "organisation": SAINT_GWENN, "roles": ["Gestionnaire principal"], "mandataire": CDG, "courante": courante == LA},
    ]


def jetons(courante: str) -> JSON:
    sous_mandat = {"mandat": Mandat(id=UUID(LA), mandataire="CDG 35", mandant=SAINT_GWENN)} if courante == LA else {}
    qui = acteur("gestionnaire_principal", **sous_mandat)
    return {"access_token": "acces", "refresh_token": "suite", "expires_in": 600, "acteur": qui, "appartenances": places(courante)}


@pytest.fixture
def qui() -> JSON:
    return acteur("gestionnaire_principal")


@pytest.fixture
def plusieurs(api: ApiFactice) -> ApiFactice:
    """Someone who may act for two."""
    api.repondre("POST", "identity/v1/sessions", jetons(ICI))
    api.repondre("GET", "identity/v1/moi", {"acteur": jetons(ICI)["acteur"], "organisation": CDG})
    api.repondre("GET", "identity/v1/moi/appartenances", places(ICI))
    api.repondre("POST", BASCULE, lambda request: httpx.Response(200, json=jetons(LA if LA in request.content.decode() else ICI)))
    return api


async def csrf_de(navigateur: Navigateur) -> str:
    (jeton, *_) = re.findall(r'name="csrf" value="([^"]*)"', (await navigateur.voir("/")).text)
    return str(jeton)


async def test_no_selector_without_a_choice(connecte: Navigateur) -> None:
    assert "J’agis pour" not in (await connecte.voir("/")).text


async def test_one_goes_to_act_for_another(plusieurs: ApiFactice, navigateur: Navigateur) -> None:
    await navigateur.se_connecter()
    accueil = (await navigateur.voir("/")).text
    assert "J’agis pour" in accueil
    assert f'<option value="{LA}" >{SAINT_GWENN} (mandat)' in accueil
    reponse = await navigateur.envoyer("/", "/organisation", vers=LA)
    assert (reponse.status_code, reponse.headers["location"]) == (303, "/organisation?change=1")
    assert plusieurs.corps("POST", BASCULE) == [{"refresh_token": "suite", "vers": LA}]
    plusieurs.repondre("GET", "identity/v1/moi/appartenances", places(LA))
    page = (await navigateur.voir("/organisation?change=1")).text
    assert f"Vous agissez maintenant pour {SAINT_GWENN}" in page
    assert f"Claire Le Bris (CDG 35) pour {SAINT_GWENN}" in page
    assert f"{SAINT_GWENN}, sous mandat" in page


async def test_a_form_opened_before_does_not_act_for_the_other(plusieurs: ApiFactice, navigateur: Navigateur) -> None:
    await navigateur.se_connecter()
    avant = await csrf_de(navigateur)
    await navigateur.envoyer("/", "/organisation", vers=LA)
    assert await csrf_de(navigateur) != avant
    deja = len(plusieurs.recues)
    refus = await navigateur.http.post("/circuit", data={"csrf": avant}, headers={"Origin": ADRESSE})
    assert refus.status_code == 409
    assert f"Ce formulaire a été ouvert pour {CDG}." in refus.text
    assert f"Vous agissez maintenant pour {SAINT_GWENN}" in refus.text
    assert {demande.method for demande in plusieurs.recues[deja:]} <= {"GET"}
    # Back at home, it is good again; and logging out is never refused.
    await navigateur.http.post("/organisation", data={"csrf": avant, "vers": ICI}, headers={"Origin": ADRESSE})
    assert await csrf_de(navigateur) == avant
    await navigateur.envoyer("/", "/organisation", vers=LA)
    sortie = await navigateur.http.post("/deconnexion", data={"csrf": avant}, headers={"Origin": ADRESSE})
    assert sortie.headers["location"] == "/connexion?fin=deconnexion"


async def test_an_organisation_that_is_no_longer_ones_own_is_refused_in_words(plusieurs: ApiFactice, navigateur: Navigateur) -> None:
    plusieurs.repondre("POST", BASCULE, probleme(403, "organisation-refusee", "Vous ne pouvez pas agir pour cette organisation."))
    await navigateur.se_connecter()
    reponse = await navigateur.envoyer("/", "/organisation", vers=LA)
    assert reponse.status_code == 403
    assert "Vous ne pouvez pas agir pour cette organisation." in reponse.text
    assert CDG in (await navigateur.voir("/")).text


async def test_a_forged_form_changes_nothing(plusieurs: ApiFactice, navigateur: Navigateur) -> None:
    await navigateur.se_connecter()
    assert (await navigateur.http.post("/organisation", data={"csrf": "forge", "vers": LA})).status_code == 403
    assert plusieurs.demandes("POST", BASCULE) == []


async def test_a_mandate_that_ends_brings_one_home(plusieurs: ApiFactice, coffre: CoffreEnMemoire) -> None:
    plusieurs.repondre("POST", "identity/v1/sessions/renouvellement", {**jetons(ICI), "appartenances": places(ICI)[:1]})
    sessions, api = Sessions(coffre), client(plusieurs)
    chez_elle = SessionWeb.ouverte(await api.ouvrir_session("claire.lebris", "secret", depuis=""), CDG)
    identifiant = await sessions.ouvrir(chez_elle)
    sous_mandat = await sessions.basculer(identifiant, api, LA)
    assert sous_mandat is not None
    assert (sous_mandat.organisation, sous_mandat.formulaire_d_ailleurs(chez_elle.csrf)) == (SAINT_GWENN, CDG)
    perimee = sous_mandat.model_copy(update={"expire_le": now() + timedelta(seconds=1)})
    apres = await sessions.lire_vivante(await sessions.ouvrir(perimee), api)
    assert apres is not None
    assert (apres.organisation, apres.csrf, apres.acteur.mandat) == (CDG, chez_elle.csrf, None)
    assert apres.formulaire_d_ailleurs(sous_mandat.csrf) == SAINT_GWENN


@pytest.mark.parametrize(
    ("par", "pour", "lu"),
    [
        ("Solène Morvan", "Rochebrune, par délégation du maire", "Solène Morvan pour Rochebrune, par délégation du maire"),
        ("Chloé Guillou (CDG 35) pour Rochebrune", "Rochebrune, par délégation", "Chloé Guillou (CDG 35) pour Rochebrune, par délégation"),
        ("Anne", "", "Anne"),
        ("", "Rochebrune", "pour Rochebrune"),
    ],
)
def test_for_whom_is_said_once(par: str, pour: str, lu: str) -> None:
    assert signature(par, pour) == lu
