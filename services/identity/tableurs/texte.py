"""CSV, of any Excel: its encoding and its separator are found by looking."""

import codecs
import csv
import io
from typing import BinaryIO

from services.identity.tableurs.feuille import Feuille, FichierRefuse, Limites, sans_lignes_vides, trop_de_lignes

SEPARATEURS = ";\t,"
MARQUES = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def lire_le_texte(fichier: BinaryIO, limites: Limites) -> Feuille:
    texte = _decoder(fichier.read())
    if "\0" in texte:
        raise FichierRefuse("Ce fichier n’est ni un CSV ni un classeur Excel. Enregistrez-le au format .xlsx ou CSV.")
    lecteur = csv.reader(io.StringIO(texte, newline=""), delimiter=_separateur(texte))
    lignes: list[tuple[int, list[str]]] = []
    try:
        debut = 1
        for cellules in lecteur:
            lignes.append((debut, cellules))
            # A quoted cell may run over several lines of the file: the number is that of the first.
            debut = lecteur.line_num + 1
            if lecteur.line_num > 2 * limites.lignes + 1000:
                raise trop_de_lignes(limites)
    except csv.Error as erreur:
        raise FichierRefuse(
            f"La ligne {lecteur.line_num} ne peut pas être lue\N{NO-BREAK SPACE}: un guillemet n’est pas fermé."
        ) from erreur
    return sans_lignes_vides(lignes, limites)


def _decoder(octets: bytes) -> str:
    for marque, codage in MARQUES:
        if octets.startswith(marque):
            return _ou_refuser(octets, codage)
    if octets[1:2] == b"\0":
        return _ou_refuser(octets, "utf-16-le")
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError:
        # Five octets have no letter there: they are left visible, and the line can be read.
        return octets.decode("cp1252", errors="replace")


def _ou_refuser(octets: bytes, codage: str) -> str:
    try:
        return octets.decode(codage)
    except UnicodeDecodeError as erreur:
        raise FichierRefuse(
            "Le codage du fichier est abîmé. Enregistrez-le de nouveau au format «\N{NO-BREAK SPACE}CSV UTF-8\N{NO-BREAK SPACE}»."
        ) from erreur


def _separateur(texte: str) -> str:
    """The one that most often separates the names of the columns; Excel may name it itself (`sep=;`)."""
    premiere = next((ligne for ligne in texte.splitlines() if ligne.strip()), "")
    return max(SEPARATEURS, key=premiere.count)
