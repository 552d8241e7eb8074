"""The settings of a collectivité through the API, their history and the first steps, on a real PostgreSQL."""

import asyncio
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from services.contracts.ids import collectivite_id
from services.identity.service import demarrage
from services.kit.database import Database
from tests.integration.identity.conftest import CLAIRE, SOLENE, Lecteur
from tests.integration.identity.test_fiches import ROCHEBRUNE, erreurs
from tests.integration.identity.test_gestionnaires import dits, inviter

C = "/collectivite"
ERWAN, JUSTINE, AGNES = "erwan.tanguy", "justine.dumont", "agnes.jaouen"
MONTFAUCON, CDG = "21490950900017", "28220950100018"


@pytest.fixture(scope="module")
async def solene(client: httpx.AsyncClient) -> Lecteur:
    return await Lecteur.nomme(client, SOLENE)


async def lire(qui: Lecteur, sujet: str) -> tuple[dict[str, Any], str]:
    reponse = (await qui.get(f"{C}/{sujet}")).raise_for_status()
    assert reponse.headers["ETag"] == reponse.json()["etiquette"]
    return reponse.json(), reponse.headers["ETag"]


async def identite(qui: Lecteur, **autres: Any) -> tuple[dict[str, Any], str]:
    lue, etiquette = await lire(qui, "identite")
    champs = ("adresse", "code_postal", "ville", "email", "effectif", "autorite_nom", "autorite_qualite")
    return {champ: lue[champ] for champ in champs} | autres, etiquette


async def dernier(qui: Lecteur) -> dict[str, Any]:
    fait: dict[str, Any] = (await qui.lit(f"{C}/historique"))["elements"][0]
    return fait


async def test_the_identite_changes_with_its_trace_and_is_told(database: Database, solene: Lecteur) -> None:
    corps, lue = await identite(solene, autorite_nom="Jeanne Le Gall", effectif=212)
    change = await solene.put(f"{C}/identite", corps, lue=lue)
    assert (change.status_code, change.json()["autorite_nom"]) == (200, "Jeanne Le Gall")
    fait = await dernier(solene)
    assert (fait["par"], fait["phrase"]) == ("Solène Morvan", "a modifié l’identité de la collectivité")
    assert {detail["champ"] for detail in fait["details"]} == {"Effectif", "Autorité territoriale"}
    assert (await dits(database, ROCHEBRUNE))[-1]["autorite"].startswith("Jeanne Le Gall, ")
    nombre = len(await dits(database, ROCHEBRUNE))
    pareil = await solene.put(f"{C}/identite", corps, lue=change.headers["ETag"])
    assert pareil.status_code == 200
    assert (await dernier(solene), len(await dits(database, ROCHEBRUNE))) == (fait, nombre)


async def test_of_two_at_once_the_second_reads_what_the_first_changed(solene: Lecteur) -> None:
    corps, lue = await identite(solene)
    reponses = await asyncio.gather(*(solene.put(f"{C}/identite", corps | {"ville": ville}, lue=lue) for ville in ("Redon", "Vitré")))
    assert sorted(reponse.status_code for reponse in reponses) == [200, 412]
    refuse = next(reponse for reponse in reponses if reponse.status_code == 412)
    gagnante = next(reponse for reponse in reponses if reponse.status_code == 200).json()["ville"]
    assert "Par Solène Morvan" in refuse.json()["detail"]
    assert f"devient «\N{NO-BREAK SPACE}{gagnante}\N{NO-BREAK SPACE}»" in refuse.json()["detail"]


async def test_what_is_wrong_is_told_beside_its_field(solene: Lecteur) -> None:
    corps, lue = await identite(solene, ville=" ", code_postal="3595", email="mairie", effectif=0)
    reponse = await solene.put(f"{C}/identite", corps, lue=lue)
    assert reponse.status_code == 422
    assert set(erreurs(reponse)) == {"ville", "code_postal", "email", "effectif"}


async def test_the_preinscription_is_closed_and_opened(client: httpx.AsyncClient, database: Database) -> None:
    justine = await Lecteur.nomme(client, JUSTINE)
    lu, etiquette = await lire(justine, "preinscription")
    voulu = not lu["preinscription_agents"]
    change = await justine.put(f"{C}/preinscription", {"preinscription_agents": voulu}, lue=etiquette)
    assert change.json()["preinscription_agents"] is voulu
    assert (await dits(database, MONTFAUCON))[-1]["preinscription_agents"] is voulu
    phrases = {True: "a ouvert la préinscription aux agents", False: "a réservé les demandes aux gestionnaires"}
    assert (await dernier(justine))["phrase"] == phrases[voulu]
    assert (await justine.put(f"{C}/preinscription", {"preinscription_agents": voulu}, lue=etiquette)).status_code == 412


async def test_what_superieurs_get_is_kept_told_and_traced(client: httpx.AsyncClient, database: Database) -> None:
    justine = await Lecteur.nomme(client, JUSTINE)
    lus, etiquette = await lire(justine, "transferts")
    assert (lus["gabarits"], lus["messages"]["convocation"]) == ([], "Convocation")
    corps = {"gabarits": ["convocation", "acceptee"]}
    change = await justine.put(f"{C}/transferts", corps, lue=etiquette)
    assert change.json()["gabarits"] == ["acceptee", "convocation"]
    assert (await dits(database, MONTFAUCON))[-1]["transferts"] == ["acceptee", "convocation"]
    trace = await dernier(justine)
    assert trace["phrase"] == "a modifié ce que les supérieurs reçoivent"
    assert trace["details"] == [{"champ": "Transmis au supérieur", "avant": "", "apres": "Demande acceptée, Convocation"}]
    assert (await justine.put(f"{C}/transferts", corps, lue=etiquette)).status_code == 412
    avis = await justine.put(f"{C}/transferts", {"gabarits": ["avis_demande"]}, lue=change.headers["ETag"])
    assert erreurs(avis) == {"gabarits": "Seuls les messages adressés aux gestionnaires peuvent être transmis."}


