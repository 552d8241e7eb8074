"""Logging in, renewing and logging out, over HTTP and on a real PostgreSQL."""

import asyncio
from collections import Counter
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import text

from services.identity import secret
from services.identity.service.connexion import ouvrir
from services.identity.settings import Settings
from services.identity.trousseau import Trousseau
from services.kit.database import Database
from services.kit.problems import Problem
from tests.integration.identity.conftest import CLAIRE, MOT_DE_PASSE, NOLWENN, SOLENE, connecter, renouveler


async def vieillir_echecs(database: Database, identifiant: str, duree: timedelta) -> None:
    async with database.transaction() as session:
        await session.execute(
            text("update echecs_connexion set dernier_le = dernier_le - :duree where empreinte = :empreinte"),
            {"duree": duree, "empreinte": secret.empreinte(identifiant)},
        )


async def vieillir_jeton(database: Database, jeton: str, duree: timedelta) -> None:
    async with database.transaction() as session:
        await session.execute(
            text("update jetons set utilise_le = utilise_le - :duree where empreinte = :empreinte"),
            {"duree": duree, "empreinte": secret.empreinte(jeton)},
        )


async def motif_de_revocation(database: Database, jeton: str) -> str | None:
    async with database.transaction() as session:
        motif: str | None = await session.scalar(
            text("select motif_revocation from familles_jetons f join jetons j on j.famille_id = f.id where j.empreinte = :empreinte"),
            {"empreinte": secret.empreinte(jeton)},
        )
    return motif


@pytest.mark.parametrize("saisi", [CLAIRE, "  Claire.LeBris "])
async def test_a_login_opens_a_short_access(client: httpx.AsyncClient, saisi: str) -> None:
    reponse = await connecter(client, saisi)
    assert reponse.status_code == 200
    session = reponse.json()
    assert session["expires_in"] == 600
    assert session["acteur"]["nom"] == "Claire Le Bris"
    assert session["acteur"]["roles"] == ["agent"]
    moi = await client.get("/moi", headers={"Authorization": f"Bearer {session['access_token']}"})
    assert moi.json() == {
        "acteur": session["acteur"],
        "collectivite": "Ville de Rochebrune-sur-Vilaine",
        "organisation": "Ville de Rochebrune-sur-Vilaine",
    }


async def test_a_refusal_does_not_tell_whether_the_account_exists(client: httpx.AsyncClient) -> None:
    connu, inconnu = await connecter(client, SOLENE, "mauvais"), await connecter(client, "personne.dutout", "mauvais")
    assert connu.status_code == inconnu.status_code == 401
    assert connu.headers["content-type"] == "application/problem+json"
    sans_correlation = [{k: v for k, v in refus.json().items() if k != "correlation_id"} for refus in (connu, inconnu)]
    assert sans_correlation[0] == sans_correlation[1]
    assert connu.json()["type"] == "urn:iel:probleme:identifiants-refuses"
    assert (await connecter(client, SOLENE)).status_code == 200


@pytest.mark.parametrize("identifiant", [NOLWENN, "inconnu.au.bataillon"])
async def test_failures_in_a_row_slow_the_next_try(client: httpx.AsyncClient, database: Database, identifiant: str) -> None:
    assert [(await connecter(client, identifiant, "mauvais")).status_code for _ in range(3)] == [401] * 3
    refus = await connecter(client, identifiant)
    assert refus.status_code == 429
    assert refus.headers["Retry-After"] == "1"
    assert refus.json()["type"] == "urn:iel:probleme:trop-de-tentatives"
    await vieillir_echecs(database, identifiant, timedelta(seconds=1))
    assert (await connecter(client, identifiant, "mauvais")).status_code == 401
    assert (await connecter(client, identifiant)).headers["Retry-After"] == "2"
    assert (await connecter(client, CLAIRE)).status_code == 200


async def test_a_success_forgets_the_failures(client: httpx.AsyncClient) -> None:
    for _ in range(2):
        assert [(await connecter(client, "thomas.riou", "mauvais")).status_code for _ in range(2)] == [401] * 2
        assert (await connecter(client, "thomas.riou")).status_code == 200


async def test_many_tries_at_once_do_not_outrun_the_slowing(client: httpx.AsyncClient) -> None:
    reponses = await asyncio.gather(*(connecter(client, "erwan.tanguy", f"essai {n}") for n in range(8)))
    assert Counter(reponse.status_code for reponse in reponses) == {401: 3, 429: 5}


async def test_the_same_person_may_log_in_from_several_places_at_once(client: httpx.AsyncClient) -> None:
    reponses = await asyncio.gather(*(connecter(client, CLAIRE) for _ in range(6)))
    assert [reponse.status_code for reponse in reponses] == [200] * 6
    assert len({reponse.json()["refresh_token"] for reponse in reponses}) == 6


async def test_a_queue_that_lasts_is_told_to_come_back(
    database: Database, reglages: Settings, tmp_path_factory: pytest.TempPathFactory
) -> None:
    trousseau = Trousseau.ouvrir(tmp_path_factory.mktemp("cles") / "cles.json", timedelta(minutes=10))
    async with database.transaction() as blocking, database.transaction() as session:
        await blocking.execute(text("select pg_advisory_xact_lock(hashtextextended(:e, 0))"), {"e": secret.empreinte(CLAIRE)})
        issue = await ouvrir(session, trousseau, identifiant=CLAIRE, mot_de_passe=MOT_DE_PASSE, reglages=reglages)
        assert isinstance(issue, Problem)
        assert issue.status == 429
        assert (await session.execute(text("select 1"))).scalar() == 1


