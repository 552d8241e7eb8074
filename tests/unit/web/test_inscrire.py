"""A gestionnaire registers agents: who is picked, what each becomes, what comes back when something is wrong."""

import re
from uuid import uuid4

import pytest

from tests.unit.web.conftest import Navigateur
from tests.unit.web.reponses import DEMANDE_ID, JSON, SESSION_ID, ApiFactice, acteur, probleme
from tests.unit.web.test_pages import bien_compose, texte

ADRESSE = f"/sessions/{SESSION_ID}/inscrire"
CANDIDATS = f"inscriptions/v1/sessions/{SESSION_ID}/candidats"
INSCRIRE = "inscriptions/v1/inscriptions/collectives"
MOTIF = "Mise en œuvre du nouveau logiciel."
COURT = {"champ": "motif", "message": "Ce texte est trop court."}
ANNE, BRUNO, CELIA = (str(uuid4()) for _ in range(3))


def ligne(agent_id: str, nom: str, **autres: object) -> JSON:
    return {
        "agent_id": agent_id,
        "nom_complet": nom,
        "service": "Voirie",
        "etat": "transmise",
        "etat_libelle": "Transmise, en instruction",
        "obstacle": None,
        "avertissements": [],
    } | autres


REFUSEE = ligne(CELIA, "Célia Roux", etat=None, etat_libelle="", obstacle="Cet agent a déjà une demande en cours pour cette session.")
AVERTIE = ligne(BRUNO, "Bruno Prat", avertissements=["Il a une demande en cours pour SXM5A 001, qui a lieu aussi le 1er mars 2027."])


def issue(*lignes: JSON, appliquee: bool = False) -> JSON:
    possibles = sum(ligne["etat"] is not None for ligne in lignes)
    return {"appliquee": appliquee, "possibles": possibles, "impossibles": len(lignes) - possibles, "lignes": list(lignes)}


@pytest.fixture
def qui() -> JSON:
    return acteur("gestionnaire")


@pytest.fixture(autouse=True)
def candidats(api: ApiFactice) -> None:
    lignes = [ligne(ANNE, "Anne Le Bihan"), AVERTIE, REFUSEE]
    api.repondre("GET", CANDIDATS, {"services": ["Voirie"], "lignes": lignes, "tronque": False})


async def test_the_session_leads_there(connecte: Navigateur) -> None:
    assert f'href="{ADRESSE}"' in (await connecte.voir(f"/sessions/{SESSION_ID}")).text


async def test_who_cannot_be_registered_is_told_and_not_offered(connecte: Navigateur, api: ApiFactice) -> None:
    page = await connecte.voir(f"{ADRESSE}?q=a&service=Voirie")
    bien_compose(page)
    assert dict(api.demandes("GET", CANDIDATS)[0].url.params) == {"q": "a", "service": "Voirie"}
    assert re.findall(r'name="agents" value="([^"]+)"', page.text) == [ANNE, BRUNO]
    assert "déjà une demande en cours" in page.text
    assert "qui a lieu aussi le 1er mars 2027" in page.text
    assert "checked" not in page.text


async def test_a_whole_service_is_ticked_at_once(connecte: Navigateur) -> None:
    page = (await connecte.voir(f"{ADRESSE}?service=Voirie&tous=oui")).text
    assert len(re.findall(r'name="agents"[^>]*checked', page)) == 2


async def test_a_trial_is_shown_and_sent_again_in_the_order_typed(connecte: Navigateur, api: ApiFactice) -> None:
    api.repondre("POST", INSCRIRE, issue(ligne(ANNE, "Anne Le Bihan"), AVERTIE, REFUSEE))
    page = await connecte.envoyer(ADRESSE, ADRESSE, agents=[ANNE, BRUNO, CELIA], motif=MOTIF, action="essai")
    bien_compose(page)
    lu = " ".join(texte(page.text).split())
    assert "2 agents peuvent être inscrits, 1 ne peut pas l’être" in lu
    assert "Inscrire les autres sans eux" in lu
    rangs = {f"rang-{BRUNO}": "1", f"rang-{ANNE}": "2", f"rang-{CELIA}": ""}
    api.repondre("POST", INSCRIRE, issue(AVERTIE, ligne(ANNE, "Anne Le Bihan"), REFUSEE, appliquee=True))
    faite = await connecte.envoyer(
        ADRESSE, ADRESSE, agents=[ANNE, BRUNO, CELIA], motif=MOTIF, action="inscrire", choix="les_autres", **rangs
    )
    essai, inscription = api.corps("POST", INSCRIRE)
    assert (essai["essai"], essai["choix"], essai["agents"]) == (True, "tous_ou_aucun", [ANNE, BRUNO, CELIA])
    assert (inscription["essai"], inscription["choix"], inscription["agents"]) == (False, "les_autres", [BRUNO, ANNE, CELIA])
    assert "2 agents inscrits" in " ".join(texte(faite.text).split())
    cles = [demande.headers["Idempotency-Key"] for demande in api.demandes("POST", INSCRIRE)]
    assert len(set(cles)) == 2


async def test_what_was_not_written_is_sent_again_as_another_sending(connecte: Navigateur, api: ApiFactice) -> None:
    api.repondre("POST", INSCRIRE, issue(REFUSEE, AVERTIE))
    page = await connecte.envoyer(ADRESSE, ADRESSE, agents=[CELIA, BRUNO], motif=MOTIF, action="inscrire", cle=ANNE)
    assert "Rien n’est encore enregistré" in page.text
    assert f'name="cle" value="{ANNE}"' not in page.text


async def test_registered_leads_to_each_request(connecte: Navigateur, api: ApiFactice) -> None:
    inscrite = ligne(ANNE, "Anne Le Bihan", inscription_id=DEMANDE_ID, numero="2026-000123")
    api.repondre("POST", INSCRIRE, issue(inscrite, appliquee=True))
    page = await connecte.envoyer(ADRESSE, ADRESSE, agents=[ANNE], motif=MOTIF, action="inscrire")
    bien_compose(page)
    assert f'href="/inscriptions/{DEMANDE_ID}"' in page.text
    assert "<form" not in page.text.split("<main")[1]


async def test_nobody_picked_is_told_and_the_text_stays(connecte: Navigateur, api: ApiFactice) -> None:
    page = await connecte.envoyer(ADRESSE, ADRESSE, motif=MOTIF, action="inscrire")
    assert page.status_code == 422
    assert "Cochez les agents à inscrire" in page.text
    assert MOTIF in page.text
    assert api.demandes("POST", INSCRIRE) == []


async def test_a_refusal_keeps_the_choice_and_the_text(connecte: Navigateur, api: ApiFactice) -> None:
    api.repondre(
        "POST",
        INSCRIRE,
        probleme(422, "donnees-invalides", "La saisie est à corriger.", errors=[COURT]),
    )
    page = await connecte.envoyer(ADRESSE, ADRESSE, agents=[BRUNO], motif="Court", action="inscrire")
    assert page.status_code == 422
    assert "Ce texte est trop court." in page.text
    assert re.findall(r'value="([^"]+)"\s+checked', page.text) == [BRUNO]
    assert "Court</textarea>" in page.text
