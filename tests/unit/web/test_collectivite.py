"""The settings of the collectivité, its gestionnaires and its first steps in a browser without JavaScript, on canned answers."""

import re
from urllib.parse import parse_qs

import httpx
import pytest

from services.contracts.notifications import EN_COPIE
from tests.unit.web.conftest import ADRESSE, Navigateur
from tests.unit.web.reponses import AGENT_ID, CIRCUIT, JSON, ApiFactice, acteur, dans, probleme
from tests.unit.web.test_agents import resume

C = "identity/v1/collectivite"
ANNE, ERIC = "b1a2c3d4-0000-4000-8000-0000000000b1", "b1a2c3d4-0000-4000-8000-0000000000b2"
SERVICE = "b1a2c3d4-0000-4000-8000-0000000000c1"
ETAPES = ("identite", "preinscription", "avis", "agents", "collegue")

IDENTITE: JSON = {
    "nom": "Commune de Saint-Aubin",
    "siret": "20003452800014",
    "adresse": "1 place de la Mairie",
    "code_postal": "35250",
    "ville": "Saint-Aubin",
    "email": "mairie@saint-aubin.example",
    "effectif": 6,
    "autorite_nom": "Jeanne Simon",
    "autorite_qualite": "maire",
    "etiquette": '"lu"',
}
COPIES: JSON = {
    "copies": [{"nom": "Accueil", "email": "accueil@saint-aubin.example", "gabarits": ["convocation"]}],
    "messages": {str(gabarit): str(gabarit) for gabarit in EN_COPIE},
    "etiquette": '"lu"',
}


def gestionnaire(**autres: object) -> JSON:
    return {
        "id": ANNE,
        "nom": "Le Bihan",
        "prenom": "Anne",
        "identifiant": "anne.lebihan",
        "email": "anne.lebihan@saint-aubin.example",
        "role": "gestionnaire",
        "role_libelle": "Gestionnaire de formation",
        "services": [{"id": SERVICE, "nom": "Voirie"}],
        "etat": "invite",
        "derniere_connexion": None,
        "debut": "2026-11-01",
        "fin": None,
        "motif_fin": None,
        "fin_par": None,
        "dirige": ["Atelier"],
        "agent": True,
        "second_facteur": False,
        "etiquette": '"lu"',
        **autres,
    }


def etapes(**etats: str) -> JSON:
    return {"etapes": [{"etape": etape, "etat": etats.get(etape, "a_faire"), "par": None, "le": None} for etape in ETAPES]}


@pytest.fixture
def qui() -> JSON:
    return acteur("gestionnaire_principal")


@pytest.fixture(autouse=True)
def reponses(api: ApiFactice) -> None:
    service = {"id": SERVICE, "code": "VOI", "nom": "Voirie", "agents": 3, "etiquette": '"lu"'}
    vides = dict.fromkeys(("parent_id", "responsable_id", "responsable", "suppleant_id", "suppleant"))
    eric = gestionnaire(id=ERIC, prenom="Éric", nom="Rault", identifiant="eric.rault", etat="actif", derniere_connexion=dans(days=-1))
    api.repondre("GET", "identity/v1/services", [service | vides])
    api.repondre("GET", f"{C}/identite", IDENTITE)
    api.repondre("PUT", f"{C}/identite", IDENTITE)
    api.repondre("GET", f"{C}/preinscription", {"preinscription_agents": True, "etiquette": '"lu"'})
    api.repondre("PUT", f"{C}/preinscription", {"preinscription_agents": False, "etiquette": '"neuf"'})
    api.repondre("GET", f"{C}/copies", COPIES)
    api.repondre("PUT", f"{C}/copies", COPIES)
    transferts = {"gabarits": ["convocation"], "messages": COPIES["messages"], "etiquette": '"lu"'}
    for methode in ("GET", "PUT"):
        api.repondre(methode, f"{C}/transferts", transferts)
    api.repondre("GET", f"{C}/gestionnaires", [gestionnaire(), eric])
    api.repondre("GET", f"{C}/gestionnaires/{ANNE}", gestionnaire())
    api.repondre("PUT", f"{C}/gestionnaires/{ANNE}", gestionnaire())
    api.repondre("POST", f"{C}/gestionnaires", httpx.Response(201, json=gestionnaire()))
    for acte in ("invitation", "fin"):
        api.repondre("POST", f"{C}/gestionnaires/{ANNE}/{acte}", gestionnaire())


