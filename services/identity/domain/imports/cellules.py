"""What a cell of a spreadsheet means: spaces, apostrophes that keep formulas asleep, dates, numbers that are none of ours."""

import re
import unicodedata
from datetime import date, timedelta

FORMULE = "=+-@\t\r"
"""What Excel takes for the beginning of a formula."""
ZERO_D_EXCEL = date(1899, 12, 30)
SERIES = range(3_654, 73_051)
"""Serial numbers that are plausible days: from 1910 to 2099."""

_NIR = re.compile(r"(?<!\d)[1-478]\d{2}(?:0[1-9]|1[0-2]|[2-4]\d|5[0-9])(?:\d{2}|2[AB])\d{6}(?:\d{2})?(?!\d)", re.IGNORECASE)
_ENTRE_CHIFFRES = re.compile(r"(?<=[\dABab])[\s.\-/]+(?=[\dABab])")
_JOUR_MOIS_AN = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})")
_AN_MOIS_JOUR = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?")
_ENTIER_A_VIRGULE = re.compile(r"(-?\d+)[.,]0+")
FORMES_DE_DATE = "Écrivez une date comme 01/03/1985."


def sans_accents(texte: str) -> str:
    """As names are compared: no accent, no capital, one space between words, typographic signs made plain."""
    decompose = unicodedata.normalize("NFKD", texte.replace("’", "'").replace("œ", "oe").replace("Œ", "oe"))
    plat = "".join(lettre for lettre in decompose if not unicodedata.combining(lettre))
    return " ".join(re.sub(r"[^a-z0-9+]+", " ", plat.lower()).split())


def nettoyer(texte: str) -> str:
    """One cell as it is kept: awake again if an export had put a formula to sleep, without spaces around nor invisible signs."""
    lisible = "".join(" " if unicodedata.category(lettre) in {"Cc", "Zs", "Zl", "Zp"} else lettre for lettre in retablir(texte))
    return " ".join(lisible.split())


def neutraliser(texte: str) -> str:
    """A cell of a CSV export: what would be read as a formula, or begins as a neutralised one, takes an apostrophe."""
    return "'" + texte if texte[:1] in {*FORMULE, "'"} else texte


def proteger(texte: str) -> str:
    """A cell of an XLSX export: written as a string it runs no formula; only its own apostrophe must come back."""
    return "'" + texte if texte.startswith("'") else texte


def retablir(texte: str) -> str:
    """The text before `neutraliser` or `proteger`."""
    return texte[1:] if texte[:1] == "'" and texte[1:2] and texte[1:2] in {*FORMULE, "'"} else texte


def contient_un_nir(texte: str) -> bool:
    """Whether the cell holds something shaped like a numéro de sécurité sociale, with or without its key, mistyped or not."""
    return _NIR.search(_ENTRE_CHIFFRES.sub("", texte)) is not None


def entier_ecrit(texte: str) -> str:
    """`936.0`, as a spreadsheet gives a number, is 936; any other text is left."""
    trouve = _ENTIER_A_VIRGULE.fullmatch(texte)
    return trouve.group(1) if trouve else texte


def jour(texte: str) -> date:
    """A date as people and spreadsheets write it. ValueError with a sentence."""
    numero = entier_ecrit(texte)
    if numero.isdigit() and len(numero) <= 5:  # noqa: PLR2004 -- serial numbers of our time have five digits at most
        if int(numero) not in SERIES:
            raise ValueError(FORMES_DE_DATE)
        return ZERO_D_EXCEL + timedelta(days=int(numero))
    if trouve := _JOUR_MOIS_AN.fullmatch(texte):
        jour_du_mois, mois, annee = (int(partie) for partie in trouve.groups())
    elif trouve := _AN_MOIS_JOUR.fullmatch(texte):
        annee, mois, jour_du_mois = (int(partie) for partie in trouve.groups())
    else:
        raise ValueError(FORMES_DE_DATE)
    try:
        return date(annee, mois, jour_du_mois)
    except ValueError as erreur:
        raise ValueError(f"Cette date n’existe pas. {FORMES_DE_DATE}") from erreur


def jour_ecrit(valeur: date) -> str:
    """As exports write it."""
    return f"{valeur.day:02d}/{valeur.month:02d}/{valeur.year:04d}"
