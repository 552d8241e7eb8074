"""A conseiller changes how many a session expects and how it takes them."""

from html import unescape

import pytest

from tests.unit.web.conftest import Navigateur
from tests.unit.web.reponses import JSON, SESSION_ID, STAGE, ApiFactice, acteur, dans, probleme
from tests.unit.web.test_pages import bien_compose, texte

SESSION = f"/sessions/{SESSION_ID}"
ADRESSE = f"{SESSION}/accueil"
REGLER = f"catalogue/v1/sessions/{SESSION_ID}/accueil"
CHANGEMENT = {
    "version": 3,
    "le": dans(days=-1),
    "par": "Gwenaëlle Le Goff",
    "motif": "Une salle plus grande.",
    "champs": [{"champ": "Effectif attendu", "avant": "12", "apres": "15"}],
}
REGLAGES = {"effectif_attendu": "18", "effectif_minimum": "8", "mode_admission": "au_fil_de_l_eau", "motif": "Une salle plus grande."}


@pytest.fixture
def qui() -> JSON:
    return acteur("conseiller")


@pytest.fixture(autouse=True)
def changements(api: ApiFactice) -> None:
    api.repondre("GET", f"catalogue/v1/sessions/{SESSION_ID}/changements", [CHANGEMENT])


async def test_the_session_leads_there_who_publishes_it(connecte: Navigateur) -> None:
    assert f'href="{ADRESSE}"' in (await connecte.voir(SESSION)).text


async def test_it_shows_what_is_and_who_changed_it(connecte: Navigateur) -> None:
    page = await connecte.voir(ADRESSE)
    bien_compose(page)
    lu = " ".join(texte(page.text).split())
    assert "Gwenaëlle Le Goff" in lu
    assert "Effectif attendu : « 12 » devient « 15 »" in lu
    assert 'value="sur_selection"' in page.text


async def test_what_is_sent_is_marked_as_read(connecte: Navigateur, api: ApiFactice) -> None:
    api.repondre("PUT", REGLER, STAGE)
    reponse = await connecte.envoyer(ADRESSE, ADRESSE, **REGLAGES)
    assert reponse.headers["location"] == f"{ADRESSE}?enregistre=1"
    (demande,) = api.demandes("PUT", REGLER)
    assert demande.headers["If-Match"] == STAGE["etiquette"]
    assert api.corps("PUT", REGLER) == [
        {
            "effectif_attendu": 18,
            "effectif_minimum": 8,
            "mode_admission": "au_fil_de_l_eau",
            "liste_attente": False,
            "motif": "Une salle plus grande.",
        }
    ]


async def test_a_number_that_is_none_is_told_and_nothing_is_sent(connecte: Navigateur, api: ApiFactice) -> None:
    page = await connecte.envoyer(ADRESSE, ADRESSE, **{**REGLAGES, "effectif_attendu": "dix-huit"})
    assert page.status_code == 422
    assert "Écrivez un nombre entier." in page.text
    assert 'value="dix-huit"' in page.text
    assert api.demandes("PUT", REGLER) == []


async def test_changed_meanwhile_says_so_and_may_be_sent_again(connecte: Navigateur, api: ApiFactice) -> None:
    api.repondre("PUT", REGLER, probleme(412, "modifie-entre-temps", "Cette session a changé depuis que vous l’avez ouverte."))
    api.repondre("GET", f"catalogue/v1/sessions/{SESSION_ID}", {**STAGE, "etiquette": '"4"'})
    page = await connecte.envoyer(ADRESSE, ADRESSE, **REGLAGES)
    assert page.status_code == 412
    lue = unescape(page.text)
    assert "Cette session a changé" in lue
    assert 'name="lue" value=""4""' in lue
    assert 'value="18"' in lue