async def test_every_topic_has_its_page(connecte: Navigateur) -> None:
    contenu = (await connecte.voir("/collectivite")).text
    for sujet in (
        "identite",
        "gestionnaires",
        "preinscription",
        "copies",
        "transferts",
        "mandats",
        "identifiants",
        "adresses",
        "securite",
        "historique",
    ):
        assert f'href="/collectivite/{sujet}"' in contenu
    assert 'href="/circuit"' in contenu
    assert "Mise en route" not in contenu


async def test_the_identite_is_sent_with_the_mark_that_was_read(connecte: Navigateur, api: ApiFactice) -> None:
    page = "/collectivite/identite"
    typed = {champ: str(IDENTITE[champ]) for champ in ("adresse", "code_postal", "email", "effectif", "autorite_nom", "autorite_qualite")}
    reponse = await connecte.envoyer(page, page, ville="Redon", **typed)
    assert (reponse.status_code, reponse.headers["location"]) == (303, "/collectivite/identite?enregistre=1")
    (envoyee,) = api.demandes("PUT", f"{C}/identite")
    assert envoyee.headers["If-Match"] == '"lu"'
    assert api.corps("PUT", f"{C}/identite")[0]["ville"] == "Redon"


async def test_changed_meanwhile_says_what_and_may_be_sent_again(connecte: Navigateur, api: ApiFactice) -> None:
    detail = "Par Éric Rault, hier. Ville : « Rennes » devient « Vitré »."
    api.repondre("PUT", f"{C}/identite", probleme(412, "modifie-entre-temps", "Ce réglage a été modifié entre-temps.", detail=detail))
    page = "/collectivite/identite"
    await connecte.voir(page)
    api.repondre("GET", f"{C}/identite", IDENTITE | {"etiquette": '"plus neuf"'})
    reponse = await connecte.http.post(
        page, data={"csrf": await _csrf(connecte, page), "lue": '"lu"', "ville": "Redon"}, headers={"Origin": ADRESSE}
    )
    assert reponse.status_code == 412
    assert "devient « Vitré »" in reponse.text
    assert 'value="Redon"' in reponse.text
    assert 'name="lue" value="&#34;plus neuf&#34;"' in reponse.text


async def _csrf(qui: Navigateur, page: str) -> str:
    return (await qui.voir(page)).text.split('name="csrf" value="')[1].split('"')[0]


async def test_a_mistake_keeps_what_was_typed_beside_its_field(connecte: Navigateur, api: ApiFactice) -> None:
    erreurs = [{"champ": "code_postal", "message": "Un code postal a cinq chiffres."}]
    api.repondre("PUT", f"{C}/identite", probleme(422, "saisie-invalide", "La saisie est à corriger.", errors=erreurs))
    page = "/collectivite/identite"
    reponse = await connecte.envoyer(page, page, ville="Redon", code_postal="3525")
    assert reponse.status_code == 422
    assert 'id="code_postal-erreur"' in reponse.text
    assert 'value="3525"' in reponse.text


async def test_the_preinscription_is_closed(connecte: Navigateur, api: ApiFactice) -> None:
    page = "/collectivite/preinscription"
    reponse = await connecte.envoyer(page, page, permise="non")
    assert reponse.status_code == 303
    assert api.corps("PUT", f"{C}/preinscription") == [{"preinscription_agents": False}]


