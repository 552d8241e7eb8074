"""Import of agents in a browser without JavaScript, on canned answers."""

import re

import httpx
import pytest

from tests.unit.web.conftest import ADRESSE, Navigateur
from tests.unit.web.reponses import JSON, ApiFactice, acteur, dans, probleme

IMPORT_ID = "3b1f7f0e-6e0f-4f1c-9f7e-2a6d5c4b3a30"
CHEMIN = f"identity/v1/imports/{IMPORT_ID}"


def un_import(**autres: object) -> JSON:
    return {
        "id": IMPORT_ID,
        "nom_fichier": "agents.csv",
        "depose_par": "Solène Morvan",
        "depose_le": dans(),
        "etat": "pret",
        "avancement": {"fait": 3, "total": 3},
        "compteurs": {"creer": 1, "modifier": 1, "erreur": 1, "avertissement": 1},
        "colonnes_ignorees": ["Couleur"],
        "message": "",
        "choix": None,
        "applique_par": None,
        "applique_le": None,
        **autres,
    }


MESSAGE = {"champ": "service", "colonne": "Service", "texte": "Ce service n’existe pas.", "avertissement": False}
LIGNE = {"numero": 4, "action": "erreur", "matricule": "01000", "nom": "Yann Morvan", "messages": [MESSAGE]}


@pytest.fixture
def qui() -> JSON:
    return acteur("gestionnaire")


@pytest.fixture(autouse=True)
def reponses(api: ApiFactice) -> None:
    api.repondre("GET", "identity/v1/imports", {"elements": [un_import()], "suivant": None})
    api.repondre("POST", "identity/v1/imports", httpx.Response(201, json=un_import(etat="analyse")))
    api.repondre("GET", CHEMIN, un_import())
    api.repondre("GET", f"{CHEMIN}/lignes", {"elements": [LIGNE], "suivant": None})
    api.repondre("POST", f"{CHEMIN}/application", httpx.Response(202, json=un_import(etat="en_application")))


async def deposer(navigateur: Navigateur, fichier: tuple[str, bytes]) -> httpx.Response:
    contenu = (await navigateur.voir("/imports")).text
    formulaire = next(bloc for bloc in re.findall(r"<form.*?</form>", contenu, re.DOTALL) if 'action="/imports"' in bloc)
    caches = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', formulaire))
    return await navigateur.http.post("/imports", data=caches, files={"fichier": fichier}, headers={"Origin": ADRESSE})


async def test_a_file_is_sent_on_with_a_key(connecte: Navigateur, api: ApiFactice) -> None:
    reponse = await deposer(connecte, ("agents.csv", b"Matricule;Nom\r\n1;A\r\n"))
    assert (reponse.status_code, reponse.headers["location"]) == (303, f"/imports/{IMPORT_ID}")
    (envoi,) = api.demandes("POST", "identity/v1/imports")
    assert b"1;A" in envoi.content
    assert envoi.headers["idempotency-key"]


async def test_no_file_and_a_refused_one_are_said_beside_the_field(connecte: Navigateur, api: ApiFactice) -> None:
    assert "Choisissez un fichier" in (await deposer(connecte, ("", b""))).text
    erreurs = [{"champ": "fichier", "message": "Ce fichier est un PDF."}]
    api.repondre("POST", "identity/v1/imports", probleme(422, "fichier-refuse", "Le fichier ne peut pas être importé.", errors=erreurs))
    reponse = await deposer(connecte, ("a.pdf", b"%PDF"))
    assert reponse.status_code == 422
    assert 'id="fichier-erreur"' in reponse.text
    assert "Ce fichier est un PDF." in reponse.text


async def test_a_file_beyond_reason_is_refused_before_it_is_read(connecte: Navigateur, api: ApiFactice) -> None:
    reponse = await deposer(connecte, ("a.csv", b"1;" * 15_000_000))
    assert reponse.status_code == 422
    assert "trop lourd" in reponse.text
    assert not api.demandes("POST", "identity/v1/imports")


async def test_the_report_explains_both_ways_to_apply(connecte: Navigateur, api: ApiFactice) -> None:
    contenu = (await connecte.voir(f"/imports/{IMPORT_ID}?lignes=erreurs")).text
    assert "Ce service n’existe pas." in contenu
    assert "Couleur" in contenu
    assert "Tout ou rien" in contenu
    assert "hx-trigger" not in contenu
    assert api.demandes("GET", f"{CHEMIN}/lignes")[-1].url.params["action"] == "erreur"
    reponse = await connecte.envoyer(f"/imports/{IMPORT_ID}", f"/imports/{IMPORT_ID}/application", choix="toutes_les_bonnes")
    assert reponse.status_code == 303
    assert api.corps("POST", f"{CHEMIN}/application") == [{"choix": "toutes_les_bonnes"}]


async def test_a_refused_application_shows_why(connecte: Navigateur, api: ApiFactice) -> None:
    api.repondre("POST", f"{CHEMIN}/application", probleme(409, "import-avec-erreurs", "1 ligne est en erreur : rien n’a été importé."))
    reponse = await connecte.envoyer(f"/imports/{IMPORT_ID}", f"/imports/{IMPORT_ID}/application", choix="rien_si_erreur")
    assert reponse.status_code == 409
    assert "1 ligne est en erreur" in reponse.text


async def test_progress_is_shown_and_asked_for_again(connecte: Navigateur, api: ApiFactice) -> None:
    api.repondre("GET", CHEMIN, un_import(etat="analyse", avancement={"fait": 4000, "total": 10000}, compteurs={}))
    contenu = (await connecte.voir(f"/imports/{IMPORT_ID}")).text
    assert '<progress id="avancement" max="10000" value="4000">' in contenu
    assert 'hx-trigger="every 2s"' in contenu
    assert "Actualiser" in contenu


async def test_what_was_applied_is_told(connecte: Navigateur, api: ApiFactice) -> None:
    api.repondre("GET", CHEMIN, un_import(etat="applique", applique_par="Solène Morvan", applique_le=dans()))
    contenu = (await connecte.voir(f"/imports/{IMPORT_ID}")).text
    assert "appliqué par Solène Morvan" in contenu
    assert "Abandonner" not in contenu


async def test_files_come_down_as_they_are(connecte: Navigateur, api: ApiFactice) -> None:
    fichier = httpx.Response(200, content=b"Matricule", headers={"Content-Disposition": 'attachment; filename="agents.csv"'})
    api.repondre("GET", "identity/v1/agents/export", fichier)
    reponse = await connecte.voir("/imports/fichiers/agents.csv")
    assert (reponse.content, reponse.headers["content-disposition"]) == (b"Matricule", 'attachment; filename="agents.csv"')
    assert (await connecte.voir("/imports/fichiers/autre.csv")).status_code == 404
