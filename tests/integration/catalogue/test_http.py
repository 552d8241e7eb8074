"""The HTTP of the catalogue: what a page receives, and problems in French."""

from datetime import timedelta
from uuid import uuid4

import pytest

from services.catalogue import domain, service
from services.catalogue.schemas import SessionPublic
from services.contracts.acteur import Role
from services.contracts.inscriptions import PlacesActualisees
from services.kit import clock
from tests.acteurs import un_acteur
from tests.integration.catalogue.conftest import BREST, RENNES, Catalogue, Client, agent_de
from tests.unit.catalogue.fabrique import un_stage, une_session

SESSIONS = "/api/catalogue/v1/sessions"
DEMAIN = clock.now().date() + timedelta(days=60)


async def test_a_list_and_a_session_with_the_same_figures(catalogue: Catalogue, client: Client) -> None:
    session = une_session("001", debut=DEMAIN, aire=domain.Aire(departements=("35",)))
    await catalogue.charge(session)
    async with catalogue.database.transaction() as ecriture:
        figures = PlacesActualisees(
            survenu_le=clock.now(), session_id=session.id, version=4, effectif_attendu=15, recues=12, admises=9, en_attente=1
        )
        await service.suivre_places(ecriture, figures)
    answer = await client(agent_de(RENNES)).get(SESSIONS)
    assert answer.status_code == 200
    page = answer.json()
    [element] = page["elements"]
    assert page["suivant"] is None
    assert set(element) == set(SessionPublic.model_fields)
    assert (element["code"], element["ouverte"], element["nature_libelle"]) == ("SXM5A 001", True, "Perfectionnement")
    assert [element[name] for name in ("effectif_attendu", "recues", "admises", "en_attente", "disponibles")] == [15, 12, 9, 1, 6]
    assert (await client(agent_de(RENNES)).get(f"{SESSIONS}/{session.id}")).json() == element


async def test_pages_follow_by_their_cursor(catalogue: Catalogue, client: Client) -> None:
    await catalogue.charge(*(une_session(f"{n:03}", debut=DEMAIN, stage=un_stage()) for n in range(service.PAR_PAGE + 1)))
    http = client(agent_de(RENNES))
    premiere = (await http.get(SESSIONS, params={"q": "redige"})).json()
    seconde = (await http.get(SESSIONS, params={"q": "redige", "cursor": premiere["suivant"]})).json()
    assert len(premiere["elements"]) == service.PAR_PAGE
    assert len(seconde["elements"]) == 1
    assert seconde["suivant"] is None


async def test_a_session_for_others_is_a_problem_404_in_french(catalogue: Catalogue, client: Client) -> None:
    session = une_session("001", debut=DEMAIN, aire=domain.Aire(departements=("35",)))
    await catalogue.charge(session)
    hidden = await client(agent_de(BREST)).get(f"{SESSIONS}/{session.id}")
    missing = await client(un_acteur(Role.ADMINISTRATEUR)).get(f"{SESSIONS}/{uuid4()}")
    for answer in (hidden, missing):
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"
        problem = answer.json()
        assert problem["type"] == "urn:iel:probleme:session-introuvable"
        assert problem["title"] == "Cette session n’existe pas, ou elle ne vous est pas proposée."
        assert problem["instance"] == answer.request.url.path


@pytest.mark.parametrize(
    ("path", "champ"),
    [
        (f"{SESSIONS}/pas-un-uuid", "session_id"),
        (f"{SESSIONS}?cursor=pas-un-curseur", "cursor"),
        (f"{SESSIONS}?fermees=parfois", "fermees"),
        (f"{SESSIONS}?q={'x' * 201}", "q"),
    ],
)
async def test_what_is_malformed_is_a_problem_422_that_names_its_field(client: Client, path: str, champ: str) -> None:
    answer = await client(agent_de(RENNES)).get(path)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert [error["champ"] for error in answer.json()["errors"]] == [champ]


async def test_nobody_reads_without_a_token(client: Client) -> None:
    for path in (SESSIONS, f"{SESSIONS}/{uuid4()}"):
        answer = await client(None).get(path)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"
