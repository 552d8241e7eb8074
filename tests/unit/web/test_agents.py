"""The pages of agents in a browser without JavaScript, on canned answers."""

import json

import httpx
import pytest

from tests.unit.web.conftest import Navigateur
from tests.unit.web.reponses import AGENT_ID, COLLECTIVITE_ID, JSON, ApiFactice, acteur, dans, probleme

CHEMIN = f"identity/v1/agents/{AGENT_ID}"
YANN = "b1a2c3d4-0000-4000-8000-0000000000aa"


def resume(**autres: object) -> JSON:
    return {
        "id": AGENT_ID,
        "matricule": "00936",
        "civilite": "Mme",
        "nom": "Le Bris",
        "prenom": "Claire",
        "email": "claire.lebris@rochebrune.example",
        "statut": "titulaire",
        "categorie": "C",
        "grade": None,
        "fonction": "Agente d’accueil",
        "service": "Accueil",
        "actif": True,
        **autres,
    }


def fiche(**autres: object) -> JSON:
    vides = ("nom_naissance", "date_naissance", "portable", "filiere", "cadre_emplois", "niveau_diplome", "entree_le", "sortie_le")
    yann = {"nom": "Kervella", "prenom": "Yann", "email": "yann.kervella@rochebrune.example", "agent_id": YANN}
    liens = {
        "service_id": None,
        "superieur_id": YANN,
        "superieur": yann,
    }
    propres = {"collectivite_id": COLLECTIVITE_ID, "temps_travail": 100, "suppleant": None, "acces": "aucun", "etiquette": '"lu"'}
    return {**resume(), **dict.fromkeys(vides), **liens, **propres, **autres}


@pytest.fixture
def qui() -> JSON:
    return acteur("gestionnaire")


@pytest.fixture(autouse=True)
def reponses(api: ApiFactice) -> None:
    api.repondre("GET", "identity/v1/agents", {"elements": [resume()], "suivant": None})
    api.repondre("GET", "identity/v1/services", [])
    api.repondre("GET", "identity/v1/corrections", [])
    api.repondre("GET", CHEMIN, fiche())
    api.repondre("GET", f"{CHEMIN}/changements", {"elements": [], "suivant": None})
    api.repondre("PUT", CHEMIN, fiche())
    api.repondre("POST", "identity/v1/agents", httpx.Response(201, json=fiche()))


async def test_an_untouched_superieur_is_sent_back_as_he_was(connecte: Navigateur, api: ApiFactice) -> None:
    page = f"/agents/{AGENT_ID}/modifier"
    reponse = await connecte.envoyer(page, page, nom="Le Bris", superieur_id="Yann Kervella", fonction="Officière d’état civil")
    assert reponse.status_code == 303
    (envoye,) = api.demandes("PUT", CHEMIN)
    assert envoye.headers["If-Match"] == '"lu"'
    assert json.loads(envoye.content) | {"superieur_id": YANN, "fonction": "Officière d’état civil"} == json.loads(envoye.content)


async def test_someone_changed_it_meanwhile_and_nothing_typed_is_lost(connecte: Navigateur, api: ApiFactice) -> None:
    api.repondre("PUT", CHEMIN, probleme(412, "modifie-entre-temps", "Cette fiche a été modifiée entre-temps."))
    page = f"/agents/{AGENT_ID}/modifier"
    reponse = await connecte.envoyer(page, page, fonction="Officière d’état civil", superieur_id="")
    assert reponse.status_code == 412
    assert "modifiée entre-temps" in reponse.text
    assert 'value="Officière d’état civil"' in reponse.text


@pytest.mark.parametrize(
    ("texte", "trouves", "phrase"),
    [
        ("Personne", [], "Aucun agent en poste ne porte ce nom"),
        ("Le", [resume(), resume(id=YANN, prenom="Anne", matricule=None)], "Claire Le Bris (matricule 00936), Anne Le Bris"),
        ("Claire Le Bris", [resume(actif=False)], "Aucun agent en poste"),
    ],
)
async def test_a_colleague_who_is_not_found_is_told_beside_the_field(
    connecte: Navigateur, api: ApiFactice, texte: str, trouves: list[JSON], phrase: str
) -> None:
    api.repondre("GET", "identity/v1/agents", {"elements": trouves, "suivant": None})
    reponse = await connecte.envoyer("/agents/nouveau", "/agents/nouveau", nom="Morvan", superieur_id=texte)
    assert reponse.status_code == 422
    assert phrase in reponse.text
    assert 'value="Morvan"' in reponse.text
    assert api.demandes("POST", "identity/v1/agents") == []


