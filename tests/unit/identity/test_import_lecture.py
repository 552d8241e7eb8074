"""Files of any Excel, and those that are refused: each with a sentence."""

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime

import pytest
import xlsxwriter

from services.identity.tableurs.ecriture import Format, ecrire
from services.identity.tableurs.feuille import Feuille, FichierRefuse, Limites
from services.identity.tableurs.lecture import lire

LIMITES = Limites(octets=1_000_000, lignes=50)
CONTENU = 'Matricule;Prénom\r\n00936;"Chloé; Anne"\r\n;\r\n00937;Zoé\r\n\r\n'


def lignes(octets: bytes) -> Feuille:
    return lire(io.BytesIO(octets), LIMITES)


def refus(octets: bytes) -> str:
    with pytest.raises(FichierRefuse) as erreur:
        lignes(octets)
    (champ,) = erreur.value.errors
    assert champ.champ == "fichier"
    return champ.message


def classeur(remplir: Callable[[xlsxwriter.Workbook, xlsxwriter.worksheet.Worksheet], None]) -> bytes:
    fichier = io.BytesIO()
    with xlsxwriter.Workbook(fichier) as sortie:
        remplir(sortie, sortie.add_worksheet())
    return fichier.getvalue()


@pytest.mark.parametrize("codage", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("separateur", [";", ",", "\t"])
def test_csv_of_any_excel(codage: str, separateur: str) -> None:
    contenu = CONTENU.replace(";", separateur)
    attendu = [(1, ["Matricule", "Prénom"]), (2, ["00936", f"Chloé{separateur} Anne"]), (4, ["00937", "Zoé"])]
    assert list(lignes(contenu.encode(codage)).lignes) == attendu


def test_a_quoted_cell_over_two_lines_keeps_the_numbers_of_the_file() -> None:
    lues = lignes(b'Matricule;Grade\n1;"a\nb"\n2;c\n').lignes
    assert [numero for numero, _ in lues] == [1, 2, 4]


def test_xlsx_numbers_texts_and_dates() -> None:
    def remplir(sortie: xlsxwriter.Workbook, feuille: xlsxwriter.worksheet.Worksheet) -> None:
        feuille.write_row(0, 0, ["Matricule", "Nom", "Né le", "Temps"])
        feuille.write_string(1, 0, "00936")
        feuille.write_number(2, 0, 936)
        feuille.write_datetime(1, 2, datetime(1985, 3, 1), sortie.add_format({"num_format": "dd/mm/yyyy"}))  # noqa: DTZ001 -- a spreadsheet has no zone
        feuille.write_number(2, 3, 0.8)

    (_, _), (_, premier), (_, second) = lignes(classeur(remplir)).lignes
    assert list(premier) == ["00936", "", date(1985, 3, 1).isoformat(), ""]
    assert list(second) == ["936", "", "", "0.8"]


def test_merged_cells_are_named() -> None:
    def remplir(_: xlsxwriter.Workbook, feuille: xlsxwriter.worksheet.Worksheet) -> None:
        feuille.write_row(0, 0, ["Matricule", "Nom"])
        feuille.merge_range(1, 1, 3, 1, "Service")

    assert "B2:B4" in refus(classeur(remplir))


@pytest.mark.parametrize(
    ("octets", "mots"),
    [
        (b"", "vide"),
        (b"\r\n;;\r\n", "vide"),
        (b"Matricule;Nom\r\n", "une ligne par agent"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ".xls"),
        (b"%PDF-1.7", "PDF"),
        (b"PK\x03\x04rien", "classeur"),
        (b"GIF89a\x00\x00\x01\x00\x02\x00", "ni un CSV"),
        (b"Matricule\n" + b"1\n" * 51, "plus de 50 lignes"),
    ],
)
def test_what_is_no_file_of_agents(octets: bytes, mots: str) -> None:
    assert mots in refus(octets)


def archive(**parties: bytes) -> bytes:
    fichier = io.BytesIO()
    with zipfile.ZipFile(fichier, "w", zipfile.ZIP_DEFLATED) as sortie:
        for nom, contenu in parties.items():
            sortie.writestr(nom.replace("__", "/") + ".xml", contenu)
    return fichier.getvalue()


def test_a_zip_bomb_is_refused_before_it_unfolds() -> None:
    assert "trop de données" in refus(archive(xl__workbook=b"<a/>", xl__media=b"\0" * 9_000_000))


def test_a_sheet_that_claims_cells_at_its_far_end_is_refused() -> None:
    loin = b'<worksheet><sheetData><row r="1"><c r="A1"/></row><row r="1048576"><c r="XFD1048576"/></row></sheetData></worksheet>'
    assert "au-delà des agents" in refus(archive(xl__workbook=b"<a/>", xl__worksheets__sheet1=loin))


def test_a_zip_whose_sizes_lie_is_refused() -> None:
    menteur = bytearray(archive(xl__workbook=b"<a/>", xl__worksheets__sheet1=b" " * 5000))
    rang = menteur.rfind(b"PK\x01\x02")
    menteur[rang + 24 : rang + 28] = (10).to_bytes(4, "little")
    assert "ne peut pas être lu" in refus(bytes(menteur))


def test_another_kind_of_zip_is_refused() -> None:
    assert "pas un classeur" in refus(archive(content=b"<a/>"))


@pytest.mark.parametrize("format_", list(Format))
async def test_no_formula_leaves_and_what_leaves_comes_back(format_: Format) -> None:
    cellules = ["=1+1", "+33", "-2", "@x", "'=1", "simple", "00936"]

    async def sortie() -> object:
        yield cellules
        yield cellules

    octets = b"".join([morceau async for morceau in ecrire(format_, sortie())])  # type: ignore[arg-type]
    lues = lignes(octets).lignes[1][1]
    if format_ is Format.CSV:
        assert octets.startswith("\ufeff'=1+1;'+33".encode())
        assert list(lues) == ["'=1+1", "'+33", "'-2", "'@x", "''=1", "simple", "00936"]
    else:
        assert b"<f>" not in zipfile.ZipFile(io.BytesIO(octets)).read("xl/worksheets/sheet1.xml")
        assert list(lues) == ["=1+1", "+33", "-2", "@x", "''=1", "simple", "00936"]
