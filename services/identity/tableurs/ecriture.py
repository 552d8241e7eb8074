"""Files on their way out: CSV as Excel in French opens it, and XLSX. No cell ever runs as a formula."""

import csv
import io
from collections.abc import AsyncIterable, AsyncIterator, Sequence
from enum import StrEnum
from tempfile import SpooledTemporaryFile

import xlsxwriter

from services.identity.domain.imports.cellules import neutraliser, proteger

MORCEAU = 1 << 16
EN_MEMOIRE = 1 << 20


class Format(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"


TYPES = {Format.CSV: "text/csv; charset=utf-8", Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
Lignes = AsyncIterable[Sequence[str]]


def ecrire(format_: Format, lignes: Lignes) -> AsyncIterator[bytes]:
    return _csv(lignes) if format_ is Format.CSV else _xlsx(lignes)


async def _csv(lignes: Lignes) -> AsyncIterator[bytes]:
    tampon = io.StringIO()
    ecrivain = csv.writer(tampon, delimiter=";", lineterminator="\r\n")
    tampon.write("\N{ZERO WIDTH NO-BREAK SPACE}")
    async for ligne in lignes:
        ecrivain.writerow([neutraliser(cellule) for cellule in ligne])
        if tampon.tell() > MORCEAU:
            yield tampon.getvalue().encode()
            tampon.seek(0)
            tampon.truncate()
    yield tampon.getvalue().encode()


async def _xlsx(lignes: Lignes) -> AsyncIterator[bytes]:
    """Written row by row to disk: the sheet is complete only at its end."""
    with SpooledTemporaryFile(max_size=EN_MEMOIRE) as fichier:
        classeur = xlsxwriter.Workbook(fichier, {"constant_memory": True})
        feuille = classeur.add_worksheet("Agents")
        # Columns of text: a matricule typed there keeps its zeros.
        feuille.set_column(0, 50, 22, classeur.add_format({"num_format": "@"}))
        rang = 0
        async for ligne in lignes:
            for place, cellule in enumerate(ligne):
                feuille.write_string(rang, place, proteger(cellule))
            rang += 1
        classeur.close()
        fichier.seek(0)
        while morceau := fichier.read(MORCEAU):
            yield morceau
