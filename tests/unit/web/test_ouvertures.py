"""The openings as a délégation sees them, on canned answers."""

import re

import httpx
import pytest

from tests.unit.web.conftest import ADRESSE, Navigateur
from tests.unit.web.reponses import JSON, ApiFactice, acteur, dans, probleme

OUVERTURE_ID = "9d0c5a11-52bd-4c39-8c13-5c2f7d9be009"
CHEMIN = f"identity/v1/ouvertures/{OUVERTURE_ID}"


def ouverture(**autres: object) -> JSON:
    return {
        "id": OUVERTURE_ID,
        "siret": "21290950900017",
        "nom": "Commune de Lanvaux",
        "email": "mairie@lanvaux.example",
        "departement": "35",
        "delegation": "BRE",
        "etape": "codes_remis",
        "cree_le": dans(days=-1),
        "depose_le": None,
        "code": "35-K7M2-9QXT",
        "codes_expirent_le": dans(days=59),
        "dossier": {},
        "faits": [],
        **autres,
    }


@pytest.fixture
def qui() -> JSON:
    return acteur("conseiller")


@pytest.fixture(autouse=True)
def reponses(api: ApiFactice) -> None:
    api.repondre("GET", CHEMIN, ouverture())
    api.repondre("GET", "identity/v1/ouvertures", {"elements": [ouverture()], "suivant": None})
    api.repondre("POST", "identity/v1/ouvertures", httpx.Response(201, json=ouverture()))


async def remettre(navigateur: Navigateur, champs: dict[str, str]) -> None:
    """The page holds a search that goes to the same address: its form is the one that posts."""
    formulaire = (await navigateur.voir("/ouvertures")).text.partition('<form method="post" action="/ouvertures">')[2]
    caches = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', formulaire))
    reponse = await navigateur.http.post("/ouvertures", data={**caches, **champs}, headers={"Origin": ADRESSE})
    assert reponse.headers["location"] == f"/ouvertures/{OUVERTURE_ID}"


async def test_the_letter_is_a_click_away_while_it_serves(connecte: Navigateur, api: ApiFactice) -> None:
    assert f'href="/ouvertures/{OUVERTURE_ID}/lettre"' in (await connecte.voir(f"/ouvertures/{OUVERTURE_ID}")).text
    for autrement in ({"codes_expirent_le": dans(days=-1)}, {"etape": "operationnelle"}):
        api.repondre("GET", CHEMIN, ouverture(**autrement))
        assert "/lettre" not in (await connecte.voir(f"/ouvertures/{OUVERTURE_ID}")).text


async def test_the_letter_is_brought_and_kept_by_no_browser(connecte: Navigateur, api: ApiFactice) -> None:
    entetes = {"Content-Disposition": 'inline; filename="lettre.pdf"', "Content-Type": "application/pdf"}
    api.repondre("GET", f"{CHEMIN}/lettre", httpx.Response(200, content=b"%PDF-1.4", headers=entetes))
    reponse = await connecte.voir(f"/ouvertures/{OUVERTURE_ID}/lettre")
    assert (reponse.content, reponse.headers["content-type"]) == (b"%PDF-1.4", "application/pdf")
    assert reponse.headers["cache-control"] == "no-store"


async def test_a_letter_that_would_mislead_is_refused_in_words(connecte: Navigateur, api: ApiFactice) -> None:
    api.repondre("GET", f"{CHEMIN}/lettre", probleme(409, "codes-utilises", "Ces codes ont déjà servi."))
    reponse = await connecte.voir(f"/ouvertures/{OUVERTURE_ID}/lettre")
    assert reponse.status_code == 409
    assert "Ces codes ont déjà servi." in reponse.text


async def test_the_postal_address_is_sent_when_it_is_known(connecte: Navigateur, api: ApiFactice) -> None:
    champs = {"siret": "21290950900017", "nom": "Lanvaux", "email": "m@l.example", "departement": "35"}
    await remettre(connecte, {**champs, "adresse": "1, place de l’Église", "code_postal": "35950", "ville": "Lanvaux"})
    await remettre(connecte, {**champs, "adresse": "", "code_postal": "", "ville": ""})
    avec, sans = api.corps("POST", "identity/v1/ouvertures")
    assert (avec["adresse"], avec["code_postal"], avec["ville"]) == ("1, place de l’Église", "35950", "Lanvaux")
    assert sans == champs
