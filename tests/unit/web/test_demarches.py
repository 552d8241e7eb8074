"""The journeys without JavaScript: deposit, avis, validation, instruction, withdrawal, circuit; and what goes wrong in them."""

import asyncio

import httpx
import pytest

from tests.unit.web.conftest import ADRESSE, Navigateur
from tests.unit.web.reponses import (
    CIRCUIT,
    DEMANDE_ID,
    DOCUMENT_ID,
    JSON,
    SESSION_ID,
    ApiFactice,
    acteur,
    dans,
    demande,
    demande_d_avis,
    probleme,
)

SESSION = f"/sessions/{SESSION_ID}"
DEMANDE = f"/inscriptions/{DEMANDE_ID}"
DEPOT = "inscriptions/v1/inscriptions"
UNE_DEMANDE = f"inscriptions/v1/inscriptions/{DEMANDE_ID}"

MOMENTANE = probleme(
    503, "indisponible", "Un service nécessaire ne répond pas pour le moment.", detail="Réessayez dans quelques instants.", retry_after=5
)


def roles(*noms: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("qui", [acteur(*noms)], ids=["-".join(noms)])


def cles(api: ApiFactice, chemin: str) -> set[str]:
    return {demande.headers["idempotency-key"] for demande in api.demandes("POST", chemin)}


async def test_an_agent_deposits(connecte: Navigateur, api: ApiFactice) -> None:
    api.repondre("POST", DEPOT, demande())
    reponse = await connecte.envoyer(SESSION, f"{SESSION}/inscription", motivation=" Pour rédiger sans risque. ")
    assert (reponse.status_code, reponse.headers["location"]) == (303, f"{DEMANDE}?depot=1")
    assert api.corps("POST", DEPOT) == [{"session_id": SESSION_ID, "motivation": "Pour rédiger sans risque."}]
    api.repondre("GET", UNE_DEMANDE, demande(avis=None, tous_les_avis=[]))
    assert "Préinscription enregistrée" in (await connecte.voir(DEMANDE)).text
    assert "Votre préinscription est enregistrée." in (await connecte.voir(reponse.headers["location"])).text


async def test_a_double_click_is_one_request(connecte: Navigateur, api: ApiFactice) -> None:
    api.repondre("POST", DEPOT, demande())
    page = (await connecte.voir(SESSION)).text
    champs = {nom: page.split(f'name="{nom}" value="')[-1].split('"')[0] for nom in ("csrf", "cle")}
    envoi = {**champs, "motivation": "Pour rédiger sans risque."}
    await asyncio.gather(*(connecte.http.post(f"{SESSION}/inscription", data=envoi, headers={"Origin": ADRESSE}) for _ in range(2)))
    assert len(cles(api, DEPOT)) == 1
    await connecte.http.post(f"{SESSION}/inscription", data={**envoi, "motivation": "Un autre texte."}, headers={"Origin": ADRESSE})
    assert len(cles(api, DEPOT)) == 2


async def test_an_error_stands_beside_its_field_and_the_text_stays(connecte: Navigateur, api: ApiFactice) -> None:
    erreurs = [{"champ": "motivation", "message": "Ce texte est trop court."}]
    api.repondre("POST", DEPOT, probleme(422, "saisie-invalide", "La saisie est à corriger.", errors=erreurs))
    reponse = await connecte.envoyer(SESSION, f"{SESSION}/inscription", motivation="Court <b>")
    assert reponse.status_code == 422
    assert '<a href="#motivation">Ce texte est trop court.</a>' in reponse.text
    assert 'aria-invalid="true"' in reponse.text
    assert "Court &lt;b&gt;" in reponse.text
    assert "<title>Erreur" in reponse.text


async def test_whoever_has_asked_already_is_shown_his_request(connecte: Navigateur, api: ApiFactice) -> None:
    api.repondre("GET", DEPOT, {"elements": [demande()], "suivant": None})
    page = (await connecte.voir(SESSION)).text
    assert "Vous avez déjà une demande pour cette session." in page
    assert 'name="motivation"' not in page


async def test_a_session_is_shown_without_inscriptions(connecte: Navigateur, api: ApiFactice) -> None:
    api.repondre("GET", DEPOT, httpx.Response(502))
    assert 'name="motivation"' in (await connecte.voir(SESSION)).text


@roles("gestionnaire")
async def test_a_gestionnaire_validates(connecte: Navigateur, api: ApiFactice) -> None:
    api.repondre("GET", UNE_DEMANDE, demande(etape="validation", actions=["validation"]))
    api.repondre("POST", f"{UNE_DEMANDE}/validation", demande(etat="transmise"))
    reponse = await connecte.envoyer(DEMANDE, f"{DEMANDE}/validation")
    assert reponse.headers["location"] == f"{DEMANDE}?fait=validation-valider"
    assert api.corps("POST", f"{UNE_DEMANDE}/validation") == [{"issue": "valider", "motif": ""}]


@roles("conseiller")
@pytest.mark.parametrize("issue", ["accepter", "liste_attente", "refuser"])
async def test_a_conseiller_instructs(connecte: Navigateur, api: ApiFactice, issue: str) -> None:
    api.repondre("GET", UNE_DEMANDE, demande(etat="transmise", etape="instruction", actions=["instruction"]))
    api.repondre("POST", f"{UNE_DEMANDE}/instruction", demande(etat="acceptee"))
    reponse = await connecte.envoyer(DEMANDE, f"{DEMANDE}/instruction", issue=issue, motif="Groupe complet.")
    assert reponse.headers["location"] == f"{DEMANDE}?fait=instruction-{issue}"
    assert api.corps("POST", f"{UNE_DEMANDE}/instruction") == [{"issue": issue, "motif": "Groupe complet."}]


async def test_an_agent_withdraws(connecte: Navigateur, api: ApiFactice) -> None:
    api.repondre("GET", UNE_DEMANDE, demande(actions=["retrait"]))
    api.repondre("POST", f"{UNE_DEMANDE}/retrait", demande(etat="retiree"))
    reponse = await connecte.envoyer(DEMANDE, f"{DEMANDE}/retrait", motif="")
    assert reponse.headers["location"] == f"{DEMANDE}?fait=retrait"


@roles("conseiller")
async def test_a_decision_that_finds_the_circuit_away_can_be_sent_again(connecte: Navigateur, api: ApiFactice) -> None:
    api.repondre("GET", UNE_DEMANDE, demande(etat="transmise", etape="instruction", actions=["instruction"]))
    api.repondre("POST", f"{UNE_DEMANDE}/instruction", MOMENTANE)
    champs = {"issue": "refuser", "motif": "Le public visé est autre."}
    reponse = await connecte.envoyer(DEMANDE, f"{DEMANDE}/instruction", **champs)
    assert (reponse.status_code, reponse.headers["retry-after"]) == (503, "5")
    assert "Un service nécessaire ne répond pas pour le moment." in reponse.text
    assert "Le public visé est autre.</textarea>" in reponse.text
    formulaire = next(bloc for bloc in reponse.text.split("<form") if "Le public visé est autre." in bloc)
    encore = {nom: formulaire.split(f'name="{nom}" value="')[1].split('"')[0] for nom in ("csrf", "cle")}
    await connecte.http.post(f"{DEMANDE}/instruction", data={**encore, **champs}, headers={"Origin": ADRESSE})
    assert len(cles(api, f"{UNE_DEMANDE}/instruction")) == 1


@roles("gestionnaire")
async def test_a_decision_that_comes_too_late_says_why(connecte: Navigateur, api: ApiFactice) -> None:
    api.repondre("GET", UNE_DEMANDE, demande(etape="validation", actions=["validation"]))
    page = await connecte.voir(DEMANDE)
    formulaire = next(bloc for bloc in page.text.split("<form") if f'action="{DEMANDE}/validation"' in bloc)
    csrf = formulaire.split('name="csrf" value="')[1].split('"')[0]
    api.repondre("GET", UNE_DEMANDE, demande(etat="retiree", etape="terminee", detenteur=None))
    api.repondre("POST", f"{UNE_DEMANDE}/validation", probleme(409, "decision-refusee", "La demande a été retirée."))
    reponse = await connecte.http.post(f"{DEMANDE}/validation", data={"csrf": csrf, "issue": "refuser", "motif": "Un motif mûri."})
    assert reponse.status_code == 409
    assert "La demande a été retirée." in reponse.text
    assert "Un motif mûri." in reponse.text


async def test_an_avis_is_given_without_an_account(navigateur: Navigateur, api: ApiFactice) -> None:
    api.repondre("GET", "inscriptions/v1/avis/jeton", demande_d_avis())
    page = await navigateur.voir("/avis/jeton")
    assert "Claire Le Bris souhaite suivre une formation" in page.text
    assert api.demandes("POST", "inscriptions/v1/avis/jeton") == []
    api.repondre("POST", "inscriptions/v1/avis/jeton", demande_d_avis(etat="rendue", sens="sous_reserve"))
    reponse = await navigateur.envoyer("/avis/jeton", "/avis/jeton", sens="sous_reserve", commentaire="Après l’été.")
    assert reponse.headers["location"] == "/avis/jeton?rendu=1"
    assert api.corps("POST", "inscriptions/v1/avis/jeton") == [{"sens": "sous_reserve", "commentaire": "Après l’été."}]
    api.repondre("GET", "inscriptions/v1/avis/jeton", demande_d_avis(etat="rendue", sens="sous_reserve", explication="Déjà rendu."))
    assert "Votre avis est enregistré" in (await navigateur.voir("/avis/jeton?rendu=1")).text
    assert "Cet avis a déjà été rendu" in (await navigateur.voir("/avis/jeton")).text


async def test_an_avis_without_a_choice_keeps_the_comment(navigateur: Navigateur, api: ApiFactice) -> None:
    api.repondre("GET", "inscriptions/v1/avis/jeton", demande_d_avis())
    reponse = await navigateur.envoyer("/avis/jeton", "/avis/jeton", commentaire="À voir.")
    assert reponse.status_code == 422
    assert '<a href="#sens">Choisissez l’un des trois avis.</a>' in reponse.text
    assert "À voir.</textarea>" in reponse.text


async def test_a_closed_link_explains(navigateur: Navigateur, api: ApiFactice) -> None:
    close = demande_d_avis(etat="close", explication="L’agent a retiré sa demande.")
    api.repondre("GET", "inscriptions/v1/avis/jeton", close)
    page = (await navigateur.voir("/avis/jeton")).text
    assert "L’agent a retiré sa demande." in page
    assert "<form" not in page


@roles("lecture")
async def test_the_versions_of_the_circuit_are_told(connecte: Navigateur, api: ApiFactice) -> None:
    signee = {"cree_par": "Solène Morvan", "cree_le": dans(days=-1)}
    versions = [{**CIRCUIT, **signee, "version": 2, "etapes": []}, {**CIRCUIT, **signee, "version": 1}]
    api.repondre("GET", "inscriptions/v1/circuit/versions", versions)
    page = " ".join((await connecte.voir("/circuit")).text.split())
    assert "Version 2, réglée par Solène Morvan" in page
    assert "sans avis" in page
    assert "avis du supérieur en 5 jours ouvrés" in page


@roles("gestionnaire_principal")
async def test_the_circuit_is_changed_from_the_version_that_was_read(connecte: Navigateur, api: ApiFactice) -> None:
    api.repondre("PUT", "inscriptions/v1/circuit", {**CIRCUIT, "version": 1})
    reponse = await connecte.envoyer("/circuit", "/circuit", avis="oui", delai="10", relances="3, 7", escalade="oui")
    assert reponse.headers["location"] == "/circuit?enregistre=1"
    (envoi,) = api.demandes("PUT", "inscriptions/v1/circuit")
    assert envoi.headers["if-match"] == '"0"'
    (corps,) = api.corps("PUT", "inscriptions/v1/circuit")
    assert corps["etapes"] == [
        {
            "delai": {"valeur": 10, "unite": "jours_ouvres"},
            "relances": [{"valeur": 3, "unite": "jours_ouvres"}, {"valeur": 7, "unite": "jours_ouvres"}],
            "relance_la_veille": False,
            "escalade_suppleant": True,
        }
    ]


@roles("gestionnaire_principal")
@pytest.mark.parametrize(
    ("champs", "reponse", "attendu"),
    [
        ({"delai": "cinq"}, None, "Écrivez un nombre entier, en chiffres."),
        ({"delai": "5"}, [{"champ": "etapes.0.delai", "message": "Donnez un délai de 1 à 60."}], "Donnez un délai de 1 à 60."),
    ],
)
async def test_a_wrong_circuit_is_told(
    connecte: Navigateur, api: ApiFactice, champs: dict[str, str], reponse: list[JSON] | None, attendu: str
) -> None:
    api.repondre("PUT", "inscriptions/v1/circuit", probleme(422, "saisie-invalide", "Le circuit est à corriger.", errors=reponse))
    page = await connecte.envoyer("/circuit", "/circuit", avis="oui", relances="", **champs)
    assert page.status_code == 422
    assert f'<a href="#delai">{attendu}</a>' in page.text
    assert f'value="{champs["delai"]}"' in page.text


async def test_the_page_follows_the_request(connecte: Navigateur, api: ApiFactice) -> None:
    page = (await connecte.voir(DEMANDE)).text
    adresse = page.split('hx-get="')[1].split('"')[0].replace("&amp;", "&")
    assert (await connecte.http.get(adresse)).status_code == 204
    api.repondre("GET", UNE_DEMANDE, demande(etat="transmise", etat_libelle="Transmise, en instruction", etape="instruction"))
    change = await connecte.http.get(adresse)
    assert change.status_code == 200
    assert 'id="annonce"' in change.text
    assert "Transmise, en instruction" in change.text
    assert "<html" not in change.text


async def test_a_paper_is_brought_to_its_reader(connecte: Navigateur, api: ApiFactice) -> None:
    chemin = f"documents/v1/documents/{DOCUMENT_ID}"
    entetes = {"Content-Type": "application/pdf", "Content-Disposition": 'inline; filename="convocation.pdf"'}
    api.repondre("GET", f"{chemin}/contenu", httpx.Response(200, content=b"%PDF-1.7", headers=entetes))
    api.repondre("GET", f"{chemin}/version-html", httpx.Response(200, html="<html><head></head><body><h1>Convocation</h1></body></html>"))
    pdf = await connecte.voir(f"/documents/{DOCUMENT_ID}")
    assert (pdf.content, pdf.headers["content-disposition"]) == (b"%PDF-1.7", 'inline; filename="convocation.pdf"')
    jumeau = await connecte.voir(f"/documents/{DOCUMENT_ID}/version-html")
    assert "<h1>Convocation</h1>" in jumeau.text
    assert "papier.css" in jumeau.text
    assert api.recues[-1].headers["authorization"] == "Bearer acces"
