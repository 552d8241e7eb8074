"""Registering many agents at once: what stops one of them, and what is worth knowing."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum

from services.contracts.catalogue import Regroupement


class Obstacle(StrEnum):
    """Why an agent cannot be registered for a session by this gestionnaire now."""

    INCONNU = "inconnu"
    HORS_EFFECTIFS = "hors_effectifs"
    SOI_MEME = "soi_meme"
    DEJA_INSCRIT = "deja_inscrit"
    COMPLETE = "complete"


def jours_communs(ceux_ci: Sequence[Regroupement], ceux_la: Sequence[Regroupement]) -> date | None:
    """The first day on which both take place; None when they never meet."""
    communs = [max(a.debut, b.debut) for a in ceux_ci for b in ceux_la if a.debut <= b.fin and b.debut <= a.fin]
    return min(communs, default=None)
