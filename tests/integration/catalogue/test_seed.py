"""The demonstration catalogue, loaded for real."""

from pathlib import Path

import pytest
from sqlalchemy import text

from services.catalogue.seed import AnomalieError, charger
from services.contracts.acteur import Role
from tests.acteurs import un_acteur
from tests.integration.catalogue.conftest import Catalogue

DEMO = Path(__file__).resolve().parents[3] / "deploy" / "demo"


async def count(catalogue: Catalogue, table: str) -> int:
    async with catalogue.database.transaction() as session:
        return int((await session.execute(text(f"select count(*) from {table}"))).scalar_one())


async def test_it_is_loaded_whole_and_once(catalogue: Catalogue) -> None:
    stages, sessions = (len((DEMO / name).read_text(encoding="utf-8").splitlines()) - 1 for name in ("stages.csv", "sessions.csv"))
    fait = f"Catalogue de démonstration chargé\xa0: {stages} stages, {sessions} sessions."
    assert await charger(DEMO, catalogue.database.url) == fait
    assert await charger(DEMO, catalogue.database.url) == "Catalogue de démonstration déjà chargé."
    assert await count(catalogue, "sessions") == await count(catalogue, "outbox") == sessions
    assert await catalogue.codes(un_acteur(Role.ADMINISTRATEUR), texte="integration")


async def test_one_wrong_cell_and_nothing_is_loaded(catalogue: Catalogue, tmp_path: Path) -> None:
    for name in ("structures.csv", "stages.csv", "sessions.csv"):
        (tmp_path / name).write_text((DEMO / name).read_text(encoding="utf-8"), encoding="utf-8")
    with (tmp_path / "stages.csv").open("a", encoding="utf-8") as stages:
        stages.write("court;Intitulé;Domaine;perfectionnement;inter;1;6;Objectifs;Public\n")
    with pytest.raises(AnomalieError, match="Le code d’un stage compte cinq lettres majuscules ou chiffres"):
        await charger(tmp_path, catalogue.database.url)
    assert await count(catalogue, "stages") == 0
