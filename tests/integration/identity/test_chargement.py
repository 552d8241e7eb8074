"""The demonstration is loaded once, and told to the other services as it changes."""

import csv
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from services.contracts import ids
from services.contracts.identity import AgentEnregistre, CollectiviteEnregistree
from services.identity.seed.__main__ import main, raconter
from services.identity.service.publication import publier_les_changements
from services.kit.database import Database
from services.kit.french import NBSP, NNBSP
from tests.integration.identity.conftest import DEMO
from tests.servers import PostgresServer

ROCHEBRUNE = ids.collectivite_id("21350950800015")


@pytest.fixture
async def vide(postgres: PostgresServer) -> AsyncIterator[Database]:
    database = Database(postgres.database_for("identity"))
    yield database
    await database.dispose()


async def charges(database: Database, depuis: int = 0) -> list[dict[str, Any]]:
    """Payloads of the outbox beyond a position."""
    async with database.transaction() as session:
        lignes = await session.execute(text("select payload from outbox where position > :depuis order by position"), {"depuis": depuis})
        return list(lignes.scalars())


async def executer(database: Database, sql: str) -> None:
    async with database.transaction() as session:
        await session.execute(text(sql))


async def publier(database: Database) -> int:
    async with database.transaction() as session:
        return await publier_les_changements(session)


async def test_loading_twice_loads_once(vide: Database) -> None:
    premier = await main(DEMO, vide.url)
    assert premier.lignes == {
        "structures": 23,
        "collectivités": 38,
        "services": 318,
        "agents": 2000,
        "comptes": 82,
        "appartenances": 82,
        "mandats": 1,
    }
    assert premier.evenements == 2038
    assert f"2{NNBSP}000{NBSP}agents" in raconter(premier)
    second = await main(DEMO, vide.url)
    assert second.deja_charge
    assert raconter(second) == f"Identité{NBSP}: déjà chargé."
    evenements = await charges(vide)
    assert len(evenements) == 2038
    collectivites = [CollectiviteEnregistree.model_validate(e) for e in evenements[:38]]
    agents = {agent.agent_id: agent for agent in map(AgentEnregistre.model_validate, evenements[38:])}
    assert {collectivite.version for collectivite in collectivites} == {1}
    rochebrune = next(collectivite for collectivite in collectivites if collectivite.collectivite_id == ROCHEBRUNE)
    assert [gestionnaire.nom_complet for gestionnaire in rochebrune.gestionnaires] == ["Solène Morvan", "Erwan Tanguy"]
    saint_gwenn = next(collectivite for collectivite in collectivites if collectivite.siret == "21350951600018")
    assert [gestionnaire.nom_complet for gestionnaire in saint_gwenn.gestionnaires] == ["Chloé Guillou"]
    assert rochebrune.autorite == "Marie-Pierre Josselin, maire de Rochebrune-sur-Vilaine"
    claire = agents[ids.agent_id("21350950800015", "00936")]
    assert claire.superieur is not None
    assert claire.superieur.nom_complet == "Yann Kervella"
    assert all(agent.superieur is None or agent.superieur.agent_id != agent.agent_id for agent in agents.values())


async def test_a_new_gestionnaire_makes_a_new_version_of_his_collectivite(vide: Database, tmp_path: Path) -> None:
    await main(DEMO, vide.url)
    shutil.copytree(DEMO, tmp_path, dirs_exist_ok=True)
    with (tmp_path / "comptes.csv").open("a", encoding="utf-8", newline="") as fichier:
        ligne = [
            "gestionnaire",
            "Alix",
            "Nouveau",
            "alix.nouveau",
            "Demonstration2026!",
            "alix@rochebrune.example",
            "21350950800015",
            "",
            "",
            "",
        ]
        csv.writer(fichier, delimiter=";").writerow(ligne)
    bilan = await main(tmp_path, vide.url)
    assert (bilan.lignes["comptes"], bilan.evenements) == (1, 1)
    evenement = CollectiviteEnregistree.model_validate((await charges(vide, 2038))[0])
    assert (evenement.collectivite_id, evenement.version) == (ROCHEBRUNE, 2)
    assert "Alix Nouveau" in [gestionnaire.nom_complet for gestionnaire in evenement.gestionnaires]


async def test_a_new_head_of_service_is_told_for_each_of_his_agents(vide: Database) -> None:
    await main(DEMO, vide.url)
    accueil = f"collectivite_id = '{ROCHEBRUNE}' and code = 'POP'"
    await executer(vide, f"update services set responsable_id = suppleant_id, suppleant_id = null where {accueil}")
    publies = await publier(vide)
    assert publies > 3
    agents = [AgentEnregistre.model_validate(charge) for charge in await charges(vide, 2038)]
    assert {agent.version for agent in agents} == {2}
    claire = next(agent for agent in agents if agent.nom == "Le Bris")
    assert claire.superieur is not None
    assert claire.superieur.nom_complet == "Anne-Marie Guéguen"
    assert await publier(vide) == 0


async def test_an_agent_who_leaves_is_told_and_no_longer_asked(vide: Database) -> None:
    await main(DEMO, vide.url)
    await executer(vide, "update agents set actif = false where email = 'yann.kervella@rochebrune.example'")
    await publier(vide)
    agents = {agent.nom: agent for agent in map(AgentEnregistre.model_validate, await charges(vide, 2038))}
    assert not agents["Kervella"].actif
    claire = agents["Le Bris"]
    assert claire.superieur is not None
    assert claire.superieur.nom_complet == "Isabelle Rouxel"


async def test_loading_again_keeps_what_people_changed(vide: Database) -> None:
    await main(DEMO, vide.url)
    await executer(vide, "update agents set fonction = 'Officière d’état civil' where email = 'claire.lebris@rochebrune.example'")
    assert (await main(DEMO, vide.url)).evenements == 1
    async with vide.transaction() as session:
        fonction = await session.scalar(text("select fonction from agents where email = 'claire.lebris@rochebrune.example'"))
    assert fonction == "Officière d’état civil"


async def test_a_head_must_belong_to_the_collectivite(vide: Database) -> None:
    await main(DEMO, vide.url)
    with pytest.raises(Exception, match="services_responsable"):
        await executer(
            vide,
            "update services set responsable_id = (select id from agents where email = 'nolwenn.quere@kermelen.example')"
            f" where collectivite_id = '{ROCHEBRUNE}' and code = 'POP'",
        )
