"""Imports of agents through the API, on a real PostgreSQL: dry run, report, application, export."""

import asyncio
import csv
import io
import time
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
import xlsxwriter
from sqlalchemy import text

from services.contracts.ids import collectivite_id
from services.identity.service.travail_imports import traiter_les_imports, traiter_les_imports_sans_fin
from services.kit.database import Database
from tests.integration.identity.conftest import CLAIRE, NOLWENN, SOLENE, Lecteur

ROCHEBRUNE = collectivite_id("21350950800015")
ENTETE = "Matricule;Civilité;Nom d’usage;Prénom;Date de naissance;E-mail;Statut;Fonction;Service;Supérieur"


def ligne(matricule: str, **autres: str) -> str:
    valeurs = {
        "civilite": "Mme",
        "nom": f"Nom{matricule}",
        "prenom": "Anne",
        "naissance": "01/03/1985",
        "email": f"a{matricule}@rochebrune.example",
        "statut": "Titulaire",
        "fonction": "Jardinière",
        "service": "EVP",
        "superieur": "",
    }
    return ";".join([matricule, *(valeurs | autres).values()])


def fichier(*lignes: str) -> bytes:
    return "\r\n".join([ENTETE, *lignes]).encode("cp1252")


class Gestionnaire:
    """Someone who imports; the work beside is done when he waits for it."""

    def __init__(self, client: httpx.AsyncClient, database: Database, jeton: str) -> None:
        self.client = client
        self.database = database
        self.entetes = {"Authorization": f"Bearer {jeton}"}

    async def deposer(self, contenu: bytes, nom: str = "agents.csv", cle: str | None = None) -> httpx.Response:
        entetes = {**self.entetes, "Idempotency-Key": cle or str(uuid4())}
        return await self.client.post("/imports", files={"fichier": (nom, contenu)}, headers=entetes)

    async def analyser(self, contenu: bytes, nom: str = "agents.csv") -> dict[str, Any]:
        depose: dict[str, Any] = (await self.deposer(contenu, nom)).raise_for_status().json()
        await traiter_les_imports(self.database)
        analyse: dict[str, Any] = await self.lire(f"/imports/{depose['id']}")
        return analyse

    async def lire(self, chemin: str, **parametres: str) -> Any:
        return (await self.client.get(chemin, params=parametres, headers=self.entetes)).raise_for_status().json()

    async def appliquer(self, identifiant: str, choix: str = "toutes_les_bonnes") -> httpx.Response:
        return await self.client.post(f"/imports/{identifiant}/application", json={"choix": choix}, headers=self.entetes)

    async def importer(self, contenu: bytes, nom: str = "agents.csv") -> dict[str, Any]:
        analyse = await self.analyser(contenu, nom)
        (await self.appliquer(analyse["id"])).raise_for_status()
        await traiter_les_imports(self.database)
        applique: dict[str, Any] = await self.lire(f"/imports/{analyse['id']}")
        assert applique["etat"] == "applique", applique["message"]
        return applique

    async def sql(self, requete: str, **noms: object) -> Any:
        async with self.database.transaction() as session:
            return (await session.execute(text(requete), noms)).all()

    async def sql_ecrire(self, requete: str) -> None:
        async with self.database.transaction() as session:
            await session.execute(text(requete), {"c": ROCHEBRUNE})

    async def combien(self) -> int:
        ((nombre,),) = await self.sql("select count(*) from agents where collectivite_id = :c", c=ROCHEBRUNE)
        return int(nombre)


@pytest.fixture(scope="module")
async def solene(client: httpx.AsyncClient, database: Database) -> Gestionnaire:
    session = await client.post("/sessions", json={"identifiant": SOLENE, "mot_de_passe": "Demonstration2026!"})
    return Gestionnaire(client, database, session.raise_for_status().json()["access_token"])


async def test_a_dry_run_tells_all_and_writes_nothing(solene: Gestionnaire) -> None:
    avant = await solene.combien()
    bon, inconnu, nir = ligne("N1"), ligne("N2", service="Piscine"), ligne("1 85 05 78 006 084 36")
    analyse = await solene.analyser(fichier(bon, inconnu, "00936;;;;;;;Cheffe;;", nir))
    assert analyse["etat"] == "pret"
    assert analyse["avancement"] == {"fait": 4, "total": 4}
    assert analyse["compteurs"] == {"creer": 1, "modifier": 1, "erreur": 2, "avertissement": 0}
    erreurs = await solene.lire(f"/imports/{analyse['id']}/lignes", action="erreur")
    assert [(e["numero"], e["messages"][0]["colonne"]) for e in erreurs["elements"]] == [(3, "Service"), (5, "Matricule")]
    assert await solene.combien() == avant
    assert not await solene.sql("select 1 from import_lignes where to_jsonb(import_lignes)::text ~ '85.?05.?78'")
    rapport = await solene.client.get(f"/imports/{analyse['id']}/rapport", headers=solene.entetes)
    assert "Ce service n’existe pas" in rapport.content.decode("utf-8-sig")


