"""Each reads his own people, and only them."""

from uuid import UUID

import httpx
import pytest

from services.contracts import ids
from services.identity.domain.portee import Portee
from services.identity.repository import lecture as repository
from services.identity.repository.portee import Tranche
from services.kit.database import Database
from tests.integration.identity.conftest import CLAIRE, ELEONORE, GWENAELLE, HELENE, NOLWENN, SOLENE, Lecteur

ROCHEBRUNE, KERMELEN = "21350950800015", "21290950100018"
CLAIRE_ID = ids.agent_id(ROCHEBRUNE, "00936")
INTRUS = UUID(int=42)


async def test_an_agent_reads_his_own_file_with_his_superieur(client: httpx.AsyncClient) -> None:
    claire = await Lecteur.nomme(client, CLAIRE)
    fiche = await claire.lit(f"/agents/{CLAIRE_ID}")
    assert (fiche["prenom"], fiche["nom"], fiche["service"]) == ("Claire", "Le Bris", "Accueil, état civil et élections")
    assert fiche["superieur"]["nom"] == "Kervella"
    assert fiche["suppleant"]["nom"] == "Guéguen"


async def test_an_agent_reads_nobody_else(client: httpx.AsyncClient) -> None:
    claire, nolwenn = await Lecteur.nomme(client, CLAIRE), await Lecteur.nomme(client, NOLWENN)
    assert (await nolwenn.get(f"/agents/{CLAIRE_ID}")).status_code == 404
    assert (await claire.get(f"/agents/{claire.acteur['compte_id']}")).status_code == 404
    assert (await claire.get("/agents")).status_code == 403
    assert (await claire.get("/collectivites")).status_code == 403
    assert (await claire.lit(f"/collectivites/{ids.collectivite_id(ROCHEBRUNE)}"))["siret"] == ROCHEBRUNE
    assert (await claire.get(f"/collectivites/{ids.collectivite_id(KERMELEN)}")).status_code == 404


async def test_a_gestionnaire_reads_all_the_agents_of_his_collectivite_page_by_page(client: httpx.AsyncClient) -> None:
    solene = await Lecteur.nomme(client, SOLENE)
    agents = await solene.lit_tout("/agents")
    assert len({agent["id"] for agent in agents}) == len(agents) > 150
    assert all(agent["email"].endswith("@rochebrune.example") for agent in agents)
    noms = [agent["nom"] for agent in agents]
    assert noms[0][0] == "A"
    assert noms.index("Guéguen") < noms.index("Guérin")
    nolwenn = await Lecteur.nomme(client, NOLWENN)
    assert (await solene.get(f"/agents/{nolwenn.acteur['agent_id']}")).status_code == 404


@pytest.mark.parametrize("q", ["gueguen anne", "GUÉGUEN", "anne-marie guégu", "Guéguen  Anne"])
async def test_search_ignores_accents_capitals_and_order(client: httpx.AsyncClient, q: str) -> None:
    solene = await Lecteur.nomme(client, SOLENE)
    assert "anne-marie.gueguen@rochebrune.example" in [agent["email"] for agent in await solene.lit_tout("/agents", q=q)]


@pytest.mark.parametrize("q", ["%", "_", "\\", "quelqu'un d'autre", "Abgrall Jean-Yves"])
async def test_search_takes_words_as_they_are(client: httpx.AsyncClient, q: str) -> None:
    solene = await Lecteur.nomme(client, SOLENE)
    assert await solene.lit_tout("/agents", q=q) == []


async def test_search_by_matricule(client: httpx.AsyncClient) -> None:
    solene = await Lecteur.nomme(client, SOLENE)
    assert [agent["id"] for agent in await solene.lit_tout("/agents", q="00936")] == [str(CLAIRE_ID)]


async def test_the_organisme_reads_collectivites_of_its_ressort_and_no_agent(client: httpx.AsyncClient) -> None:
    bretagne = await Lecteur.nomme(client, GWENAELLE)
    bretonnes = await bretagne.lit_tout("/collectivites")
    assert {collectivite["delegation"] for collectivite in bretonnes} == {"BRE"}
    assert (await bretagne.get(f"/collectivites/{ids.collectivite_id('21490950800015')}")).status_code == 404
    for identifiant in (ELEONORE, HELENE):
        national = await Lecteur.nomme(client, identifiant)
        assert len(await national.lit_tout("/collectivites")) == 38
        assert [trouvee["siret"] for trouvee in await national.lit_tout("/collectivites", q="kermelen ville")] == [KERMELEN]
        assert (await national.get("/agents")).status_code == 403
        assert (await national.get(f"/agents/{CLAIRE_ID}")).status_code == 404


@pytest.mark.parametrize(
    ("identifiant", "organisation"),
    [
        (GWENAELLE, "Délégation Bretagne"),
        (ELEONORE, "Institut national des études territoriales (INET), Strasbourg"),
        (HELENE, "Organisme de formation"),
    ],
)
async def test_the_organisme_s_people_know_what_they_work_for(client: httpx.AsyncClient, identifiant: str, organisation: str) -> None:
    moi = await (await Lecteur.nomme(client, identifiant)).lit("/moi")
    assert moi["organisation"] == organisation
    assert moi["collectivite"] is None


async def test_structures_are_known_to_all(client: httpx.AsyncClient) -> None:
    structures = await (await Lecteur.nomme(client, CLAIRE)).lit("/structures")
    assert len(structures) == 23
    assert {"22", "29", "35", "56"} == set(next(s for s in structures if s["code"] == "BRE")["departements"])


@pytest.mark.parametrize("cursor", ["n-importe-quoi", "WyJhIiwgImIiXQ", "WyJhIl0"])
async def test_a_cursor_made_elsewhere_is_refused(client: httpx.AsyncClient, cursor: str) -> None:
    refus = await (await Lecteur.nomme(client, SOLENE)).get("/agents", cursor=cursor)
    assert refus.status_code == 422
    assert refus.json()["errors"][0]["champ"] == "cursor"


@pytest.mark.parametrize(
    "portee", [Portee(), Portee(collectivite=INTRUS, agents_de_la_collectivite=True), Portee(agent=INTRUS), Portee(structure="XXX")]
)
async def test_the_repository_shows_nothing_beyond_a_scope(database: Database, portee: Portee) -> None:
    debut = Tranche(None, 10)
    async with database.transaction() as session:
        assert await repository.agents(session, portee, "", debut) == []
        assert await repository.agent(session, portee, CLAIRE_ID) is None
        assert await repository.collectivites(session, portee, "", debut) == []
        assert await repository.collectivite(session, portee, ids.collectivite_id(ROCHEBRUNE)) is None
