"""Contents are written once, under their own hash, and given back as they were or not at all."""

import asyncio
import hashlib
from pathlib import Path

import pytest

from services.documents.archive import Archive
from services.kit.problems import Problem


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive((tmp_path / "un dossier" / "archive").as_uri())


def fichiers(tmp_path: Path) -> list[Path]:
    return [chemin for chemin in tmp_path.rglob("*") if chemin.is_file()]


async def test_what_is_kept_is_given_back(archive: Archive) -> None:
    empreinte = await archive.garder(b"contenu")
    assert empreinte == hashlib.sha256(b"contenu").hexdigest()
    assert await archive.lire(empreinte) == b"contenu"
    await archive.verifier()


async def test_a_content_is_written_once(archive: Archive, tmp_path: Path) -> None:
    empreinte = await archive.garder(b"contenu")
    (fichier,) = fichiers(tmp_path)
    ecrit = fichier.stat().st_mtime_ns, fichier.stat().st_ino
    assert await archive.garder(b"contenu") == empreinte
    assert (fichier.stat().st_mtime_ns, fichier.stat().st_ino) == ecrit


async def test_the_same_content_kept_at_once_is_kept_whole(archive: Archive, tmp_path: Path) -> None:
    contenu = b"contenu" * 100_000
    assert len(set(await asyncio.gather(*(archive.garder(contenu) for _ in range(10))))) == 1
    (fichier,) = fichiers(tmp_path)
    assert fichier.read_bytes() == contenu


@pytest.mark.parametrize(("faux", "slug"), [(b"faux", "document-altere"), (b"", "document-altere"), (None, "document-absent")])
async def test_what_was_altered_is_not_given(archive: Archive, tmp_path: Path, faux: bytes | None, slug: str) -> None:
    empreinte = await archive.garder(b"contenu")
    (fichier,) = fichiers(tmp_path)
    fichier.unlink()
    if faux is not None:
        fichier.write_bytes(faux)
    with pytest.raises(Problem, match=slug):
        await archive.lire(empreinte)
