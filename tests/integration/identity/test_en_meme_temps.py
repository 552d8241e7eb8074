"""What happens to an account while someone else uses it, or guesses it: passwords, links and factors, on a real PostgreSQL."""

import asyncio

import httpx
import pyotp
import pytest
from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from services.contracts.acteur import Role
from services.identity import secret
from services.identity.domain.liens import UsageLien
from services.identity.repository.connexion import compte_par_identifiant
from services.identity.service import liens
from services.kit.clock import now
from services.kit.database import Database
from services.kit.signed_id import sign
from tests.integration.identity.conftest import MOT_DE_PASSE, connecter, renouveler
from tests.integration.identity.test_adresses import CLES, Quelquun
from tests.integration.identity.test_comptes import NOUVEAU, lien_vers

TOTP = "/moi/second-facteur/totp"


async def attendent(database: Database, combien: int) -> None:
    """Come back once so many transactions wait for a lock of another."""
    async with asyncio.timeout(10):
        while True:
            async with database.transaction() as session:
                requete = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
                if await session.scalar(text(requete)) == combien:
                    return
            await asyncio.sleep(0.01)


async def executer(database: Database, requete: str, **valeurs: object) -> None:
    async with database.transaction() as session:
        await session.execute(text(requete), valeurs)


async def tenir_le_compte(session: AsyncSession, qui: Quelquun) -> None:
    await session.execute(text("select 1 from comptes where identifiant = :i for update"), {"i": qui.identifiant})


async def changer_de_mot_de_passe_par_lien(client: httpx.AsyncClient, jeton: str) -> httpx.Response:
    return await client.post(f"/liens/{jeton}", json={"mot_de_passe": NOUVEAU})


async def test_adding_a_factor_logs_out_wherever_it_was_not_shown(client: httpx.AsyncClient, database: Database) -> None:
    volee = await Quelquun.nouveau(client, database, "session.volee", role=Role.GESTIONNAIRE)
    ailleurs = volee.session
    await volee.se_connecter()
    cle = (await volee.appeler("PUT", TOTP)).raise_for_status().json()["secret"]
    (await volee.appeler("POST", f"{TOTP}/activation", {"code": pyotp.TOTP(cle).at(now())})).raise_for_status()
    assert (await renouveler(client, ailleurs["refresh_token"])).status_code == 401
    assert (await renouveler(client, volee.session["refresh_token"])).status_code == 200


async def test_an_application_prepared_long_ago_by_who_knows_whom_never_counts(client: httpx.AsyncClient, database: Database) -> None:
    ana = await Quelquun.nouveau(client, database, "prepare")
    ancienne = (await ana.appeler("PUT", TOTP)).raise_for_status().json()["secret"]
    await executer(database, "update totps set cree_le = cree_le - interval '61 minutes'")
    code = {"code": pyotp.TOTP(ancienne).at(now())}
    assert (await ana.appeler("POST", f"{TOTP}/activation", code)).status_code == 409
    nouvelle = (await ana.appeler("PUT", TOTP)).raise_for_status().json()["secret"]
    assert nouvelle != ancienne
    assert (await ana.appeler("POST", f"{TOTP}/activation", {"code": pyotp.TOTP(nouvelle).at(now())})).status_code == 200


async def test_failures_are_those_of_the_account_whichever_identifiant_is_typed(client: httpx.AsyncClient, database: Database) -> None:
    await Quelquun.nouveau(client, database, "devine", identifiant="neuf.devine")
    garder = "insert into anciens_identifiants select 'vieux.devine', id, now() + interval '10 days' from comptes where identifiant = :i"
    await executer(database, garder, i="neuf.devine")
    essais = ("neuf.devine", "vieux.devine", "neuf.devine", "vieux.devine")
    assert [(await connecter(client, essai, "faux")).status_code for essai in essais] == [401, 401, 401, 429]
    await executer(database, "update echecs_connexion set dernier_le = dernier_le - interval '1 minute'")
    # All is forgotten at once too.
    assert (await connecter(client, "vieux.devine")).status_code == 200
    assert [(await connecter(client, essai, "faux")).status_code for essai in essais] == [401, 401, 401, 429]


