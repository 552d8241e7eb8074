"""References that can be read aloud and not guessed, the kinds of documents, and how text is set in French. Pure."""

import re
import secrets
import unicodedata
from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum

# Without 0, 1, I, L, O and U: nothing that the eye or the ear confuses.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
TAILLE_GROUPE = 4
GROUPES = 2

ANNULATION_JOURS = 15
"""Days before its start below which cancelling a session is late, unless the settings say otherwise."""

NBSP, NNBSP = "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}"

# Controls, halves of characters, and what turns the direction of the text around: none of it can be printed.
_SANS_DESSIN = {"Cc", "Cs", "Co", "Cn"}
_SENS_DE_LECTURE = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class Genre(StrEnum):
    CONVOCATION = "convocation"


PREFIXES = {Genre.CONVOCATION: "CV"}


def nouvelle_reference(genre: Genre) -> str:
    """`CV-7K3M-9QXA`: 30⁸ possible ones, drawn at random, so that trying some finds none."""
    groupes = ("".join(secrets.choice(ALPHABET) for _ in range(TAILLE_GROUPE)) for _ in range(GROUPES))
    return "-".join((PREFIXES[genre], *groupes))


def normaliser(saisie: str) -> str:
    """A reference as it is stored, from what was typed: any case, with or without hyphens and spaces."""
    lettres = "".join(lettre for lettre in saisie.upper() if lettre.isalnum())
    prefixe, reste = lettres[:2], lettres[2:]
    groupes = [reste[debut : debut + TAILLE_GROUPE] for debut in range(0, len(reste), TAILLE_GROUPE)]
    return "-".join((prefixe, *groupes))


def dernier_jour_pour_annuler(jours: Iterable[date], delai_jours: int) -> date:
    """The last day on which cancelling is not late: `delai_jours` before the first of `jours`, that day included."""
    return min(jours) - timedelta(days=delai_jours)


def imprimable(texte: str) -> str:
    """The text as it can be printed: accents composed, controls as spaces, no change of direction hidden in it."""
    return "".join(_lettre(lettre) for lettre in unicodedata.normalize("NFC", texte) if lettre not in _SENS_DE_LECTURE)


def composer(prose: str) -> str:
    """Prose as French sets it: no-break spaces where a line must not end, curly apostrophes. Not for addresses of machines."""
    prose = re.sub(r"(?<=\w)'(?=\w)", "’", prose)
    prose = re.sub(rf"[ {NBSP}{NNBSP}]+(?=[;!?](?:\s|$))", NNBSP, prose)
    prose = re.sub(rf"[ {NNBSP}]+(?=[:»](?:\s|[.,;!?)]|$))", NBSP, prose)
    return re.sub(rf"«[ {NNBSP}]*(?=[^\s])", f"«{NBSP}", prose)


def _lettre(lettre: str) -> str:
    return " " if unicodedata.category(lettre) in _SANS_DESSIN else lettre
