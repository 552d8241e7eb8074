"""Signing keys in time: published first, then signing, then only verifying, then dead. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

AVANT_DE_SIGNER = timedelta(minutes=2)
"""How long a new key is published before it signs: twice what a verifier keeps the published keys."""
TOLERANCE = timedelta(seconds=60)
"""Added to the life of a token: verifiers grant thirty seconds, and clocks differ."""


@dataclass(frozen=True)
class Cle:
    """A key by its id, and the instant from which it signs: until the next one does."""

    kid: str
    signe_des: datetime


CleT = TypeVar("CleT", bound=Cle)


def signataire(cles: Sequence[CleT], a: datetime) -> CleT:
    """Which of the keys, at least one, signs at this instant. The first of those that began together."""
    commencees = [cle for cle in cles if cle.signe_des <= a]
    return max(commencees, key=lambda cle: cle.signe_des) if commencees else min(cles, key=lambda cle: cle.signe_des)


def morte_le(cle: Cle, cles: Sequence[Cle], duree_des_jetons: timedelta) -> datetime | None:
    """When the last token it signed has expired everywhere; None while no other key is to take over."""
    releve = min((autre.signe_des for autre in cles if autre.signe_des > cle.signe_des), default=None)
    return None if releve is None else releve + duree_des_jetons + TOLERANCE


def est_morte(cle: Cle, cles: Sequence[Cle], duree_des_jetons: timedelta, a: datetime) -> bool:
    fin = morte_le(cle, cles, duree_des_jetons)
    return fin is not None and fin <= a