async def test_a_copy_is_added_and_another_retired(connecte: Navigateur, api: ApiFactice) -> None:
    page = "/collectivite/copies"
    champs = {"nom-0": "Accueil", "email-0": "accueil@saint-aubin.example", "gabarits-0": "convocation", "retirer-0": "oui"}
    nouvelle = {"nom-1": "Secrétariat", "email-1": "dgs@saint-aubin.example", "gabarits-1": "acceptee"}
    assert (await connecte.envoyer(page, page, **champs, **nouvelle)).status_code == 303
    (corps,) = api.corps("PUT", f"{C}/copies")
    assert corps == {"copies": [{"nom": "Secrétariat", "email": "dgs@saint-aubin.example", "gabarits": ["acceptee"]}]}


async def test_a_mistake_in_a_copy_stands_at_its_own_line(connecte: Navigateur, api: ApiFactice) -> None:
    erreurs = [{"champ": "copies.0.email", "message": "Cette adresse électronique n’a pas la forme attendue."}]
    api.repondre("PUT", f"{C}/copies", probleme(422, "saisie-invalide", "Les copies sont à corriger.", errors=erreurs))
    page = "/collectivite/copies"
    reponse = await connecte.envoyer(page, page, **{"retirer-0": "oui", "nom-0": "Accueil", "nom-1": "DGS", "email-1": "dgs"})
    assert reponse.status_code == 422
    assert 'id="email-1-erreur"' in reponse.text
    assert 'href="#email-1"' in reponse.text
    assert 'value="dgs"' in reponse.text


async def test_what_superieurs_get_is_ticked(connecte: Navigateur, api: ApiFactice) -> None:
    page = "/collectivite/transferts"
    assert 'value="convocation" checked' in (await connecte.voir(page)).text
    reponse = await connecte.envoyer(page, page, gabarits="acceptee")
    assert (reponse.status_code, reponse.headers["location"]) == (303, f"{page}?enregistre=1")
    assert api.corps("PUT", f"{C}/transferts") == [{"gabarits": ["acceptee"]}]
    assert api.demandes("PUT", f"{C}/transferts")[0].headers["If-Match"] == '"lu"'


async def test_the_history_reads_as_sentences(connecte: Navigateur, api: ApiFactice) -> None:
    details = [{"champ": "Rôle", "avant": "Consultation", "apres": "Gestionnaire principal"}]
    phrase = "a modifié l’accès accordé à Anne Le Bihan"
    fait = {"survenu_le": dans(), "par": "Solène Morvan", "sujet": "gestionnaire_modifie", "phrase": phrase, "details": details}
    api.repondre("GET", f"{C}/historique", {"elements": [fait], "suivant": "suite"})
    contenu = (await connecte.voir("/collectivite/historique")).text
    assert f"<strong>Solène Morvan</strong> {phrase}, le" in contenu
    assert "«&nbsp;Consultation&nbsp;» devient «&nbsp;Gestionnaire principal&nbsp;»" in contenu
    assert "/collectivite/historique?cursor=suite" in contenu


async def test_someone_is_invited_for_some_services(connecte: Navigateur, api: ApiFactice) -> None:
    page = "/collectivite/gestionnaires"
    qui = {"prenom": "Anne", "nom": "Le Bihan", "email": "anne@saint-aubin.example", "role": "lecture", "services": SERVICE}
    assert (await connecte.envoyer(page, page, **qui)).status_code == 303
    (corps,) = api.corps("POST", f"{C}/gestionnaires")
    assert corps == {**qui, "services": [SERVICE]}


async def test_the_same_person_twice_is_told_and_nothing_is_lost(connecte: Navigateur, api: ApiFactice) -> None:
    titre = "Anne Le Bihan a déjà un accès à votre collectivité."
    erreurs = [{"champ": "email", "message": "Cette personne est déjà dans la liste."}]
    api.repondre("POST", f"{C}/gestionnaires", probleme(409, "deja-gestionnaire", titre, errors=erreurs))
    page = "/collectivite/gestionnaires"
    reponse = await connecte.envoyer(page, page, prenom="Anne", nom="Le Bihan", email="anne@x.example", role="lecture", services=SERVICE)
    assert reponse.status_code == 409
    assert titre in reponse.text
    assert 'value="anne@x.example"' in reponse.text
    assert re.search(rf'value="{SERVICE}"\s+checked', reponse.text)