async def test_nothing_if_there_is_an_error_then_all_the_good_ones(solene: Gestionnaire) -> None:
    analyse = await solene.analyser(fichier(ligne("B1"), ligne("B2", email="non")))
    refus = await solene.appliquer(analyse["id"], "rien_si_erreur")
    assert (refus.status_code, refus.json()["type"]) == (409, "urn:iel:probleme:import-avec-erreurs")
    (await solene.appliquer(analyse["id"])).raise_for_status()
    await traiter_les_imports(solene.database)
    assert await solene.sql("select nom, version from agents where matricule in ('B1', 'B2')") == [("NomB1", 1)]
    assert (await solene.lire(f"/imports/{analyse['id']}"))["applique_par"] == "Solène Morvan"


async def test_update_keeps_blanks_and_tells_the_others(solene: Gestionnaire) -> None:
    await solene.importer(fichier(ligne("U1"), ligne("U2", superieur="U1")))
    await solene.importer(fichier("U1;;;;;;;Cheffe des jardins;;"))
    ((fonction, nom, version),) = await solene.sql("select fonction, nom, version from agents where matricule = 'U1'")
    assert (fonction, nom, version) == ("Cheffe des jardins", "NomU1", 2)
    ((superieur,),) = await solene.sql("select s.matricule from agents a join agents s on s.id = a.superieur_id where a.matricule = 'U2'")
    assert superieur == "U1"
    publies = await solene.sql("select count(*) from outbox where payload::text like '%Cheffe des jardins%'")
    assert publies[0][0] >= 1


async def test_two_applications_at_once_apply_once(solene: Gestionnaire) -> None:
    analyse = await solene.analyser(fichier(*(ligne(f"C{n}") for n in range(200))))
    reponses = await asyncio.gather(*(solene.appliquer(analyse["id"]) for _ in range(5)))
    assert {reponse.status_code for reponse in reponses} == {202}
    await asyncio.gather(*(traiter_les_imports(solene.database) for _ in range(4)))
    await traiter_les_imports(solene.database)
    assert (await solene.lire(f"/imports/{analyse['id']}"))["etat"] == "applique"
    assert (await solene.sql("select count(*), max(version) from agents where matricule like 'C%' and nom like 'NomC%'")) == [(200, 1)]
    assert (await solene.appliquer(analyse["id"])).json()["etat"] == "applique"


async def test_an_agent_created_meanwhile_is_not_doubled(solene: Gestionnaire) -> None:
    premier = await solene.analyser(fichier(ligne("M1"), ligne("M2")))
    await solene.importer(fichier(ligne("M1", fonction="Autre")))
    (await solene.appliquer(premier["id"])).raise_for_status()
    await traiter_les_imports(solene.database)
    repris = await solene.lire(f"/imports/{premier['id']}")
    assert repris["etat"] == "analyse"
    assert "(ligne 2)" in repris["message"]
    await traiter_les_imports(solene.database)
    assert (await solene.lire(f"/imports/{premier['id']}"))["compteurs"] == {"creer": 1, "modifier": 1, "avertissement": 0}


async def test_a_service_gone_meanwhile_stops_the_application(solene: Gestionnaire) -> None:
    await solene.sql_ecrire("insert into services (id, collectivite_id, code, nom) values (gen_random_uuid(), :c, 'TMP', 'Temporaire')")
    analyse = await solene.analyser(fichier(ligne("S1", service="Temporaire")))
    await solene.sql_ecrire("delete from services where collectivite_id = :c and code = 'TMP'")
    await solene.appliquer(analyse["id"])
    await traiter_les_imports(solene.database)
    await traiter_les_imports(solene.database)
    assert (await solene.lire(f"/imports/{analyse['id']}"))["compteurs"]["erreur"] == 1


async def test_the_same_key_deposits_once(solene: Gestionnaire) -> None:
    cle = str(uuid4())
    premier, second = [(await solene.deposer(fichier(ligne("K1")), cle=cle)).json() for _ in range(2)]
    assert premier["id"] == second["id"]
    assert (await solene.deposer(fichier(ligne("K2")), cle=cle)).status_code == 422


async def test_abandoned_imports_do_not_apply(solene: Gestionnaire) -> None:
    analyse = await solene.analyser(fichier(ligne("X1")))
    (await solene.client.post(f"/imports/{analyse['id']}/abandon", headers=solene.entetes)).raise_for_status()
    assert (await solene.appliquer(analyse["id"])).json()["type"] == "urn:iel:probleme:import-abandonne"
    assert (await solene.lire(f"/imports/{analyse['id']}/lignes"))["elements"] == []


async def test_an_import_cut_by_a_restart_is_taken_up_again(solene: Gestionnaire) -> None:
    depose = (await solene.deposer(fichier(ligne("R1")))).json()
    assert depose["etat"] == "analyse"
    async with solene.database.transaction() as autre:
        await autre.execute(text("select pg_advisory_xact_lock(hashtextextended('import:' || :id, 0))"), {"id": depose["id"]})
        await traiter_les_imports(solene.database)
        assert (await solene.lire(f"/imports/{depose['id']}"))["etat"] == "analyse"
    await traiter_les_imports(solene.database)
    assert (await solene.lire(f"/imports/{depose['id']}"))["etat"] == "pret"


