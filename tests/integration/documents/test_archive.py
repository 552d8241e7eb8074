"""Papers are made once, kept as they were, and shown to who may see them."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import text

from services.contracts.acteur import Acteur, Role
from services.contracts.documents import DocumentProduit
from services.documents import service
from services.documents.archive import Archive
from services.kit.database import Database
from services.kit.problems import Problem
from tests.dossiers import AGENT, COLLECTIVITE, INSCRIPTION, dossier
from tests.servers import PostgresServer

PUBLIC = "http://localhost:8080"


@pytest.fixture
async def database(postgres: PostgresServer) -> AsyncIterator[Database]:
    database = Database(postgres.database_for("documents"))
    yield database
    await database.dispose()


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path.as_uri())


async def produire(database: Database, archive: Archive) -> DocumentProduit:
    prepare = await service.preparer_convocation(archive, dossier(), PUBLIC)
    async with database.transaction() as session:
        return await service.archiver(session, prepare)


async def test_ten_productions_at_once_make_one_paper(database: Database, archive: Archive) -> None:
    produits = await asyncio.gather(*(produire(database, archive) for _ in range(10)))
    assert len({produit.document_id for produit in produits}) == 1
    assert sum(not produit.deja_fait for produit in produits) == 1
    async with database.transaction() as session:
        evenements = (await session.execute(text("select count(*) from outbox"))).scalar_one()
    assert evenements == 1


async def test_what_is_archived_is_given_back(database: Database, archive: Archive) -> None:
    produit = await produire(database, archive)
    async with database.transaction() as session:
        document = await service.lire(
            session, Acteur(compte_id=uuid4(), nom="", email="", roles=frozenset(), agent_id=AGENT), produit.document_id
        )
    contenu = await archive.lire(document.empreinte)
    assert contenu.startswith(b"%PDF")
    assert len(contenu) == document.taille
    assert b"<h1>" in await archive.lire(document.empreinte_html)


async def test_an_altered_paper_is_not_given(database: Database, archive: Archive, tmp_path: Path) -> None:
    await produire(database, archive)
    (fichier, *_) = (chemin for chemin in tmp_path.rglob("*") if chemin.is_file() and chemin.read_bytes().startswith(b"%PDF"))
    fichier.write_bytes(b"%PDF falsified")
    with pytest.raises(Problem, match="document-altere"):
        await archive.lire(fichier.name)


async def test_a_content_is_written_once(archive: Archive, tmp_path: Path) -> None:
    empreinte = await archive.garder(b"contenu")
    (fichier,) = (chemin for chemin in tmp_path.rglob("*") if chemin.is_file())
    ecrit = fichier.stat().st_mtime_ns
    assert await archive.garder(b"contenu") == empreinte
    assert fichier.stat().st_mtime_ns == ecrit


@pytest.mark.parametrize(
    ("champs", "voit"),
    [
        ({"roles": [Role.AGENT], "agent_id": AGENT}, True),
        ({"roles": [Role.AGENT], "agent_id": uuid4()}, False),
        ({"roles": [Role.LECTURE], "collectivite_id": COLLECTIVITE}, True),
        ({"roles": [Role.GESTIONNAIRE], "collectivite_id": uuid4()}, False),
        ({"roles": [Role.AGENT], "collectivite_id": COLLECTIVITE, "agent_id": uuid4()}, False),
        ({"roles": [Role.CONSEILLER], "structure": "BRE"}, True),
        ({"roles": [Role.CONSEILLER], "structure": "NAQ"}, False),
        ({"roles": [Role.ADMINISTRATEUR]}, True),
    ],
)
async def test_a_paper_is_for_its_people(database: Database, archive: Archive, champs: dict[str, object], voit: bool) -> None:
    produit = await produire(database, archive)
    qui = Acteur.model_validate({"compte_id": uuid4(), "nom": "N", "email": "n@x.example", **champs})
    async with database.transaction() as session:
        assert bool((await service.lister(session, qui, INSCRIPTION)).elements) is voit
        if not voit:
            with pytest.raises(Problem, match="introuvable"):
                await service.lire(session, qui, produit.document_id)


async def test_anyone_verifies_a_reference_and_learns_nothing_of_the_person(database: Database, archive: Archive) -> None:
    produit = await produire(database, archive)
    async with database.transaction() as session:
        vu = await service.verifier(session, produit.reference.lower().replace("-", " "))
        inconnu = await service.verifier(session, "CV-2222-2222")
    assert (vu.statut, inconnu.statut) == ("valide", "inconnue")
    assert vu.session_code == "SXM5A 001"
    assert "Bihan" not in vu.model_dump_json()
    assert vu.model_dump().keys() == inconnu.model_dump().keys()
