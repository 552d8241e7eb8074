"""Where someone is logged in, told and ended."""

from typing import Any

import httpx

from tests.integration.identity.conftest import CLAIRE, MOT_DE_PASSE, SOLENE, connecter, renouveler

QUI = "erwan.tanguy"


async def ouvrir(client: httpx.AsyncClient, depuis: str) -> dict[str, Any]:
    corps = {"identifiant": QUI, "mot_de_passe": MOT_DE_PASSE, "depuis": depuis}
    session: dict[str, Any] = (await client.post("/sessions", json=corps)).raise_for_status().json()
    return session


def porteur(session: dict[str, Any]) -> dict[str, str]:
    return {"Authorization": f"Bearer {session['access_token']}"}


async def test_one_sees_and_closes_ones_connections(client: httpx.AsyncClient) -> None:
    bureau, telephone = await ouvrir(client, "Firefox sous Windows"), await ouvrir(client, "Safari sur iPhone")
    bureau = (await renouveler(client, bureau["refresh_token"])).raise_for_status().json()
    lues = (await client.get("/moi/sessions", headers=porteur(bureau))).raise_for_status().json()
    assert [lue["ouverte_depuis"] for lue in lues] == ["Firefox sous Windows", "Safari sur iPhone"]
    assert lues[0]["vue_le"] > lues[0]["ouverte_le"]
    chemin = f"/moi/sessions/{lues[1]['id']}"
    assert (await client.delete(chemin, headers=porteur(bureau))).status_code == 204
    assert (await renouveler(client, telephone["refresh_token"])).status_code == 401
    assert (await client.delete(chemin, headers=porteur(bureau))).status_code == 404
    assert len((await client.get("/moi/sessions", headers=porteur(bureau))).json()) == 1
    assert (await renouveler(client, bureau["refresh_token"])).status_code == 200


async def test_the_one_in_use_is_told_from_the_others_after_a_renewal_too(client: httpx.AsyncClient) -> None:
    bureau, telephone = await ouvrir(client, "Firefox sous Windows"), await ouvrir(client, "Safari sur iPhone")
    for session, appareil in ((bureau, "Firefox sous Windows"), (telephone, "Safari sur iPhone")):
        renouvelee = (await renouveler(client, session["refresh_token"])).raise_for_status().json()
        for presentee in (session, renouvelee):
            lues = (await client.get("/moi/sessions", headers=porteur(presentee))).json()
            assert [lue["ouverte_depuis"] for lue in lues if lue["actuelle"]] == [appareil]
    await client.delete("/moi/sessions", headers=porteur(bureau))


async def test_nobody_sees_nor_closes_those_of_another(client: httpx.AsyncClient) -> None:
    claire, solene = (await connecter(client, CLAIRE)).json(), (await connecter(client, SOLENE)).json()
    (sienne,) = (await client.get("/moi/sessions", headers=porteur(claire))).json()
    assert sienne["id"] not in {lue["id"] for lue in (await client.get("/moi/sessions", headers=porteur(solene))).json()}
    assert (await client.delete(f"/moi/sessions/{sienne['id']}", headers=porteur(solene))).status_code == 404
    assert (await renouveler(client, claire["refresh_token"])).status_code == 200


async def test_logging_out_everywhere(client: httpx.AsyncClient) -> None:
    sessions = [(await connecter(client, "erwan.tanguy")).json() for _ in range(2)]
    entetes = {"Authorization": f"Bearer {sessions[0]['access_token']}"}
    assert (await client.delete("/moi/sessions", headers=entetes)).status_code == 204
    assert [(await renouveler(client, session["refresh_token"])).status_code for session in sessions] == [401, 401]
