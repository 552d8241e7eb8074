"""The pages of mandates: read, proposed, decided upon, nothing typed lost."""

from typing import Any

import pytest

from tests.unit.web.conftest import Navigateur
from tests.unit.web.reponses import JSON, ApiFactice, acteur, dans, probleme
from tests.unit.web.test_pages import MAL_ESPACE, texte

MANDAT_ID = "0d0c5a11-52bd-4c39-8c13-5c2f7d9be0cc"
MANDATS, UN_MANDAT = "identity/v1/mandats", f"identity/v1/mandats/{MANDAT_ID}"
PAGE, UNE_PAGE = "/collectivite/mandats", f"/collectivite/mandats/{MANDAT_ID}"
CDG = {"siret": "28350952900014", "nom": "Centre de gestion d’Ille-et-Vilaine (CDG 35)", "ville": "Thorigné-le-Moulin"}
SAISIE = {"siret": CDG["siret"], "cote": "mandant", "debut": "2027-01-01", "fin": "2027-12-31", "portee": "demandes"}


def mandat(**autrement: Any) -> JSON:
    return {
        "id": MANDAT_ID,
        "mandant": {"siret": "21350950800015", "nom": "Ville de Rochebrune-sur-Vilaine", "ville": "Rochebrune-sur-Vilaine"},
        "mandataire": CDG,
        "debut": "2027-01-01",
        "fin": "2028-01-01",
        "portee": ["demandes"],
        "etat": "propose",
        "cote": "mandant",
        "actes": ["accepter", "refuser"],
        "faits": [{"libelle": "Proposé", "par": "Chloé Guillou", "le": dans(days=-1), "motif": ""}],
        **autrement,
    }


@pytest.fixture
def qui() -> JSON:
    return acteur("gestionnaire_principal")


@pytest.fixture(autouse=True)
def _mandats(api: ApiFactice) -> None:
    fini = mandat(id="0d0c5a11-52bd-4c39-8c13-5c2f7d9be0cd", etat="revoque", actes=[], fin=None)
    api.repondre("GET", MANDATS, {"elements": [mandat(), fini], "suivant": None})
    api.repondre("GET", UN_MANDAT, mandat())
    api.repondre("POST", MANDATS, mandat())
    api.repondre("GET", f"{MANDATS}/collectivites", [CDG])
    api.repondre("POST", f"{UN_MANDAT}/decision", mandat(etat="accepte"))


@pytest.mark.parametrize("chemin", [PAGE, UNE_PAGE, f"{PAGE}?q=gestion"])
async def test_the_pages_are_well_set(connecte: Navigateur, chemin: str) -> None:
    reponse = await connecte.voir(chemin)
    assert reponse.status_code == 200
    assert MAL_ESPACE.findall(texte(reponse.text)) == []
    assert "agit pour vous" in reponse.text
    assert "31\N{NO-BREAK SPACE}décembre\N{NO-BREAK SPACE}2027" in reponse.text


async def test_the_other_is_found_then_chosen(connecte: Navigateur) -> None:
    trouvee = (await connecte.voir(f"{PAGE}?q=gestion")).text
    assert f'href="{PAGE}?siret={CDG["siret"]}#siret"' in trouvee
    assert f'value="{CDG["siret"]}"' in (await connecte.voir(f"{PAGE}?siret={CDG['siret']}")).text


async def test_a_vague_search_is_told(connecte: Navigateur, api: ApiFactice) -> None:
    erreurs = [{"champ": "q", "message": "Écrivez trois lettres ou un SIRET."}]
    api.repondre("GET", f"{MANDATS}/collectivites", probleme(422, "saisie-invalide", "La recherche est à préciser.", errors=erreurs))
    reponse = await connecte.voir(f"{PAGE}?q=x")
    assert (reponse.status_code, 'id="q-erreur"' in reponse.text) == (422, True)


async def test_the_last_day_becomes_the_first_day_out(connecte: Navigateur, api: ApiFactice) -> None:
    reponse = await connecte.envoyer(PAGE, PAGE, **SAISIE)
    assert reponse.headers["location"] == f"{UNE_PAGE}?fait=propose"
    assert api.corps("POST", MANDATS) == [
        {"siret": CDG["siret"], "cote": "mandant", "debut": "2027-01-01", "fin": "2028-01-01", "portee": ["demandes"]}
    ]


async def test_what_is_wrong_is_told_and_nothing_is_lost(connecte: Navigateur, api: ApiFactice) -> None:
    reponse = await connecte.envoyer(PAGE, PAGE, siret="2835", debut="demain", fin="2027-12-31")
    assert reponse.status_code == 422
    for champ in ("cote", "debut", "portee"):
        assert f'href="#{champ}"' in reponse.text
    assert 'value="2835"' in reponse.text
    assert api.demandes("POST", MANDATS) == []


async def test_a_last_day_without_a_morrow_is_refused(connecte: Navigateur) -> None:
    reponse = await connecte.envoyer(PAGE, PAGE, **{**SAISIE, "fin": "9999-12-31"})
    assert (reponse.status_code, 'href="#fin"' in reponse.text) == (422, True)


async def test_an_overlap_names_the_other_mandate(connecte: Navigateur, api: ApiFactice) -> None:
    phrase = "Rochebrune a déjà donné mandat à CDG 35."
    api.repondre("POST", MANDATS, probleme(409, "mandat-en-concurrence", phrase))
    reponse = await connecte.envoyer(PAGE, PAGE, **SAISIE)
    assert reponse.status_code == 409
    assert phrase in reponse.text
    assert 'value="2027-12-31"' in reponse.text


async def test_one_decides(connecte: Navigateur, api: ApiFactice) -> None:
    reponse = await connecte.envoyer(UNE_PAGE, f"{UNE_PAGE}/decision")
    assert reponse.headers["location"] == f"{UNE_PAGE}?fait=accepter"
    assert api.corps("POST", f"{UN_MANDAT}/decision") == [{"acte": "accepter", "motif": ""}]


async def test_a_motif_is_asked_beside_its_field(connecte: Navigateur, api: ApiFactice) -> None:
    erreurs = [{"champ": "motif", "message": "Dites pourquoi à l’autre collectivité."}]
    api.repondre("POST", f"{UN_MANDAT}/decision", probleme(422, "saisie-invalide", "Cette décision se motive.", errors=erreurs))
    reponse = await connecte.envoyer(UNE_PAGE, f"{UNE_PAGE}/decision", acte="refuser", motif=" ")
    assert (reponse.status_code, 'id="refuser-motif-erreur"' in reponse.text) == (422, True)


async def test_a_decision_that_comes_too_late_is_told(connecte: Navigateur, api: ApiFactice) -> None:
    reponse_api = probleme(409, "mandat-autre-etat", "Ce mandat n’attend pas cette décision.")
    api.repondre("POST", f"{UN_MANDAT}/decision", reponse_api)
    reponse = await connecte.envoyer(UNE_PAGE, f"{UNE_PAGE}/decision", acte="revoquer", motif="Fin.")
    assert (reponse.status_code, "Ce mandat n’attend pas cette décision." in reponse.text) == (409, True)
