"""Passkeys over HTTP and on a real PostgreSQL: what is asked serves once, counters grow, holders are checked."""

from typing import Any

import httpx
import pytest
from sqlalchemy import text

from services.kit.database import Database
from tests.integration.identity.cle_logicielle import CleLogicielle
from tests.integration.identity.conftest import CLAIRE, MOT_DE_PASSE, NOLWENN, connecter

MOI = "/moi/second-facteur"


@pytest.fixture(autouse=True)
async def _sans_facteur(database: Database) -> None:
    async with database.transaction() as session:
        for table in ("codes_secours", "cles_acces", "epreuves_cles", "echecs_connexion"):
            await session.execute(text(f"delete from {table}"))


async def eprouver(client: httpx.AsyncClient, chemin: str, **demande: Any) -> dict[str, Any]:
    epreuve: dict[str, Any] = (await client.post(chemin, **demande)).raise_for_status().json()
    return epreuve


async def ajouter(client: httpx.AsyncClient, qui: str, cle: CleLogicielle) -> dict[str, str]:
    """Register a passkey; the headers of whom it is."""
    session = (await connecter(client, qui)).raise_for_status().json()
    entetes = {"Authorization": f"Bearer {session['access_token']}"}
    epreuve = await eprouver(client, f"{MOI}/cles/epreuve", headers=entetes)
    corps = {"epreuve": epreuve["id"], "nom": "Ma clé", "cle": cle.creer(epreuve["options"])}
    reponse = await client.post(f"{MOI}/cles", json=corps, headers=entetes)
    assert (reponse.status_code, len(reponse.json()["codes"])) == (201, 10)
    encore = await client.post(f"{MOI}/cles", json=corps, headers=entetes)
    assert (encore.status_code, encore.json()["type"]) == (409, "urn:iel:probleme:epreuve-perimee")
    return entetes


async def confirmer(client: httpx.AsyncClient, qui: str, cle: CleLogicielle) -> httpx.Response:
    reponse = await connecter(client, qui)
    assert reponse.json()["moyens"] == ["cle", "secours"]
    defi = reponse.json()["defi"]
    epreuve = await eprouver(client, "/sessions/second-facteur/epreuve", json={"defi": defi})
    return await client.post(
        "/sessions/second-facteur", json={"defi": defi, "epreuve": epreuve["id"], "cle": cle.signer(epreuve["options"])}
    )


async def entrer(client: httpx.AsyncClient, cle: CleLogicielle) -> httpx.Response:
    epreuve = await eprouver(client, "/sessions/cle/epreuve")
    corps = {"epreuve": epreuve["id"], "cle": cle.signer(epreuve["options"])}
    reponse = await client.post("/sessions/cle", json=corps)
    # What was asked has served, whatever came of it.
    assert (await client.post("/sessions/cle", json=corps)).status_code == 401
    return reponse


async def test_a_passkey_confirms_a_password_and_its_counter_must_grow(client: httpx.AsyncClient) -> None:
    cle = CleLogicielle(compteur=5, verifie=False)
    entetes = await ajouter(client, CLAIRE, cle)
    cle.compteur = 6
    assert (await confirmer(client, CLAIRE, cle)).status_code == 200
    # A copy, behind the original.
    refus = await confirmer(client, CLAIRE, cle)
    assert (refus.status_code, refus.json()["type"]) == (401, "urn:iel:probleme:cle-refusee")
    [connue] = (await client.get(MOI, headers=entetes)).json()["cles"]
    assert connue["vue_le"] is not None


async def test_the_passkey_of_another_confirms_nothing(client: httpx.AsyncClient) -> None:
    sienne, autre = CleLogicielle(), CleLogicielle()
    await ajouter(client, CLAIRE, sienne)
    await ajouter(client, NOLWENN, autre)
    assert (await confirmer(client, CLAIRE, autre)).status_code == 401


async def test_alone_it_must_have_checked_its_holder(client: httpx.AsyncClient) -> None:
    cle = CleLogicielle()
    await ajouter(client, CLAIRE, cle)
    reponse = await entrer(client, cle)
    assert (reponse.status_code, reponse.json()["acteur"]["nom"]) == (200, "Claire Le Bris")
    cle.verifie = False
    assert (await entrer(client, cle)).status_code == 401
    assert (await entrer(client, CleLogicielle())).status_code == 401


async def test_removed_with_the_password_it_opens_nothing_more(client: httpx.AsyncClient) -> None:
    cle = CleLogicielle()
    entetes = await ajouter(client, CLAIRE, cle)
    [connue] = (await client.get(MOI, headers=entetes)).json()["cles"]
    retrait = f"{MOI}/cles/{connue['id']}/retrait"
    assert (await client.post(retrait, json={"mot_de_passe": "inconnu"}, headers=entetes)).status_code == 422
    assert (await client.post(retrait, json={"mot_de_passe": MOT_DE_PASSE}, headers=entetes)).status_code == 204
    assert (await entrer(client, cle)).status_code == 401
    assert (await connecter(client, CLAIRE)).status_code == 200