async def test_a_role_is_changed_with_the_mark_that_was_read(connecte: Navigateur, api: ApiFactice) -> None:
    page = f"/collectivite/gestionnaires/{ANNE}"
    assert (await connecte.envoyer(page, page, role="gestionnaire_principal")).status_code == 303
    (envoyee,) = api.demandes("PUT", f"{C}/gestionnaires/{ANNE}")
    assert envoyee.headers["If-Match"] == '"lu"'
    assert api.corps("PUT", f"{C}/gestionnaires/{ANNE}") == [{"role": "gestionnaire_principal", "services": []}]


async def test_the_link_is_sent_again(connecte: Navigateur, api: ApiFactice) -> None:
    page = f"/collectivite/gestionnaires/{ANNE}"
    reponse = await connecte.envoyer(page, f"{page}/invitation")
    assert parse_qs(reponse.headers["location"].partition("?")[2]) == {"envoye": ["1"]}
    assert len(api.demandes("POST", f"{C}/gestionnaires/{ANNE}/invitation")) == 1


async def test_an_access_ends_with_what_was_held_handed_over(connecte: Navigateur, api: ApiFactice) -> None:
    api.repondre("GET", "identity/v1/agents", {"elements": [resume()], "suivant": None})
    page = f"/collectivite/gestionnaires/{ANNE}"
    fin = {"motif": "Mutation", "repreneur_id": ERIC, "successeur_id": "00936", "reste_agent": "oui"}
    assert (await connecte.envoyer(page, f"{page}/fin", **fin)).status_code == 303
    assert api.corps("POST", f"{C}/gestionnaires/{ANNE}/fin") == [
        {"motif": "Mutation", "repreneur_id": ERIC, "successeur_id": AGENT_ID, "reste_agent": True}
    ]
    sans_motif = await connecte.envoyer(page, f"{page}/fin", motif=" ", repreneur_id=ERIC)
    assert sans_motif.status_code == 422
    assert f'value="{ERIC}" selected' in sans_motif.text


async def test_the_last_principal_is_told_why_he_stays(connecte: Navigateur, api: ApiFactice) -> None:
    titre = "C’est le dernier gestionnaire principal de la collectivité."
    api.repondre("POST", f"{C}/gestionnaires/{ANNE}/fin", probleme(409, "dernier-principal", titre, detail="Nommez d’abord un autre."))
    page = f"/collectivite/gestionnaires/{ANNE}"
    reponse = await connecte.envoyer(page, f"{page}/fin", motif="Mutation")
    assert reponse.status_code == 409
    assert titre in reponse.text
    assert 'value="Mutation"' in reponse.text


class TestConsultation:
    @pytest.fixture
    def qui(self) -> JSON:
        return acteur("lecture")

    @pytest.mark.parametrize(
        "page", ["", "/identite", "/preinscription", "/copies", "/transferts", "/gestionnaires", f"/gestionnaires/{ANNE}", "/demarrage"]
    )
    async def test_everything_is_read_and_nothing_can_be_sent(self, connecte: Navigateur, page: str) -> None:
        reponse = await connecte.voir(f"/collectivite{page}")
        assert reponse.status_code == 200
        assert 'action="/collectivite' not in reponse.text


