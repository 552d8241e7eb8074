"""Every page, as each reader sees it: it renders, it is well set in French, and nothing inline is in it."""

import re
from html import unescape
from pathlib import Path

import httpx
import pytest

from services.web import rendu
from services.web.build_static import ICONES
from tests.unit.web.conftest import Navigateur
from tests.unit.web.reponses import (
    CIRCUIT,
    DEMANDE_ID,
    DOCUMENT,
    MOUVEMENTS,
    SESSION_ID,
    STAGE,
    VERIFICATION,
    ApiFactice,
    acteur,
    avis,
    chiffres,
    dans,
    demande,
    demande_convoquee,
    demande_d_avis,
    message,
    probleme,
)

UNE_DEMANDE = f"inscriptions/v1/inscriptions/{DEMANDE_ID}"
PAGES = (
    "/",
    "/sessions",
    f"/sessions/{SESSION_ID}",
    f"/sessions/{SESSION_ID}/places",
    "/inscriptions",
    f"/inscriptions/{DEMANDE_ID}",
    "/accessibilite",
    "/verification",
)
ROLES = ("agent", "gestionnaire_principal", "gestionnaire", "lecture", "conseiller", "administrateur")

MAL_ESPACE = re.compile(r"\w [:;!?»]|« |[ \N{NO-BREAK SPACE}][;!?]|\w'\w|\.\.\.")


