"""Collectivités as a délégation keeps them, and what their people read when theirs does not work; on canned answers."""

from collections.abc import Callable

import httpx
import pytest

from tests.unit.web.conftest import Navigateur
from tests.unit.web.reponses import COLLECTIVITE_ID, JSON, ApiFactice, acteur, dans, probleme

CHEMIN = f"identity/v1/collectivites/{COLLECTIVITE_ID}"
PAGE = f"/collectivites/{COLLECTIVITE_ID}"
MOTIF = "Fusion de la commune au 1er janvier."


def collectivite(**autres: object) -> JSON:
    return {
        "id": COLLECTIVITE_ID,
        "siret": "21350950800015",
        "nom": "Ville de Rochebrune-sur-Vilaine",
        "nature": "commune",
        "departement": "35",
        "delegation": "BRE",
        "ville": "Rochebrune-sur-Vilaine",
        "etat": "operationnelle",
        "code_insee": "35950",
        "effectif": 1200,
        "adresse": "1, place de l’Hôtel de Ville",
        "code_postal": "35950",
        "email": "mairie@rochebrune.example",
        "preinscription_agents": True,
        "autorite_nom": "Jeanne Simon",
        "autorite_qualite": "maire",
        **autres,
    }


def situation(etat: str = "operationnelle", *, possibles: tuple[str, ...] = (), changements: tuple[JSON, ...] = ()) -> JSON:
    return {
        "collectivite_id": COLLECTIVITE_ID,
        "nom": "Ville de Rochebrune-sur-Vilaine",
        "etat": etat,
        "delegation_nom": "Délégation Bretagne",
        "delegation_email": "bretagne@organisme.example",
        "possibles": list(possibles),
        "changements": list(changements),
    }


def changement(depuis: str = "operationnelle", vers: str = "suspendue", motif: str = MOTIF) -> JSON:
    return {"depuis": depuis, "vers": vers, "motif": motif, "par": "Gwenaëlle Le Goff", "change_le": dans(days=-1)}


@pytest.fixture
def qui() -> JSON:
    return acteur("conseiller")


@pytest.fixture(autouse=True)
def reponses(api: ApiFactice) -> None:
    api.repondre("GET", "identity/v1/collectivites", {"elements": [collectivite()], "suivant": "suite"})
    api.repondre("GET", CHEMIN, collectivite())
    api.repondre("GET", f"{CHEMIN}/situation", situation(possibles=("suspendue", "close")))
    api.repondre("POST", f"{CHEMIN}/etat", httpx.Response(201, json=situation("suspendue", possibles=("operationnelle",))))


async def test_the_list_is_searched_narrowed_and_turned(connecte: Navigateur, api: ApiFactice) -> None:
    texte = (await connecte.voir("/collectivites?q=roche+brune&etat=suspendue")).text
    assert f'href="{PAGE}"' in texte
    assert "/collectivites?q=roche+brune&amp;etat=suspendue&amp;cursor=suite" in texte
    demande = api.demandes("GET", "identity/v1/collectivites")[-1]
    assert dict(demande.url.params) == {"q": "roche brune", "etat": "suspendue"}
    assert (await connecte.voir("/collectivites?etat=inconnu")).status_code == 200


async def test_nothing_found_says_so(connecte: Navigateur, api: ApiFactice) -> None:
    api.repondre("GET", "identity/v1/collectivites", {"elements": [], "suivant": None})
    assert "Aucune collectivité ne correspond" in (await connecte.voir("/collectivites?q=x")).text


async def test_a_change_is_sent_with_its_ground_and_a_key(connecte: Navigateur, api: ApiFactice) -> None:
    reponse = await connecte.envoyer(PAGE, f"{PAGE}/etat", etat="suspendue", motif=MOTIF)
    assert (reponse.status_code, reponse.headers["location"]) == (303, PAGE)
    (demande,) = api.demandes("POST", f"{CHEMIN}/etat")
    assert api.corps("POST", f"{CHEMIN}/etat") == [{"etat": "suspendue", "motif": MOTIF}]
    assert demande.headers["idempotency-key"]


async def test_without_a_ground_the_form_comes_back(connecte: Navigateur, api: ApiFactice) -> None:
    reponse = await connecte.envoyer(PAGE, f"{PAGE}/etat", etat="suspendue", motif=" ")
    assert reponse.status_code == 422
    assert 'id="motif-erreur"' in reponse.text
    assert api.demandes("POST", f"{CHEMIN}/etat") == []


async def test_a_change_that_came_too_late_keeps_what_was_typed(connecte: Navigateur, api: ApiFactice) -> None:
    api.repondre("POST", f"{CHEMIN}/etat", probleme(409, "etat-refuse", "Cette collectivité est déjà suspendue."))
    reponse = await connecte.envoyer(PAGE, f"{PAGE}/etat", etat="suspendue", motif=MOTIF)
    assert reponse.status_code == 409
    assert "Cette collectivité est déjà suspendue." in reponse.text
    assert MOTIF in reponse.text


async def test_who_only_reads_is_offered_no_button(connecte: Navigateur, api: ApiFactice) -> None:
    api.repondre("GET", f"{CHEMIN}/situation", situation("close", changements=(changement(vers="close"),)))
    texte = (await connecte.voir(PAGE)).text
    assert "/etat" not in texte
    assert MOTIF in texte


@pytest.mark.parametrize(
    ("etat", "titre"),
    [
        ("suspendue", "Le compte de votre collectivité est suspendu"),
        ("close", "Le compte de votre collectivité est clos"),
        ("en_ouverture", "Le compte de votre collectivité s’ouvre"),
    ],
)
async def test_people_without_rights_read_why(etat: str, titre: str, ouvrir: Callable[[ApiFactice], Navigateur]) -> None:
    api = ApiFactice({**acteur("gestionnaire"), "droits": []})
    changements = () if etat == "en_ouverture" else (changement(vers=etat),)
    api.repondre("GET", f"{CHEMIN}/situation", situation(etat, changements=changements))
    navigateur = ouvrir(api)
    async with navigateur.http:
        await navigateur.se_connecter()
        texte = (await navigateur.voir("/")).text
    assert titre in texte
    assert (MOTIF in texte) is bool(changements)
    assert 'href="mailto:bretagne@organisme.example"' in texte


async def test_a_superieur_of_a_collectivite_that_works_sees_his_page(ouvrir: Callable[[ApiFactice], Navigateur]) -> None:
    api = ApiFactice({**acteur("agent"), "droits": []})
    api.repondre("GET", f"{CHEMIN}/situation", situation())
    navigateur = ouvrir(api)
    async with navigateur.http:
        await navigateur.se_connecter()
        assert "Mes demandes en cours" in (await navigateur.voir("/")).text
