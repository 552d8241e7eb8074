"""Second factors over HTTP and on a real PostgreSQL: added, asked at the login, required by an organisation."""

from datetime import timedelta
from typing import Any

import httpx
import pyotp
import pytest
from sqlalchemy import text

from services.contracts.ids import collectivite_id
from services.identity.service import connexion, defis
from services.identity.settings import Settings
from services.identity.trousseau import Trousseau
from services.kit.clock import now
from services.kit.database import Database
from tests.integration.identity.conftest import CLAIRE, HELENE, MOT_DE_PASSE, SOLENE, connecter, renouveler

MOI = "/moi/second-facteur"
pytestmark = pytest.mark.usefixtures("sans_facteur")

NOUVEAU = "le chemin longe la Vilaine"
ROCHEBRUNE = f"/collectivites/{collectivite_id('21350950800015')}/second-facteur"


def entetes(session: dict[str, Any]) -> dict[str, str]:
    return {"Authorization": f"Bearer {session['access_token']}"}


def code(secret: str, pas: int = 0) -> str:
    return pyotp.TOTP(secret).at(now() + timedelta(seconds=30 * pas))


async def ajouter(client: httpx.AsyncClient, qui: str, session: dict[str, Any] | None = None) -> tuple[str, list[str], dict[str, Any]]:
    """The secret of an application just added (its code of the former step has served), the recovery codes, the session."""
    session = session or (await connecter(client, qui)).raise_for_status().json()
    secret = (await client.put(f"{MOI}/totp", headers=entetes(session))).raise_for_status().json()["secret"]
    activation = await client.post(f"{MOI}/totp/activation", json={"code": code(secret, -1)}, headers=entetes(session))
    return secret, activation.raise_for_status().json()["codes"], session


async def defier(client: httpx.AsyncClient, qui: str) -> str:
    reponse = await connecter(client, qui)
    assert (reponse.status_code, reponse.json()["type"]) == (401, "urn:iel:probleme:second-facteur-requis")
    defi: str = reponse.json()["defi"]
    return defi


async def confirmer(client: httpx.AsyncClient, defi: str, code: str) -> httpx.Response:
    return await client.post("/sessions/second-facteur", json={"defi": defi, "code": code})


async def compter(database: Database, requete: str) -> Any:
    async with database.transaction() as session:
        return await session.scalar(text(requete))


async def test_an_application_counts_once_a_right_code_was_typed(client: httpx.AsyncClient, database: Database) -> None:
    session = (await connecter(client, CLAIRE)).json()
    premiere = (await client.put(f"{MOI}/totp", headers=entetes(session))).json()
    assert (await client.put(f"{MOI}/totp", headers=entetes(session))).json() == premiere
    garde = await compter(database, "select secret from totps")
    assert premiere["secret"] not in garde
    faux = await client.post(f"{MOI}/totp/activation", json={"code": "000000"}, headers=entetes(session))
    assert (faux.status_code, faux.json()["errors"][0]["champ"]) == (422, "code")
    assert (await connecter(client, CLAIRE)).status_code == 200
    juste = await client.post(f"{MOI}/totp/activation", json={"code": code(premiere["secret"])}, headers=entetes(session))
    assert len(set(juste.json()["codes"])) == 10
    etat = (await client.get(MOI, headers=entetes(session))).json()
    assert (etat["codes_restants"], etat["totp_depuis"] is not None) == (10, True)
    assert (await client.put(f"{MOI}/totp", headers=entetes(session))).status_code == 409
    assert await compter(database, "select count(*) from courriels where gabarit = 'second_facteur_ajoute'") == 1


async def test_a_login_takes_two_steps_and_a_code_serves_once(client: httpx.AsyncClient) -> None:
    secret, _, _ = await ajouter(client, CLAIRE)
    reponse = await connecter(client, CLAIRE)
    assert reponse.json()["moyens"] == ["totp", "secours"]
    defi = reponse.json()["defi"]
    assert (await client.get("/moi", headers={"Authorization": f"Bearer {defi}"})).status_code == 401
    assert (await renouveler(client, defi)).status_code == 401
    # The one of the activation.
    assert (await confirmer(client, defi, code(secret, -1))).json()["type"].endswith("code-refuse")
    present = code(secret)
    assert (await confirmer(client, defi, f"{present[:3]} {present[3:]}")).status_code == 200
    assert (await confirmer(client, defi, present)).status_code == 401
    assert (await confirmer(client, defi, code(secret, 3))).status_code == 401


async def test_a_recovery_code_serves_once_and_dies_with_a_new_draw(client: httpx.AsyncClient, database: Database) -> None:
    _, codes, session = await ajouter(client, CLAIRE)
    defi = await defier(client, CLAIRE)
    assert (await confirmer(client, defi, codes[0].upper())).status_code == 200
    assert (await confirmer(client, defi, codes[0])).status_code == 401
    corps = {"mot_de_passe": MOT_DE_PASSE}
    nouveaux = (await client.post(f"{MOI}/codes-de-secours", json=corps, headers=entetes(session))).json()["codes"]
    assert not set(nouveaux) & set(codes)
    assert (await confirmer(client, defi, codes[1])).status_code == 401
    assert (await confirmer(client, defi, nouveaux[0])).status_code == 200
    assert await compter(database, "select count(*) from faits_second_facteur where fait = 'code_utilise'") == 2


async def test_failures_are_slowed_and_a_right_password_does_not_forget_them(client: httpx.AsyncClient) -> None:
    await ajouter(client, CLAIRE)
    defi = await defier(client, CLAIRE)
    assert [(await confirmer(client, defi, "000000")).status_code for _ in range(4)] == [401, 401, 401, 429]
    encore = await connecter(client, CLAIRE)
    assert (encore.status_code, encore.json()["type"]) == (429, "urn:iel:probleme:trop-de-tentatives")