def texte(page: str) -> str:
    """What is read, without the markup."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.split("<body>")[1])).split(" "))


def bien_compose(reponse: httpx.Response) -> None:
    lu = texte(reponse.text)
    assert not (trouve := MAL_ESPACE.search(lu)), lu[max(trouve.start() - 40, 0) : trouve.end() + 20]
    assert not re.search(r"<script(?![^>]*src=)|<style|\sstyle=|\son\w+=|javascript:", reponse.text)
    assert reponse.text.count("<h1") == 1
    assert 'lang="fr"' in reponse.text
    identifiants = re.findall(r'\sid="([^"]+)"', reponse.text)
    assert len(identifiants) == len(set(identifiants))


@pytest.mark.parametrize("qui", [acteur(role) for role in ROLES], ids=ROLES)
@pytest.mark.parametrize("chemin", PAGES)
async def test_pages_of_each_role(connecte: Navigateur, api: ApiFactice, chemin: str) -> None:
    a_valider = demande(etape="validation", avis=avis(sens="non_rendu", libelle="Avis non rendu"))
    api.repondre("GET", "inscriptions/v1/inscriptions", {"elements": [demande(), a_valider], "suivant": "abc"})
    reponse = await connecte.voir(chemin)
    assert reponse.status_code == 200
    bien_compose(reponse)


@pytest.mark.parametrize("qui", [acteur("gestionnaire_principal"), acteur("lecture")], ids=["principal", "lecture"])
async def test_the_circuit_is_told_in_words(connecte: Navigateur, api: ApiFactice) -> None:
    page = await connecte.voir("/circuit")
    bien_compose(page)
    assert "5 jours ouvrés" in texte(page.text).replace("\N{NO-BREAK SPACE}", " ")
    reserve = "Seul le gestionnaire principal" in page.text
    assert reserve != ("Enregistrer le circuit" in page.text)
    api.repondre("GET", "inscriptions/v1/circuit", {**CIRCUIT, "version": 2, "etapes": [], "cree_par": "Solène Morvan", "cree_le": dans()})
    sans = await connecte.voir("/circuit")
    bien_compose(sans)
    assert "Aucun avis n’est demandé" in sans.text


@pytest.mark.parametrize(
    "qui", [acteur("gestionnaire_principal"), acteur("conseiller"), acteur("agent")], ids=["gestionnaire", "conseiller", "agent"]
)
async def test_decisions_are_offered_to_whom_they_belong(connecte: Navigateur, api: ApiFactice) -> None:
    for action, bouton in (
        ("validation", "Valider et transmettre"),
        ("instruction", "Accepter et attribuer une place"),
        ("retrait", "Retirer ma demande"),
    ):
        api.repondre("GET", UNE_DEMANDE, demande(actions=[action]))
        page = await connecte.voir(f"/inscriptions/{DEMANDE_ID}")
        bien_compose(page)
        assert bouton in page.text
    api.repondre("GET", UNE_DEMANDE, demande())
    assert 'name="issue"' not in (await connecte.voir(f"/inscriptions/{DEMANDE_ID}")).text


async def test_a_finished_request_shows_its_papers_and_rests(connecte: Navigateur, api: ApiFactice) -> None:
    api.repondre("GET", UNE_DEMANDE, demande_convoquee())
    api.repondre("GET", "documents/v1/documents", {"elements": [DOCUMENT]})
    page = await connecte.voir(f"/inscriptions/{DEMANDE_ID}")
    bien_compose(page)
    assert f'href="/documents/{DOCUMENT["id"]}"' in page.text
    assert "Accusé de transmission" in page.text
    assert "hx-trigger=" not in page.text
    api.repondre(
        "GET", "notifications/v1/messages", {"elements": [message(etat="reessaye", envoye_le=None, prochain_essai=dans(minutes=2))]}
    )
    assert 'hx-trigger="every 15s"' in (await connecte.voir(f"/inscriptions/{DEMANDE_ID}")).text


async def test_a_broken_journal_is_told(connecte: Navigateur, api: ApiFactice) -> None:
    api.repondre("GET", UNE_DEMANDE, demande(journal_intact=False))
    assert "La chaîne d’empreintes est rompue" in (await connecte.voir(f"/inscriptions/{DEMANDE_ID}")).text


async def test_the_rest_of_a_request_is_shown_when_a_service_is_silent(connecte: Navigateur, api: ApiFactice) -> None:
    api.repondre("GET", "documents/v1/documents", httpx.Response(502))
    api.repondre("GET", "notifications/v1/messages", httpx.Response(504))
    page = await connecte.voir(f"/inscriptions/{DEMANDE_ID}")
    assert page.status_code == 200
    bien_compose(page)
    assert page.text.count("momentanément indisponible") == 2


@pytest.mark.parametrize("qui", [acteur("administrateur"), acteur("conseiller")], ids=["administrateur", "conseiller"])
async def test_operators_alone_are_led_to_the_circuit(connecte: Navigateur, qui: dict[str, object]) -> None:
    page = (await connecte.voir(f"/inscriptions/{DEMANDE_ID}")).text
    adresse = f"https://temporal.example/namespaces/default/workflows/inscription%3A{DEMANDE_ID}"
    assert (adresse in page) == (qui["roles"] == ["administrateur"])


async def test_sessions_show_their_figures_and_keep_the_search(connecte: Navigateur, api: ApiFactice) -> None:
    close = {**STAGE, "ouverte": False, "motif_fermeture": "Cette session est annulée.", "disponibles": 0}
    api.repondre("GET", "catalogue/v1/sessions", {"elements": [STAGE, close], "suivant": "abc="})
    page = await connecte.voir("/sessions?q=acte&structure=BRE&fermees=oui")
    bien_compose(page)
    assert "Cette session est annulée." in page.text
    assert "cursor=abc%3D" in page.text
    (demande,) = api.demandes("GET", "catalogue/v1/sessions")
    assert dict(demande.url.params) == {"q": "acte", "structure": "BRE", "fermees": "true"}


class TestRegistreDesPlaces:
    ADRESSE = f"/sessions/{SESSION_ID}/places"
    APPEL = f"inscriptions/v1/sessions/{SESSION_ID}/mouvements"

    async def test_each_movement_says_what_it_added_and_whose_it_is(self, connecte: Navigateur) -> None:
        lu = texte((await connecte.voir(self.ADRESSE)).text)
        page = " ".join(lu.split())
        assert "Claire Le Bris, Ville de Rochebrune-sur-Vilaine 15 12 9 (+1) 1 6 (−1)" in page
        assert "Une demande que vous ne suivez pas 15 12 (+1) 8 1 7" in page
        assert "abaissé" not in page

    async def test_a_lowered_effectif_is_explained(self, connecte: Navigateur, api: ApiFactice) -> None:
        apres = chiffres(effectif_attendu=5, capacite=9, recues=12, admises=9)
        api.repondre("GET", self.APPEL, {"elements": [{**MOUVEMENTS[0], "apres": apres}], "suivant": "abc="})
        page = (await connecte.voir(self.ADRESSE)).text
        assert "personne ne perd sa place" in page
        assert f"{self.ADRESSE}?cursor=abc%3D" in page

    async def test_a_ledger_not_yet_open_says_so(self, connecte: Navigateur, api: ApiFactice) -> None:
        api.repondre("GET", self.APPEL, {"elements": [], "suivant": None})
        assert "pas encore ouvert" in (await connecte.voir(self.ADRESSE)).text


async def test_filters_ask_for_one_state(connecte: Navigateur, api: ApiFactice) -> None:
    await connecte.voir("/inscriptions?etat=transmise")
    await connecte.voir("/inscriptions?etat=inconnu")
    etats = [demande.url.params.get("etat") for demande in api.demandes("GET", "inscriptions/v1/inscriptions")]
    assert etats[-2:] == ["transmise", None]


@pytest.mark.parametrize("chemin", ["/connexion", "/connexion?fin=deconnexion", "/verification", "/accessibilite"])
async def test_pages_open_to_all(navigateur: Navigateur, chemin: str) -> None:
    bien_compose(await navigateur.voir(chemin))


@pytest.mark.parametrize("etat", ["ouverte", "rendue", "close", "non_rendue"])
async def test_the_avis_page_in_each_state(navigateur: Navigateur, api: ApiFactice, etat: str) -> None:
    api.repondre(
        "GET", "inscriptions/v1/avis/jeton", demande_d_avis(etat=etat, interim_de="Anne-Marie Guéguen", explication="Voici pourquoi.")
    )
    bien_compose(await navigateur.voir("/avis/jeton"))


async def test_a_paper_is_verified_by_anyone(navigateur: Navigateur, api: ApiFactice) -> None:
    api.repondre("GET", "documents/v1/verification/CONV-2026-7KQ2", VERIFICATION)
    page = await navigateur.voir("/verification?reference=conv-2026-7kq2")
    bien_compose(page)
    assert "Ce document est authentique." in page.text
    api.repondre("GET", "documents/v1/verification/FAUX", {"statut": "inconnue", "reference": "FAUX"})
    assert "Aucun document ne porte la référence" in (await navigateur.voir("/verification/FAUX")).text


@pytest.mark.parametrize(
    ("reponse", "statut", "titre"),
    [
        (probleme(403, "interdit", "Cette demande ne vous est pas ouverte."), 403, "Cette demande ne vous est pas ouverte."),
        (probleme(404, "introuvable", "Cette demande n’existe pas."), 404, "Cette demande n’existe pas."),
        (httpx.Response(502, text="Bad Gateway"), 503, "Le service est momentanément indisponible."),
        (httpx.Response(200, json={"etat": "autre"}), 500, "Une erreur est survenue de notre côté."),
    ],
)
async def test_what_goes_wrong_is_a_page(connecte: Navigateur, api: ApiFactice, reponse: httpx.Response, statut: int, titre: str) -> None:
    api.repondre("GET", UNE_DEMANDE, reponse)
    page = await connecte.voir(f"/inscriptions/{DEMANDE_ID}")
    assert page.status_code == statut
    assert titre in page.text
    bien_compose(page)


@pytest.mark.parametrize("chemin", ["/nulle-part", "/inscriptions/pas-un-uuid", "/documents"])
async def test_an_unknown_address_is_a_page(connecte: Navigateur, chemin: str) -> None:
    page = await connecte.voir(chemin)
    assert page.status_code == 404
    bien_compose(page)


def test_every_icon_asked_for_is_in_the_sprite() -> None:
    gabarits = "".join(Path(f).read_text(encoding="utf-8") for f in (rendu.ICI / "templates").glob("*.html"))
    assert set(re.findall(r'icone\("([\w-]+)"', gabarits)) <= set(ICONES)
