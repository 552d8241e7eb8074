"""Intérims, what is kept apart, what one reads of oneself, and the turn of the day, on a real PostgreSQL."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import text

from services.contracts.acteur import Role
from services.contracts.ids import agent_id, collectivite_id
from services.identity.models import Appartenance, Compte, IdentiteExterne
from services.identity.service.jour import avant_minuit, faire_le_jour
from services.identity.settings import Settings
from services.kit.clock import PARIS, day_of, now
from services.kit.database import Database
from tests.integration.identity.conftest import CLAIRE, SOLENE, Lecteur
from tests.integration.identity.test_fiches import ROCHEBRUNE, creer, erreurs, publies

ROCHEBRUNE_ID = collectivite_id(ROCHEBRUNE)
CLAIRE_ID = str(agent_id(ROCHEBRUNE, "00936"))
AUJOURD_HUI = day_of(now())


@pytest.fixture(scope="module")
async def solene(client: httpx.AsyncClient) -> Lecteur:
    return await Lecteur.nomme(client, SOLENE)


@pytest.fixture(scope="module")
async def claire(client: httpx.AsyncClient) -> Lecteur:
    return await Lecteur.nomme(client, CLAIRE)


def dans(jours: int) -> str:
    return (AUJOURD_HUI + timedelta(days=jours)).isoformat()


async def un_chef_et_son_agent(solene: Lecteur) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """A head of service, an agent he leads, and somebody who may stand in."""
    chef, interimaire = await creer(solene), await creer(solene)
    service = (await solene.post("/services", {"code": uuid4().hex[:6], "nom": "Atelier", "responsable_id": chef["id"]})).json()
    return chef, await creer(solene, service_id=service["id"]), interimaire


async def test_who_stands_in_is_asked_and_named_then_it_comes_back(database: Database, solene: Lecteur, reglages: Settings) -> None:
    chef, agent, interimaire = await un_chef_et_son_agent(solene)
    corps = {"remplace_id": chef["id"], "interimaire_id": interimaire["id"], "debut": dans(0), "fin": dans(2), "motif": "Congés"}
    confie = await solene.post("/interims", corps)
    assert (confie.status_code, confie.json()["etat"]) == (201, "en_cours")
    superieur = (await publies(database, agent["id"]))[-1]["superieur"]
    assert (superieur["agent_id"], superieur["interim_de"]) == (interimaire["id"], f"Louise {chef['nom']}")
    await _vieillir(database, confie.json()["id"], 4)
    assert await faire_le_jour(database, AUJOURD_HUI + timedelta(days=0), reglages)
    superieur = (await publies(database, agent["id"]))[-1]["superieur"]
    assert (superieur["agent_id"], superieur["interim_de"]) == (chef["id"], None)


async def _vieillir(database: Database, interim_id: str, jours: int) -> None:
    """Let time pass: the intérim began and ended that much earlier, and the day is to be done again."""
    async with database.transaction() as session:
        decalage = {"jours": jours, "id": interim_id}
        await session.execute(text("update interims set debut = debut - :jours, fin = fin - :jours where id = :id"), decalage)
        await session.execute(text("delete from jours_faits"))
        await session.execute(text("insert into jours_faits values (current_date - 5, now())"))


async def test_an_interim_ended_early_gives_the_avis_back_at_once(database: Database, solene: Lecteur) -> None:
    chef, agent, interimaire = await un_chef_et_son_agent(solene)
    corps = {"remplace_id": chef["id"], "interimaire_id": interimaire["id"], "debut": dans(0), "fin": dans(9)}
    confie = (await solene.post("/interims", corps)).json()
    fini = await solene.post(f"/interims/{confie['id']}/annulation", {})
    assert (fini.json()["etat"], fini.json()["annule_par"]) == ("annule", "Solène Morvan")
    assert (await publies(database, agent["id"]))[-1]["superieur"]["agent_id"] == chef["id"]


async def test_two_interims_at_once_for_one_person_make_one(solene: Lecteur) -> None:
    chef, _, interimaire = await un_chef_et_son_agent(solene)
    corps = {"remplace_id": chef["id"], "interimaire_id": interimaire["id"], "debut": dans(1), "fin": dans(9)}
    reponses = await asyncio.gather(*(solene.post("/interims", {**corps, "fin": dans(9 + n)}) for n in range(3)))
    assert sorted(reponse.status_code for reponse in reponses) == [201, 409, 409]
    assert "Un intérim est déjà prévu" in next(reponse for reponse in reponses if reponse.status_code == 409).json()["title"]


async def test_an_interim_that_cannot_be_says_why(solene: Lecteur) -> None:
    chef, _, interimaire = await un_chef_et_son_agent(solene)
    await solene.post("/interims", {"remplace_id": interimaire["id"], "interimaire_id": chef["id"], "debut": dans(5), "fin": dans(6)})
    for corps, champ in (
        ({"debut": dans(3), "fin": dans(1)}, "fin"),
        ({"debut": dans(-9), "fin": dans(-1)}, "fin"),
        ({"debut": dans(1), "fin": dans(5)}, "interimaire_id"),
        ({"debut": dans(1), "fin": dans(2), "interimaire_id": chef["id"]}, "interimaire_id"),
        ({"debut": dans(1), "fin": dans(2), "remplace_id": None}, "remplace_id"),
        ({"debut": dans(1), "fin": dans(2), "interimaire_id": str(agent_id("21290950100018", "00367"))}, "interimaire_id"),
    ):
        reponse = await solene.post("/interims", {"remplace_id": chef["id"], "interimaire_id": interimaire["id"], **corps})
        assert (reponse.status_code, list(erreurs(reponse))) == (422, [champ]), corps


async def test_what_an_agent_needs_is_kept_apart_and_its_reading_is_seen(
    client: httpx.AsyncClient, solene: Lecteur, claire: Lecteur
) -> None:
    besoin = {"besoin": "Une salle accessible en fauteuil."}
    ecrit = await client.put(f"/agents/{CLAIRE_ID}/amenagement", json=besoin, headers=solene._entetes)
    assert ecrit.json() == besoin
    assert "fauteuil" not in (await solene.get(f"/agents/{CLAIRE_ID}")).text
    assert "fauteuil" not in (await solene.get(f"/agents/{CLAIRE_ID}/changements")).text
    isabelle = await Lecteur.nomme(client, "isabelle.rouxel")
    assert (await isabelle.get(f"/agents/{CLAIRE_ID}/amenagement")).status_code == 403
    for _ in range(2):
        assert await solene.lit(f"/agents/{CLAIRE_ID}/amenagement") == besoin
    dossier = await claire.lit("/moi/dossier")
    assert dossier["besoin"] == besoin["besoin"]
    lues = {(lecture["lecteur"], lecture["quoi"]): lecture["nombre"] for lecture in dossier["lectures"]}
    assert lues["Solène Morvan", "amenagement"] == 2
    assert lues["Solène Morvan", "fiche"] == 1
    assert (await client.put(f"/agents/{CLAIRE_ID}/amenagement", json={"besoin": " "}, headers=claire._entetes)).json() == {"besoin": ""}


async def test_an_agent_takes_his_file_away(claire: Lecteur) -> None:
    emporte = await claire.get("/moi/dossier/export")
    assert "attachment" in emporte.headers["Content-Disposition"]
    champs = {champ["champ"]: champ["valeur"] for champ in emporte.json()["champs"]}
    assert champs["nom"] == "Le Bris"
    assert champs["statut"] == "Titulaire"


async def test_an_agent_asks_for_a_correction_and_reads_the_answer(solene: Lecteur, claire: Lecteur) -> None:
    for valeur in ("Hôtesse d’accueil", "Chargée d’accueil"):
        demande = await claire.post("/moi/dossier/corrections", {"champ": "fonction", "valeur": valeur})
        assert demande.status_code == 201
    (attend,) = [c for c in await solene.lit("/corrections") if c["agent_id"] == CLAIRE_ID]
    assert (attend["libelle"], attend["valeur"]) == ("Fonction", "Chargée d’accueil")
    muet = await solene.post(f"/corrections/{attend['id']}", {"faite": False})
    assert erreurs(muet) == {"reponse": "Dites à l’agent pourquoi."}
    assert (await solene.post(f"/corrections/{attend['id']}", {"faite": True})).status_code == 200
    assert (await solene.post(f"/corrections/{attend['id']}", {"faite": True})).status_code == 409
    assert (await claire.lit("/moi/dossier"))["corrections"][0]["etat"] == "faite"
    assert (await claire.post("/moi/dossier/corrections", {"champ": "actif", "valeur": "non"})).status_code == 422


async def test_two_records_of_one_person_are_joined_by_himself_alone(
    client: httpx.AsyncClient, database: Database, claire: Lecteur
) -> None:
    async with database.transaction() as session:
        # She has been here for a while: of two memberships begun on one day, none is the first.
        await session.execute(text("update appartenances set debut = debut - 1 where agent_id = :id"), {"id": CLAIRE_ID})
    bleuenn = await Lecteur.nomme(client, "bleuenn.bernard")
    ailleurs = await creer(bleuenn, nom="Le Bris", prenom="Claire", email="Claire.LeBris@rochebrune.example")
    (propose,) = (await claire.lit("/moi/dossier"))["autres"]
    assert propose["agent_id"] == ailleurs["id"]
    etrangere = await creer(bleuenn)
    assert (await claire.post(f"/moi/dossier/emplois/{etrangere['id']}", {})).status_code == 404
    for _ in range(2):
        assert (await claire.post(f"/moi/dossier/emplois/{ailleurs['id']}", {})).status_code == 204
    dossier = await claire.lit("/moi/dossier")
    assert {emploi["agent_id"] for emploi in dossier["emplois"]} == {CLAIRE_ID, ailleurs["id"]}
    assert dossier["autres"] == []
    de_nouveau = await Lecteur.nomme(client, CLAIRE)
    assert de_nouveau.acteur["autres_fiches"] == [ailleurs["id"]]
    async with database.transaction() as session:
        cumul = await session.execute(text("select count(*) from appartenances where agent_id = :id"), {"id": ailleurs["id"]})
        assert cumul.scalar_one() == 1


async def test_a_day_is_done_once_however_many_come(database: Database, solene: Lecteur, reglages: Settings) -> None:
    partant = await creer(solene, entree_le="01/01/2020", sortie_le="")
    depart = {"le": dans(1), "motif": "Retraite"}
    assert (await solene.post(f"/agents/{partant['id']}/depart", depart)).json()["actif"] is True
    demain = AUJOURD_HUI + timedelta(days=1)
    faits = await asyncio.gather(*(faire_le_jour(database, demain, reglages) for _ in range(3)))
    assert sorted(faits) == [False, False, True]
    assert (await publies(database, partant["id"]))[-1]["actif"] is False


async def test_who_left_long_ago_is_forgotten(database: Database, solene: Lecteur, reglages: Settings) -> None:
    parti = await creer(solene, entree_le="01/01/2001", sortie_le="01/01/2015")
    await solene.get(f"/agents/{parti['id']}")
    async with database.transaction() as session:
        compte = Compte(identifiant="parti.depuis", nom="Parti", prenom="Depuis", email="parti@rochebrune.example")
        session.add(compte)
        await session.flush()
        session.add(
            Appartenance(
                compte_id=compte.id,
                roles=[Role.AGENT],
                collectivite_id=ROCHEBRUNE_ID,
                agent_id=UUID(parti["id"]),
                debut=AUJOURD_HUI - timedelta(days=4000),
                fin=AUJOURD_HUI - timedelta(days=3000),
            )
        )
        session.add(
            IdentiteExterne(
                compte_id=compte.id,
                emetteur="https://proconnect.example",
                sujet="sub-parti",
                email="parti@rochebrune.example",
                liee_par="adresse vérifiée",
                liee_le=now(),
                vue_le=now(),
            )
        )
    assert await faire_le_jour(database, AUJOURD_HUI + timedelta(days=2), reglages)
    async with database.transaction() as session:
        reste = await session.execute(text("select nom, email, date_naissance, matricule from agents where id = :id"), {"id": parti["id"]})
        assert reste.one() == ("anonymisé", "", None, None)
        lectures = await session.execute(text("select count(*) from lectures where agent_id = :id"), {"id": parti["id"]})
        assert lectures.scalar_one() == 0
        oublie = await session.get_one(Compte, compte.id)
        assert (oublie.nom, oublie.email, oublie.actif) == ("anonymisé", "", False)
        identites = await session.execute(text("select count(*) from identites_externes where compte_id = :id"), {"id": compte.id})
        assert identites.scalar_one() == 0
    assert (await solene.get(f"/agents/{parti['id']}")).status_code == 404
    assert (await publies(database, parti["id"]))[-1]["nom"] == "anonymisé"


async def test_the_turn_is_looked_for_until_midnight_in_paris() -> None:
    presque = now().astimezone(PARIS).replace(hour=23, minute=59, second=0, microsecond=0)
    assert avant_minuit(presque) == timedelta(minutes=1)
    assert avant_minuit(presque.replace(hour=12)) == timedelta(minutes=5)