class TestMiseEnRoute:
    @pytest.fixture(autouse=True)
    def une_collectivite_neuve(self, api: ApiFactice) -> None:
        api.repondre("GET", f"{C}/demarrage", etapes(identite="faite"))
        for etape in ETAPES:
            api.repondre("PUT", f"{C}/demarrage/{etape}", etapes())

    async def test_the_home_leads_there_until_it_is_done(self, connecte: Navigateur, api: ApiFactice) -> None:
        contenu = (await connecte.voir("/")).text
        assert 'href="/collectivite/demarrage"' in contenu
        assert "1 sur 5" in contenu
        api.repondre("GET", f"{C}/demarrage", etapes(**dict.fromkeys(ETAPES, "faite")))
        assert "/collectivite/demarrage" not in (await connecte.voir("/")).text
        assert "Tout est prêt." in (await connecte.voir("/collectivite/demarrage")).text

    async def test_the_home_does_without_when_it_cannot_be_read(self, connecte: Navigateur, api: ApiFactice) -> None:
        api.repondre("GET", f"{C}/demarrage", httpx.Response(503))
        reponse = await connecte.voir("/")
        assert reponse.status_code == 200
        assert "À valider" in reponse.text

    async def test_the_next_step_is_offered_and_done(self, connecte: Navigateur, api: ApiFactice) -> None:
        page, action = "/collectivite/demarrage", "/collectivite/demarrage/preinscription"
        assert (await connecte.envoyer(page, action, permise="non")).status_code == 303
        assert api.corps("PUT", f"{C}/preinscription") == [{"preinscription_agents": False}]
        assert api.corps("PUT", f"{C}/demarrage/preinscription") == [{"etat": "faite"}]

    @pytest.mark.parametrize("etape", ETAPES)
    async def test_each_step_shows_and_may_be_skipped(self, connecte: Navigateur, api: ApiFactice, etape: str) -> None:
        page = f"/collectivite/demarrage?etape={etape}"
        contenu = (await connecte.voir(page)).text
        assert f'href="{page}" aria-current="step"' in contenu
        donnees = {"csrf": await _csrf(connecte, page), "passer": "oui"}
        reponse = await connecte.http.post(f"/collectivite/demarrage/{etape}", data=donnees, headers={"Origin": ADRESSE})
        assert reponse.status_code == 303
        assert api.corps("PUT", f"{C}/demarrage/{etape}") == [{"etat": "passee"}]
        assert [recue.method for recue in api.recues if recue.method not in {"GET", "POST"}] == ["PUT"]

    @pytest.mark.parametrize(
        ("en_vigueur", "avis", "envoyes"),
        [
            (CIRCUIT["etapes"], "oui", []),
            (CIRCUIT["etapes"], "non", [{"etapes": []}]),
            ([], "non", []),
            ([], "oui", [{"etapes": CIRCUIT["etapes"]}]),
        ],
    )
    async def test_who_gives_the_avis_is_written_in_the_circuit(
        self, connecte: Navigateur, api: ApiFactice, en_vigueur: list[JSON], avis: str, envoyes: list[JSON]
    ) -> None:
        api.repondre("GET", "inscriptions/v1/circuit", CIRCUIT | {"etapes": en_vigueur})
        api.repondre("PUT", "inscriptions/v1/circuit", CIRCUIT)
        page = "/collectivite/demarrage?etape=avis"
        assert (await connecte.envoyer(page, "/collectivite/demarrage/avis", avis=avis)).status_code == 303
        assert api.corps("PUT", "inscriptions/v1/circuit") == envoyes

    async def test_a_colleague_refused_keeps_what_was_typed(self, connecte: Navigateur, api: ApiFactice) -> None:
        api.repondre("POST", f"{C}/gestionnaires", probleme(409, "deja-gestionnaire", "Anne a déjà un accès."))
        page = "/collectivite/demarrage?etape=collegue"
        reponse = await connecte.envoyer(
            page, "/collectivite/demarrage/collegue", prenom="Anne", nom="Le Bihan", email="a@x.example", role="lecture"
        )
        assert reponse.status_code == 409
        assert 'value="a@x.example"' in reponse.text
        assert api.demandes("PUT", f"{C}/demarrage/collegue") == []

    async def test_a_step_that_does_not_exist_is_not_found(self, connecte: Navigateur) -> None:
        donnees = {"csrf": await _csrf(connecte, "/collectivite/demarrage")}
        reponse = await connecte.http.post("/collectivite/demarrage/autre", data=donnees, headers={"Origin": ADRESSE})
        assert reponse.status_code == 404