async def test_the_task_beside_wakes_for_a_deposit_and_ends_when_told(solene: Gestionnaire) -> None:
    transport = solene.client._transport
    assert isinstance(transport, httpx.ASGITransport)
    tache = asyncio.create_task(traiter_les_imports_sans_fin(transport.app.state.context))  # type: ignore[attr-defined]
    depose = (await solene.deposer(fichier(ligne("T1")))).json()
    async with asyncio.timeout(20):
        while (await solene.lire(f"/imports/{depose['id']}"))["etat"] != "pret":  # noqa: ASYNC110 -- seen through the API, as people see it
            await asyncio.sleep(0.02)
    tache.cancel()
    async with asyncio.timeout(5):
        await asyncio.gather(tache, return_exceptions=True)
    assert tache.cancelled()


async def test_who_may_not(client: httpx.AsyncClient, database: Database, solene: Gestionnaire) -> None:
    analyse = await solene.analyser(fichier(ligne("D1")))
    claire = await Lecteur.nomme(client, CLAIRE)
    assert (await claire.get(f"/imports/{analyse['id']}")).status_code == 403
    assert (await claire.get("/agents/export")).status_code == 403
    nolwenn = await Lecteur.nomme(client, NOLWENN)
    assert (await nolwenn.get("/imports")).status_code == 403
    assert (await solene.client.get(f"/imports/{uuid4()}", headers=solene.entetes)).status_code == 404


@pytest.mark.parametrize("contenu", [b"", b"%PDF-1.7", b"Nom;Prenom\r\nA;B\r\n"])
async def test_a_file_that_is_none_is_a_sentence(solene: Gestionnaire, contenu: bytes) -> None:
    refus = await solene.deposer(contenu)
    assert (refus.status_code, refus.json()["errors"][0]["champ"]) == (422, "fichier")


async def test_a_hundred_megabytes_are_refused_by_a_sentence(solene: Gestionnaire) -> None:
    debut = time.perf_counter()

    async def flot() -> AsyncIterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="fichier"; filename="a.csv"\r\n\r\n'
        for _ in range(100):
            yield b"1;" * 500_000
        yield b"\r\n--x--\r\n"

    entetes = {**solene.entetes, "Idempotency-Key": str(uuid4()), "Content-Type": "multipart/form-data; boundary=x"}
    refus = await solene.client.post("/imports", content=flot(), headers=entetes)
    assert refus.status_code == 422
    assert "20\N{NO-BREAK SPACE}Mo" in refus.json()["errors"][0]["message"]
    assert time.perf_counter() - debut < 20


async def test_the_export_comes_back_and_changes_nothing(solene: Gestionnaire) -> None:
    await solene.importer(fichier(ligne("E1", fonction="=1+1", nom="@Nom")))
    for format_ in ("csv", "xlsx"):
        export = await solene.client.get("/agents/export", params={"format": format_}, headers=solene.entetes)
        export.raise_for_status()
        if format_ == "csv":
            lus = {agent["Matricule"]: agent for agent in csv.DictReader(io.StringIO(export.content.decode("utf-8-sig")), delimiter=";")}
            assert lus["E1"]["Fonction"] == "'=1+1"
            assert len(lus) == await solene.combien()
        analyse = await solene.analyser(export.content, f"agents.{format_}")
        assert set(analyse["compteurs"]) == {"inchangee", "avertissement"}, analyse
    traces = await solene.sql("select exporte_par, format, nombre from exports order by exporte_le")
    assert [(par, f) for par, f, _ in traces] == [("Solène Morvan", "csv"), ("Solène Morvan", "xlsx")]
    assert traces[0][2] == await solene.combien()


async def test_the_template_has_the_columns_of_the_export(solene: Gestionnaire) -> None:
    modele = await solene.client.get("/imports/modele", params={"format": "csv"}, headers=solene.entetes)
    export = await solene.client.get("/agents/export", headers=solene.entetes)
    assert export.content.startswith(modele.content)


@pytest.mark.parametrize("nature", ["csv", "xlsx"])
async def test_ten_thousand_agents(solene: Gestionnaire, nature: str) -> None:
    lignes = [ligne(f"{nature}{n:05d}", superieur=f"{nature}{n // 10:05d}" if n else "") for n in range(10_000)]
    contenu = fichier(*lignes) if nature == "csv" else classeur([ENTETE, *lignes])
    applique = await solene.importer(contenu, f"agents.{nature}")
    assert applique["compteurs"]["creer"] == 10_000
    assert applique["avancement"] == {"fait": 10_000, "total": 10_000}
    assert (await solene.analyser(contenu, f"agents.{nature}"))["compteurs"] == {"inchangee": 10_000, "avertissement": 0}


def classeur(lignes: list[str]) -> bytes:
    sortie = io.BytesIO()
    with xlsxwriter.Workbook(sortie) as livre:
        feuille = livre.add_worksheet()
        for rang, contenu in enumerate(lignes):
            for place, cellule in enumerate(contenu.split(";")):
                feuille.write_string(rang, place, cellule)
    return sortie.getvalue()