async def test_a_challenge_dies_with_the_password_and_with_time(
    client: httpx.AsyncClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret, _, session = await ajouter(client, HELENE)
    defi = await defier(client, HELENE)
    echeance, _, jeton = defi.partition(".")
    for autre in (f"{int(echeance) + 60}.{jeton}", f"{echeance}.{jeton[:-1]}", "x.y", "", f"{echeance}."):
        assert (await confirmer(client, autre or "x", code(secret))).json()["type"].endswith("defi-perime")
    monkeypatch.setattr(defis, "now", lambda: now() + timedelta(minutes=6))
    assert (await confirmer(client, defi, code(secret))).json()["type"].endswith("defi-perime")
    monkeypatch.undo()
    corps = {"ancien": MOT_DE_PASSE, "nouveau": NOUVEAU}
    assert (await client.put("/moi/mot-de-passe", json=corps, headers=entetes(session))).status_code == 204
    assert (await confirmer(client, defi, code(secret))).json()["type"].endswith("defi-perime")
    async with database.transaction() as tx:
        claire = "select mot_de_passe from comptes where identifiant = 'claire.lebris'"
        await tx.execute(text(f"update comptes set mot_de_passe = ({claire}) where identifiant = :qui"), {"qui": HELENE})


async def test_removing_asks_the_password(client: httpx.AsyncClient, database: Database) -> None:
    _, _, session = await ajouter(client, CLAIRE)
    faux = await client.post(f"{MOI}/totp/retrait", json={"mot_de_passe": "inconnu"}, headers=entetes(session))
    assert (faux.status_code, faux.json()["errors"][0]["champ"]) == (422, "mot_de_passe")
    assert await compter(database, "select nombre from echecs_connexion") == 1
    juste = await client.post(f"{MOI}/totp/retrait", json={"mot_de_passe": MOT_DE_PASSE}, headers=entetes(session))
    assert juste.status_code == 204
    assert (await connecter(client, CLAIRE)).status_code == 200
    assert await compter(database, "select count(*) from codes_secours") == 0
    assert await compter(database, "select count(*) from courriels where gabarit = 'second_facteur_retire'") == 1


async def test_required_of_gestionnaires_it_suspends_their_rights(client: httpx.AsyncClient, database: Database) -> None:
    solene = (await connecter(client, SOLENE)).json()
    trop_tot = await client.put(ROCHEBRUNE, json={"exige": True}, headers=entetes(solene))
    assert (trop_tot.status_code, trop_tot.json()["type"]) == (409, "urn:iel:probleme:sans-second-facteur")
    async with database.transaction() as session:
        await session.execute(text("update collectivites set second_facteur_exige = true"))
    attendue = (await renouveler(client, solene["refresh_token"])).json()
    assert (attendue["acteur"]["droits"], attendue["acteur"]["second_facteur_attendu"]) == ([], True)
    assert (await connecter(client, CLAIRE)).json()["acteur"]["droits"] != []
    assert (await client.put(ROCHEBRUNE, json={"exige": False}, headers=entetes(attendue))).status_code == 403
    await ajouter(client, SOLENE, attendue)
    rendue = (await renouveler(client, attendue["refresh_token"])).json()
    assert (rendue["acteur"]["droits"] != [], rendue["acteur"]["second_facteur_attendu"]) == (True, False)
    assert (await client.get(ROCHEBRUNE, headers=entetes(rendue))).json() == {"exige": True}
    assert (await client.put(ROCHEBRUNE, json={"exige": False}, headers=entetes(rendue))).json() == {"exige": False}
    assert (await client.put(ROCHEBRUNE, json={"exige": True}, headers=entetes(rendue))).json() == {"exige": True}
    histoire = (await client.get("/collectivite/historique", headers=entetes(rendue))).json()["elements"]
    assert [trace["phrase"] for trace in histoire] == [
        "a exigé un second facteur des gestionnaires",
        "n’exige plus de second facteur",
    ]
    ailleurs = ROCHEBRUNE.replace(str(collectivite_id("21350950800015")), str(collectivite_id("21490950900017")))
    assert (await client.put(ailleurs, json={"exige": True}, headers=entetes(rendue))).status_code == 404


async def test_required_of_a_structure_and_of_the_organisme(
    client: httpx.AsyncClient, database: Database, reglages: Settings, tmp_path_factory: pytest.TempPathFactory
) -> None:
    _, _, helene = await ajouter(client, HELENE)
    reponse = await client.put("/structures/BRE/second-facteur", json={"exige": True}, headers=entetes(helene))
    assert reponse.json() == {"exige": True}
    gwenaelle = (await connecter(client, "gwenaelle.legoff")).json()
    assert gwenaelle["acteur"]["second_facteur_attendu"]
    refus = await client.put("/structures/BRE/second-facteur", json={"exige": False}, headers=entetes(gwenaelle))
    assert refus.status_code == 403
    trousseau = Trousseau.ouvrir(tmp_path_factory.mktemp("cles") / "cles.json", timedelta(minutes=10))
    partout = reglages.model_copy(update={"second_facteur_organisme": True})
    async with database.transaction() as session:
        await session.execute(text("delete from totps"))
        issue = await connexion.ouvrir(session, trousseau, identifiant=HELENE, mot_de_passe=MOT_DE_PASSE, reglages=partout)
    assert isinstance(issue, connexion.Connexion)
    assert issue.acteur.second_facteur_attendu
    assert issue.acteur.droits == frozenset()
