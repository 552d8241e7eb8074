"""Whoever lost his second factors is helped by who answers for him, and nobody else, on a real PostgreSQL."""

from typing import Any

import httpx
import pytest
from sqlalchemy import text

from services.contracts.ids import collectivite_id
from services.kit.database import Database
from tests.integration.identity.conftest import ELEONORE, HELENE, SOLENE, Lecteur, connecter
from tests.integration.identity.test_second_facteur import ajouter

pytestmark = pytest.mark.usefixtures("sans_facteur")

G = "/collectivite/gestionnaires"
ERWAN = "erwan.tanguy"
MOTIF = {"motif": "Téléphone perdu, vu dans mon bureau."}


@pytest.fixture
async def solene(client: httpx.AsyncClient) -> Lecteur:
    return await Lecteur.nomme(client, SOLENE)


async def celui_de(chef: Lecteur, identifiant: str) -> dict[str, Any]:
    trouve: dict[str, Any] = next(lu for lu in (await chef.get(G)).json() if lu["identifiant"] == identifiant)
    return trouve


def probleme(reponse: httpx.Response) -> tuple[int, str]:
    return reponse.status_code, reponse.json()["type"].removeprefix("urn:iel:probleme:")


async def test_a_principal_helps_a_colleague(client: httpx.AsyncClient, database: Database, solene: Lecteur) -> None:
    erwan = await celui_de(solene, ERWAN)
    chemin = f"{G}/{erwan['id']}/second-facteur/retrait"
    assert probleme(await solene.post(chemin, MOTIF)) == (409, "sans-second-facteur")
    _, _, session = await ajouter(client, ERWAN)
    assert (await solene.get(f"{G}/{erwan['id']}")).json()["second_facteur"] is True
    assert (await solene.post(chemin, {"motif": " "})).status_code == 422
    assert (await solene.post(chemin, MOTIF)).json()["second_facteur"] is False
    # His password is enough again, and what was lost opens nothing any more.
    assert (await connecter(client, ERWAN)).status_code == 200
    renouvele = await client.post("/sessions/renouvellement", json={"refresh_token": session["refresh_token"]})
    assert probleme(renouvele) == (401, "connexion-terminee")
    trace = (await solene.get("/collectivite/historique")).json()["elements"][0]
    assert (trace["par"], trace["phrase"]) == ("Solène Morvan", "a retiré les seconds facteurs perdus par Erwan Tanguy")
    async with database.transaction() as tx:
        faits = await tx.scalar(text("select faits from courriels where gabarit = 'second_facteur_secouru'"))
        restes = await tx.scalar(text("select count(*) from totps"))
    assert (faits["par"], faits["motif"], restes) == ("Solène Morvan", MOTIF["motif"], 0)


async def test_nobody_helps_himself(client: httpx.AsyncClient, solene: Lecteur) -> None:
    await ajouter(client, SOLENE)
    sienne = await celui_de(solene, SOLENE)
    assert probleme(await solene.post(f"{G}/{sienne['id']}/second-facteur/retrait", MOTIF)) == (409, "soi-meme")
    helene = await Lecteur.nomme(client, HELENE)
    assert probleme(await helene.post("/comptes/secours", {"identifiant": HELENE, **MOTIF})) == (409, "soi-meme")


async def test_an_account_that_acts_elsewhere_is_helped_by_the_organisme(
    client: httpx.AsyncClient, database: Database, solene: Lecteur
) -> None:
    async with database.transaction() as tx:
        await tx.execute(
            text(
                "insert into appartenances (id, compte_id, roles, collectivite_id, services, debut)"
                " select gen_random_uuid(), id, '{lecture}', :ailleurs, '{}', current_date from comptes where identifiant = :qui"
            ),
            {"ailleurs": collectivite_id("21490950900017"), "qui": ERWAN},
        )
    await ajouter(client, ERWAN)
    erwan = await celui_de(solene, ERWAN)
    assert probleme(await solene.post(f"{G}/{erwan['id']}/second-facteur/retrait", MOTIF)) == (409, "compte-partage")
    for qui in (SOLENE, ELEONORE):
        autre = solene if qui == SOLENE else await Lecteur.nomme(client, qui)
        assert (await autre.post("/comptes/secours", {"identifiant": ERWAN, **MOTIF})).status_code == 403
    helene = await Lecteur.nomme(client, HELENE)
    inconnu = await helene.post("/comptes/secours", {"identifiant": "personne", **MOTIF})
    assert [erreur["champ"] for erreur in inconnu.json()["errors"]] == ["identifiant"]
    assert (await helene.post("/comptes/secours", {"identifiant": f" {ERWAN.upper()} ", **MOTIF})).json() == {"nom": "Erwan Tanguy"}
    assert (await connecter(client, ERWAN)).status_code == 200