async def test_a_closed_account_neither_opens_nor_renews(client: httpx.AsyncClient, database: Database) -> None:
    jeton = (await connecter(client, "ronan.letallec")).json()["refresh_token"]
    async with database.transaction() as session:
        await session.execute(text("update comptes set actif = false where identifiant = 'ronan.letallec'"))
    assert (await connecter(client, "ronan.letallec")).status_code == 401
    assert (await renouveler(client, jeton)).status_code == 401
    assert await motif_de_revocation(database, jeton) == "compte_ferme"


async def test_a_renewal_replaces_the_token(client: httpx.AsyncClient) -> None:
    premier = (await connecter(client, CLAIRE)).json()
    second = (await renouveler(client, premier["refresh_token"])).json()
    troisieme = (await renouveler(client, second["refresh_token"])).json()
    assert len({session["refresh_token"] for session in (premier, second, troisieme)}) == 3
    assert troisieme["acteur"] == premier["acteur"]


async def test_renewals_at_once_get_the_same_successor(client: httpx.AsyncClient) -> None:
    jeton = (await connecter(client, CLAIRE)).json()["refresh_token"]
    reponses = await asyncio.gather(*(renouveler(client, jeton) for _ in range(8)))
    assert [reponse.status_code for reponse in reponses] == [200] * 8
    (suivant,) = {reponse.json()["refresh_token"] for reponse in reponses}
    assert (await renouveler(client, suivant)).status_code == 200


async def test_a_token_that_comes_back_late_ends_the_family(client: httpx.AsyncClient, database: Database) -> None:
    vole = (await connecter(client, CLAIRE)).json()["refresh_token"]
    ailleurs = (await connecter(client, CLAIRE)).json()["refresh_token"]
    suivant = (await renouveler(client, vole)).json()["refresh_token"]
    await vieillir_jeton(database, vole, timedelta(seconds=11))
    assert (await renouveler(client, vole)).status_code == 401
    refus = await renouveler(client, suivant)
    assert refus.status_code == 401
    assert refus.json()["type"] == "urn:iel:probleme:connexion-terminee"
    assert await motif_de_revocation(database, vole) == "reutilisation"
    assert (await renouveler(client, ailleurs)).status_code == 200


async def test_a_token_whose_successor_served_ends_the_family_at_once(client: httpx.AsyncClient, database: Database) -> None:
    vole = (await connecter(client, CLAIRE)).json()["refresh_token"]
    suivant = (await renouveler(client, vole)).json()["refresh_token"]
    dernier = (await renouveler(client, suivant)).json()["refresh_token"]
    assert (await renouveler(client, vole)).status_code == 401
    assert (await renouveler(client, dernier)).status_code == 401
    assert await motif_de_revocation(database, dernier) == "reutilisation"


async def test_logging_out_ends_the_family_and_tells_nothing(client: httpx.AsyncClient, database: Database) -> None:
    jeton = (await connecter(client, CLAIRE)).json()["refresh_token"]
    for presente in (jeton, jeton, "inconnu"):
        assert (await client.post("/sessions/fermeture", json={"refresh_token": presente})).status_code == 204
    assert (await renouveler(client, jeton)).status_code == 401
    assert await motif_de_revocation(database, jeton) == "deconnexion"


async def test_a_login_lasts_a_working_day(client: httpx.AsyncClient, database: Database) -> None:
    jeton = (await connecter(client, CLAIRE)).json()["refresh_token"]
    async with database.transaction() as session:
        await session.execute(text("update familles_jetons set expire_le = expire_le - interval '12 hours'"))
    assert (await renouveler(client, jeton)).status_code == 401
    await connecter(client, CLAIRE)
    async with database.transaction() as session:
        perimees = text(
            "select count(*) from familles_jetons f join comptes c on c.id = f.compte_id where identifiant = :i and expire_le < now()"
        )
        assert await session.scalar(perimees, {"i": CLAIRE}) == 0


async def test_what_is_kept_opens_nothing(client: httpx.AsyncClient, database: Database) -> None:
    jeton = (await connecter(client, CLAIRE)).json()["refresh_token"]
    await renouveler(client, jeton)
    async with database.transaction() as session:
        garde = str((await session.execute(text("select * from jetons"))).all()) + str(
            (await session.execute(text("select * from comptes"))).all()
        )
    assert jeton not in garde
    assert MOT_DE_PASSE not in garde


async def test_an_incomplete_request_names_the_field(client: httpx.AsyncClient) -> None:
    refus = await client.post("/sessions", json={"identifiant": CLAIRE})
    assert refus.status_code == 422
    assert refus.json()["errors"] == [{"champ": "mot_de_passe", "message": "Ce champ est obligatoire."}]


async def test_keys_are_public_and_the_rest_is_not(client: httpx.AsyncClient) -> None:
    cles = await client.get("/jwks.json")
    assert cles.status_code == 200
    assert all("d" not in cle for cle in cles.json()["keys"])
    for chemin in ("/moi", "/structures", "/collectivites", "/agents"):
        refus = await client.get(chemin)
        assert refus.status_code == 401
        assert refus.headers["content-type"] == "application/problem+json"