@pytest.mark.parametrize("texte", ["00936", "claire le bris", "Claire Le Bris (matricule 00936)"])
async def test_a_colleague_is_meant_by_matricule_or_name(connecte: Navigateur, api: ApiFactice, texte: str) -> None:
    homonyme = resume(id=YANN, prenom="Claire-Marie", matricule="009360")
    api.repondre("GET", "identity/v1/agents", {"elements": [homonyme, resume()], "suivant": None})
    await connecte.envoyer("/agents/nouveau", "/agents/nouveau", nom="Morvan", superieur_id=texte)
    (corps,) = api.corps("POST", "identity/v1/agents")
    assert corps["superieur_id"] == AGENT_ID


async def test_a_departure_without_date_says_so_and_keeps_the_motif(connecte: Navigateur) -> None:
    reponse = await connecte.envoyer(f"/agents/{AGENT_ID}", f"/agents/{AGENT_ID}/depart", le="demain", motif="Mutation")
    assert reponse.status_code == 422
    assert "Écrivez une date qui existe, comme 01/03/2027." in reponse.text
    assert 'value="Mutation"' in reponse.text


async def test_an_interim_refused_keeps_what_was_typed(connecte: Navigateur, api: ApiFactice) -> None:
    api.repondre("GET", "identity/v1/interims", [])
    api.repondre("POST", "identity/v1/interims", probleme(409, "interim-en-meme-temps", "Un intérim est déjà prévu."))
    reponse = await connecte.envoyer(
        "/interims", "/interims", remplace_id="00936", interimaire_id="00936", debut="01/07/2027", fin="31/07/2027"
    )
    assert reponse.status_code == 409
    assert "Un intérim est déjà prévu." in reponse.text
    assert 'value="31/07/2027"' in reponse.text


async def test_services_are_read_as_a_tree(connecte: Navigateur, api: ApiFactice) -> None:
    def identifiant(numero: int | None) -> str | None:
        return f"b1a2c3d4-0000-4000-8000-00000000000{numero}" if numero else None

    def service(numero: int, nom: str, parent: int | None) -> JSON:
        vides = dict.fromkeys(("responsable_id", "responsable", "suppleant_id", "suppleant"))
        ids = {"id": identifiant(numero), "parent_id": identifiant(parent)}
        return {"code": f"S{numero}", "nom": nom, "agents": 1, "etiquette": '"lu"', **ids, **vides}

    api.repondre(
        "GET", "identity/v1/services", [service(2, "Accueil et état civil", 1), service(1, "Direction", None), service(3, "Hors de vue", 9)]
    )
    contenu = (await connecte.voir("/services")).text
    assert contenu.index(">Direction<") < contenu.index(">Accueil et état civil<")
    assert "ligne-niveau-1" in contenu
    assert "Hors de vue" in contenu


async def test_a_day_and_a_reader_are_told_to_the_agent(connecte: Navigateur, api: ApiFactice) -> None:
    lecture = {"lecteur": "Solène Morvan", "quoi": "amenagement", "jour": "2026-11-23", "nombre": 2, "derniere_le": dans()}
    vides: JSON = {nom: [] for nom in ("emplois", "autres", "corrections", "changements")}
    champs = [{"champ": "nom", "libelle": "Nom d’usage", "valeur": "Le Bris"}]
    api.repondre("GET", "identity/v1/moi/dossier", {"agent_id": AGENT_ID, "champs": champs, "besoin": "", "lectures": [lecture], **vides})
    contenu = (await connecte.voir("/mon-dossier")).text
    assert "<strong>Solène Morvan</strong> a lu votre besoin d’aménagement le" in contenu
    assert "2 fois" in contenu