async def test_the_password_of_before_replaces_nothing(client: httpx.AsyncClient, database: Database) -> None:
    ana = await Quelquun.nouveau(client, database, "ancien.mot")
    async with database.transaction() as session:
        await tenir_le_compte(session, ana)
        change = asyncio.create_task(
            ana.appeler("PUT", "/moi/mot-de-passe", {"ancien": MOT_DE_PASSE, "nouveau": "celui du voleur au loin"})
        )
        await attendent(database, 1)
        valeurs = {"m": secret.hacher(NOUVEAU), "i": ana.identifiant}
        await session.execute(text("update comptes set mot_de_passe = :m where identifiant = :i"), valeurs)
    assert (await change).status_code == 422
    assert (await connecter(client, ana.identifiant, NOUVEAU)).status_code == 200


async def test_a_login_under_way_does_not_outlive_its_password(
    client: httpx.AsyncClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = await Quelquun.nouveau(client, database, "entre.deux")
    jeton = await lien_vers(database, ana.identifiant)
    verifier, verifie, libre = secret.mot_de_passe_juste, asyncio.Event(), asyncio.Event()

    async def lentement(mot_de_passe: str, attendu: str | None) -> bool:
        juste = await verifier(mot_de_passe, attendu)
        verifie.set()
        await libre.wait()
        return juste

    monkeypatch.setattr(secret, "mot_de_passe_juste", lentement)
    entree = asyncio.create_task(connecter(client, ana.identifiant))
    await verifie.wait()
    changement = asyncio.create_task(changer_de_mot_de_passe_par_lien(client, jeton))
    await attendent(database, 1)
    libre.set()
    assert (await changement).status_code == 204
    ouverte = (await entree).raise_for_status().json()
    assert (await renouveler(client, ouverte["refresh_token"])).status_code == 401


async def test_a_link_sent_to_the_former_mailbox_opens_nothing(client: httpx.AsyncClient, database: Database) -> None:
    ana = await Quelquun.nouveau(client, database, "ancienne.boite")
    async with database.transaction() as session:
        compte = await compte_par_identifiant(session, ana.identifiant)
        assert compte is not None
        # Asked for while the change of address was committed: it knows the former address.
        lien = await liens.creer(session, compte, UsageLien.MOT_DE_PASSE)
        compte.email = ana.nouvelle
    refus = await changer_de_mot_de_passe_par_lien(client, sign(UsageLien.MOT_DE_PASSE, lien.id, CLES))
    assert (refus.status_code, refus.json()["title"]) == (410, "L’adresse du compte a changé depuis ce message.")
    assert (await connecter(client, ana.identifiant)).status_code == 200


async def test_a_password_and_an_address_change_at_once_without_waiting_for_each_other(
    client: httpx.AsyncClient, database: Database
) -> None:
    ana = await Quelquun.nouveau(client, database, "a.la.fois")
    (await ana.demander()).raise_for_status()
    nouvelle, ancienne = await ana.jetons()
    (await ana.repondre(nouvelle)).raise_for_status()
    jeton = await lien_vers(database, ana.identifiant)
    async with database.transaction() as session:
        await tenir_le_compte(session, ana)
        mot_de_passe = asyncio.create_task(changer_de_mot_de_passe_par_lien(client, jeton))
        await attendent(database, 1)
        adresse = asyncio.create_task(ana.repondre(ancienne))
        await attendent(database, 2)
    assert (await mot_de_passe).status_code == 204
    # Who changes the password puts an end to the change of address.
    assert (await adresse).status_code == 410


async def test_identifiants_and_an_address_change_at_once_without_waiting_for_each_other(
    client: httpx.AsyncClient, database: Database
) -> None:
    ana = await Quelquun.nouveau(client, database, "ana", role=Role.GESTIONNAIRE, identifiant="ana@avant.example")
    chef = await Quelquun.nouveau(client, database, "chef.des.noms", role=Role.GESTIONNAIRE_PRINCIPAL)
    (await ana.demander()).raise_for_status()
    nouvelle, ancienne = await ana.jetons()
    (await ana.repondre(nouvelle)).raise_for_status()
    async with database.transaction() as session:
        await session.execute(text("select pg_advisory_xact_lock(hashtextextended('identifiants', 0))"))
        application = asyncio.create_task(chef.appeler("POST", "/identifiants/application"))
        await attendent(database, 1)
        adresse = asyncio.create_task(ana.repondre(ancienne))
        await attendent(database, 2)
    assert (await application).status_code == 200
    assert (await adresse).json() == {"suite": "applique"}
    (await connecter(client, "ana.ana")).raise_for_status()
