"""XLSX: looked through before it is opened, since a small one may unfold into more than the memory holds."""

import re
import zipfile
from datetime import date, datetime, time, timedelta
from typing import BinaryIO

from python_calamine import CalamineError, CalamineWorkbook

from services.identity.tableurs.feuille import Feuille, FichierRefuse, Limites, sans_lignes_vides, trop_de_lignes

ILLISIBLE = "Ce classeur ne peut pas être lu. Ouvrez-le dans votre tableur et enregistrez-le de nouveau au format .xlsx."
PAS_UN_XLSX = "Ce fichier n’est pas un classeur Excel (.xlsx). Enregistrez-le au format .xlsx ou CSV."
DEPLIE = 8
"""How many times its largest allowed weight a workbook may weigh once unfolded."""
CASES = 4_000_000
MORCEAU = 1 << 20
_REFERENCE = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{0,3})(\d{1,9})["']""")


def lire_le_classeur(fichier: BinaryIO, limites: Limites) -> Feuille:
    """The first sheet. FichierRefuse when it is no workbook, unfolds too much, or has merged cells."""
    _inspecter(fichier, limites)
    fichier.seek(0)
    try:
        classeur = CalamineWorkbook.from_filelike(fichier)
        feuille = classeur.get_sheet_by_index(0)
        fusions = feuille.merged_cell_ranges or []
        if feuille.total_height > 2 * limites.lignes + 1000:
            raise trop_de_lignes(limites)
        lignes = feuille.to_python(skip_empty_area=False)
    except (CalamineError, zipfile.BadZipFile, ValueError, IndexError) as erreur:
        raise FichierRefuse(ILLISIBLE) from erreur
    if fusions:
        raise FichierRefuse(_fusion(*fusions[0], autres=len(fusions) - 1))
    return sans_lignes_vides([(numero, [_texte(case) for case in ligne]) for numero, ligne in enumerate(lignes, 1)], limites)


def _inspecter(fichier: BinaryIO, limites: Limites) -> None:
    """Reads every part by pieces, so that neither the declared sizes nor the extent of the cells can lie."""
    plafond = DEPLIE * limites.octets
    try:
        with zipfile.ZipFile(fichier) as archive:
            parties = archive.infolist()
            if sum(partie.file_size for partie in parties) > plafond:
                raise FichierRefuse("Ce classeur contient beaucoup trop de données. Copiez les agents seuls dans un nouveau classeur.")
            if "xl/workbook.xml" not in archive.namelist():
                raise FichierRefuse(PAS_UN_XLSX)
            for partie in parties:
                _parcourir(archive, partie)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as erreur:
        raise FichierRefuse(ILLISIBLE) from erreur


def _parcourir(archive: zipfile.ZipFile, partie: zipfile.ZipInfo) -> None:
    feuille = partie.filename.startswith("xl/worksheets/")
    hauteur = largeur = 0
    reste = b""
    # zipfile checks the declared size and the sum as it reads.
    with archive.open(partie) as flux:
        while morceau := flux.read(MORCEAU):
            if not feuille:
                continue
            for colonne, ligne in _REFERENCE.findall(reste + morceau):
                hauteur, largeur = max(hauteur, int(ligne)), max(largeur, _rang(colonne))
            reste = morceau[-64:]
    if hauteur * largeur > CASES:
        raise FichierRefuse("La feuille s’étend bien au-delà des agents. Copiez les agents seuls dans un nouveau classeur.")


def _rang(colonne: bytes) -> int:
    """1 for A, 27 for AA."""
    rang = 0
    for lettre in colonne.upper():
        rang = rang * 26 + lettre - 64
    return rang


def _nom(case: tuple[int, int]) -> str:
    """`B3` for the second column of the third line."""
    ligne, rang = case[0] + 1, case[1] + 1
    lettres = ""
    while rang:
        rang, reste = divmod(rang - 1, 26)
        lettres = chr(65 + reste) + lettres
    return f"{lettres}{ligne}"


def _fusion(debut: tuple[int, int], fin: tuple[int, int], *, autres: int) -> str:
    suite = f" (et {autres} autre{'s' if autres > 1 else ''})" if autres else ""
    return (
        f"Des cellules sont fusionnées\N{NO-BREAK SPACE}: {_nom(debut)}:{_nom(fin)}{suite}."
        " Défusionnez-les et écrivez une valeur par cellule."
    )


def _texte(case: object) -> str:
    match case:
        case bool():
            return "oui" if case else "non"
        case float() if case.is_integer():
            return str(int(case))
        case datetime():
            return case.date().isoformat()
        case date() | time():
            return case.isoformat()
        case timedelta():
            return str(case)
    return str(case)
