"""References that can be read aloud and not guessed, and the kinds of documents. Pure."""

import secrets
from enum import StrEnum

# Without 0, 1, I, L, O and U: nothing that the eye or the ear confuses.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
TAILLE_GROUPE = 4
GROUPES = 2


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