async def test_copies_are_kept_told_and_traced(client: httpx.AsyncClient, database: Database) -> None:
    justine = await Lecteur.nomme(client, JUSTINE)
    lues, etiquette = await lire(justine, "copies")
    assert lues["copies"] == []
    assert "avis_demande" not in lues["messages"]
    corps = {"copies": [{"nom": "Accueil", "email": "accueil@montfaucon.example", "gabarits": ["convocation", "acceptee"]}]}
    change = await justine.put(f"{C}/copies", corps, lue=etiquette)
    assert change.status_code == 200, change.text
    publiees = (await dits(database, MONTFAUCON))[-1]["copies"]
    assert publiees == [{"nom": "Accueil", "email": "accueil@montfaucon.example", "gabarits": ["acceptee", "convocation"]}]
    fait = await dernier(justine)
    assert fait["details"] == [{"champ": "accueil@montfaucon.example", "avant": "", "apres": "Demande acceptée, Convocation"}]
    assert (await justine.put(f"{C}/copies", {"copies": []}, lue=etiquette)).status_code == 412
    retire = await justine.put(f"{C}/copies", {"copies": []}, lue=change.headers["ETag"])
    assert retire.json()["copies"] == []
    assert (await dits(database, MONTFAUCON))[-1]["copies"] == []


async def test_a_copy_never_carries_the_link_of_an_avis(solene: Lecteur) -> None:
    _, lue = await lire(solene, "copies")
    copie = {"nom": "Accueil", "email": "accueil@rochebrune.example", "gabarits": ["avis_demande"]}
    double = {**copie, "email": "ACCUEIL@rochebrune.example", "gabarits": ["convocation"]}
    reponse = await solene.put(f"{C}/copies", {"copies": [copie, double]}, lue=lue)
    assert set(erreurs(reponse)) == {"copies.0.gabarits", "copies.1.email"}


async def test_who_reads_and_who_writes(client: httpx.AsyncClient) -> None:
    erwan, claire = await Lecteur.nomme(client, ERWAN), await Lecteur.nomme(client, CLAIRE)
    corps, lue = await identite(erwan)
    assert (await erwan.put(f"{C}/identite", corps, lue=lue)).status_code == 403
    for sujet in ("identite", "preinscription", "copies", "transferts", "historique", "demarrage"):
        assert (await claire.get(f"{C}/{sujet}")).status_code == 403


async def test_the_history_is_read_page_by_page_and_is_one_s_own(client: httpx.AsyncClient, database: Database) -> None:
    agnes = await Lecteur.nomme(client, AGNES)
    async with database.transaction() as session:
        requete = (
            "insert into collectivite_historique (id, collectivite_id, survenu_le, par, sujet)"
            " select gen_random_uuid(), :id, now() - n * interval '1 day', 'N' || n, 'identite' from generate_series(1, 120) n"
        )
        await session.execute(text(requete), {"id": collectivite_id(CDG)})
    lus = await agnes.lit_tout(f"{C}/historique")
    assert [fait["par"] for fait in lus] == [f"N{n}" for n in range(1, 121)]
    assert (await agnes.get(f"{C}/historique", cursor="abc")).status_code == 422


async def test_a_collectivite_that_was_there_before_is_not_led(solene: Lecteur) -> None:
    assert await solene.lit(f"{C}/demarrage") == {"etapes": []}
    assert (await solene.put(f"{C}/demarrage/avis", {"etat": "faite"}, lue="")).status_code == 404


async def test_the_first_steps_are_seen_done_or_said_done(client: httpx.AsyncClient, database: Database) -> None:
    agnes = await Lecteur.nomme(client, AGNES)
    async with database.transaction() as session:
        await session.execute(text("update agents set actif = false where collectivite_id = :id"), {"id": collectivite_id(CDG)})
        await demarrage.commencer(session, collectivite_id(CDG))
        await demarrage.commencer(session, collectivite_id(CDG))

    async def etats() -> dict[str, str]:
        return {lu["etape"]: lu["etat"] for lu in (await agnes.lit(f"{C}/demarrage"))["etapes"]}

    assert list(await etats()) == ["identite", "preinscription", "avis", "agents", "collegue"]
    assert set((await etats()).values()) == {"a_faire"}
    for etape, etat in (("identite", "faite"), ("preinscription", "passee")):
        fait = await agnes.put(f"{C}/demarrage/{etape}", {"etat": etat}, lue="")
        assert fait.status_code == 200
    await inviter(agnes)
    async with database.transaction() as session:
        await session.execute(text("update agents set actif = true where collectivite_id = :id"), {"id": collectivite_id(CDG)})
    assert await etats() == {"identite": "faite", "preinscription": "passee", "avis": "a_faire", "agents": "faite", "collegue": "faite"}
    premiere = (await agnes.lit(f"{C}/demarrage"))["etapes"][0]
    assert premiere["par"] == "Agnès Jaouen"
    assert premiere["le"] is not None
    assert set(erreurs(await agnes.put(f"{C}/demarrage/avis", {"etat": "a_faire"}, lue=""))) == {"etat"}
