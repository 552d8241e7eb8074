"""The form of the identifiants of a collectivité: chosen, shown, applied to who is there."""

import asyncio
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from services.contracts.acteur import Role
from services.contracts.ids import collectivite_id
from services.identity.models import Appartenance, Collectivite
from services.identity.repository.connexion import compte_par_identifiant
from services.identity.service.identifiants import nouvel_identifiant
from services.kit.clock import day_of, now
from services.kit.database import Database
from tests.integration.identity.conftest import CLAIRE, SOLENE, connecter

ROCHEBRUNE = collectivite_id("21350950800015")
MATRICULE = {"forme": "matricule", "prefixe": "ROC-"}


class Chef:
    def __init__(self, client: httpx.AsyncClient, jeton: str) -> None:
        self.client, self.jeton = client, jeton

    async def appeler(self, methode: str, chemin: str, **options: Any) -> httpx.Response:
        entetes = {"Authorization": f"Bearer {self.jeton}", **options.pop("entetes", {})}
        return await self.client.request(methode, f"/identifiants{chemin}", headers=entetes, **options)

    async def choisir(self, regle: dict[str, str]) -> httpx.Response:
        etag = (await self.appeler("GET", "")).headers["ETag"]
        return await self.appeler("PUT", "", json=regle, entetes={"If-Match": etag})


@pytest.fixture
async def chef(client: httpx.AsyncClient, database: Database) -> Chef:
    async with database.transaction() as session:
        await session.execute(text("delete from echecs_connexion"))
    return Chef(client, (await connecter(client, SOLENE)).raise_for_status().json()["access_token"])


async def test_it_is_shown_before_anything_changes(chef: Chef) -> None:
    vu = (await chef.appeler("GET", "/apercu", params=MATRICULE)).json()
    assert {"nom": "Claire Le Bris", "actuel": CLAIRE, "nouveau": "roc-00936"} in vu["lignes"]
    assert vu["changent"] == vu["total"] == len(vu["lignes"]) <= 10
    assert (await chef.appeler("GET", "/apercu", params={"forme": "prenom_nom"})).json()["changent"] == 0
    assert (await connecter(chef.client, CLAIRE)).status_code == 200


async def test_what_is_typed_is_checked(chef: Chef) -> None:
    for prefixe in ("", "é", "bien-trop-long", "a b"):
        refus = await chef.choisir({"forme": "matricule", "prefixe": prefixe})
        assert (refus.status_code, refus.json()["errors"][0]["champ"]) == (422, "prefixe")
    assert (await chef.appeler("PUT", "", json=MATRICULE)).status_code == 428
    assert (await chef.appeler("PUT", "", json=MATRICULE, entetes={"If-Match": '"email:"'})).status_code == 412
    claire = Chef(chef.client, (await connecter(chef.client, CLAIRE)).json()["access_token"])
    assert (await claire.appeler("GET", "")).status_code == 403


async def test_it_is_applied_told_and_the_old_ones_serve_a_month(chef: Chef, database: Database) -> None:
    choisie = await chef.choisir(MATRICULE)
    assert (choisie.json(), choisie.headers["ETag"]) == ({"forme": "matricule", "prefixe": "roc-"}, '"matricule:roc-"')
    # Who also works for the organisme keeps his.
    async with database.transaction() as session:
        thomas = await compte_par_identifiant(session, "thomas.riou")
        assert thomas is not None
        session.add(Appartenance(compte_id=thomas.id, roles=[Role.CONSEILLER], structure="BRE", debut=day_of(now())))
    total = (await chef.appeler("GET", "/apercu", params=MATRICULE)).json()["total"]
    reponses = await asyncio.gather(*(chef.appeler("POST", "/application") for _ in range(3)))
    assert sorted(reponse.json()["changes"] for reponse in reponses) == [0, 0, total]
    for identifiant in ("roc-00936", CLAIRE, "thomas.riou"):
        assert (await connecter(chef.client, identifiant)).status_code == 200
    async with database.transaction() as session:
        requete = text("select faits from courriels where gabarit = 'identifiant_change' and email = 'claire.lebris@rochebrune.example'")
        faits = (await session.execute(requete)).scalar_one()
        assert (faits["ancien"], faits["identifiant"], faits["organisation"]) == (CLAIRE, "roc-00936", "Ville de Rochebrune-sur-Vilaine")
        ecrits = await session.scalar(text("select count(*) from courriels where gabarit = 'identifiant_change'"))
        publies = await session.scalar(text("select count(*) from outbox where payload->>'gabarit' = 'identifiant_change'"))
        assert ecrits == publies == total
        await session.execute(text("update anciens_identifiants set jusqu_au = now()"))
    assert (await connecter(chef.client, CLAIRE)).status_code == 401
    assert (await connecter(chef.client, "roc-00839")).status_code == 200

    histoire = await chef.client.get("/collectivite/historique", headers={"Authorization": f"Bearer {chef.jeton}"})
    applique, choisi = histoire.json()["elements"]
    assert (applique["phrase"], applique["par"]) == (f"a donné un nouvel identifiant à {total} personnes", "Solène Morvan")
    assert choisi["details"] == [{"champ": "Forme", "avant": "prénom et nom", "apres": "préfixe et matricule, préfixe roc-"}]


async def test_one_goes_back_and_finds_ones_name(client: httpx.AsyncClient, database: Database) -> None:
    chef = Chef(client, (await connecter(client, "roc-00839")).json()["access_token"])
    await chef.choisir({"forme": "prenom_nom"})
    await chef.appeler("POST", "/application")
    await chef.choisir(MATRICULE)
    await chef.appeler("POST", "/application")
    # Their own former names are theirs still.
    await chef.choisir({"forme": "prenom_nom"})
    await chef.appeler("POST", "/application")
    async with database.transaction() as session:
        doubles = await session.scalar(text("select count(*) from anciens_identifiants a join comptes c using (identifiant)"))
    assert doubles == 0
    for identifiant in (CLAIRE, "roc-00936"):
        assert (await connecter(client, identifiant)).status_code == 200


async def test_new_accounts_have_the_form_and_no_name_of_another(database: Database) -> None:
    async with database.transaction() as session:
        rochebrune = await session.get_one(Collectivite, ROCHEBRUNE)
        rochebrune.forme_identifiants, rochebrune.prefixe_identifiants = "matricule", "roc-"
        quelqu_un: dict[str, Any] = {"prenom": "Claire", "nom": "Le Bris", "email": "autre@rochebrune.example"}
        # It was Claire's not long ago, and still opens her account.
        assert await nouvel_identifiant(session, rochebrune, **quelqu_un, matricule="00936") == "roc-00936-2"
        assert await nouvel_identifiant(session, rochebrune, **quelqu_un, matricule="77777") == "roc-77777"
        assert await nouvel_identifiant(session, rochebrune, **quelqu_un) == "claire.lebris2"
        rochebrune.forme_identifiants = "email"
        assert await nouvel_identifiant(session, rochebrune, **quelqu_un) == "autre@rochebrune.example"
