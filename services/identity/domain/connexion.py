"""Login: how long to wait after failures, and what a refresh token presented to us is worth."""

import math
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto

ESSAIS_LIBRES = 3
PREMIERE_ATTENTE = timedelta(seconds=1)
PLUS_LONGUE_ATTENTE = timedelta(minutes=15)
OUBLI_DES_ECHECS = timedelta(hours=24)

TOLERANCE_REPETITION = timedelta(seconds=10)
"""Two pages that renew at once, or an answer lost on the way: the same renewal is answered again this long."""


def identifiant_normalise(identifiant: str) -> str:
    """As typed by people: surrounding spaces and case do not matter."""
    return unicodedata.normalize("NFKC", identifiant).strip().casefold()


@dataclass(frozen=True)
class Echecs:
    """Successive failures on one identifier."""

    nombre: int
    dernier_le: datetime


def attente(echecs: Echecs | None, maintenant: datetime) -> int:
    """Whole seconds to wait before the next try; 0 when it may be made now.

    The first failures cost nothing, then the wait doubles at each one, up to a quarter of an hour.
    """
    if echecs is None or echecs.nombre < ESSAIS_LIBRES or maintenant - echecs.dernier_le > OUBLI_DES_ECHECS:
        return 0
    # The shift is bounded: 1024 seconds already exceeds the longest wait.
    delai = min(PREMIERE_ATTENTE * (1 << min(echecs.nombre - ESSAIS_LIBRES, 10)), PLUS_LONGUE_ATTENTE)
    return max(0, math.ceil((echecs.dernier_le + delai - maintenant).total_seconds()))


class Verdict(Enum):
    """What to do of a refresh token."""

    TOURNER = auto()
    """It is the current one: replace it."""
    REPETER = auto()
    """It was replaced a moment ago and its successor has not served: give that successor again."""
    VOLE = auto()
    """It was replaced long ago, or its successor already served: two hands hold it, the family ends."""
    PERIME = auto()
    """Its family has ended: log in again."""


@dataclass(frozen=True)
class EtatJeton:
    famille_revoquee: bool
    famille_expire_le: datetime
    utilise_le: datetime | None
    successeur_utilise: bool


def juger(jeton: EtatJeton, maintenant: datetime) -> Verdict:
    if jeton.famille_revoquee or jeton.famille_expire_le <= maintenant:
        return Verdict.PERIME
    if jeton.utilise_le is None:
        return Verdict.TOURNER
    if not jeton.successeur_utilise and maintenant - jeton.utilise_le <= TOLERANCE_REPETITION:
        return Verdict.REPETER
    return Verdict.VOLE
