"""Registering many agents at once: what stops one of them, and who gets which of the seats left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.contracts.catalogue import ModeAdmission, Regroupement
from services.contracts.inscriptions import Etat
from services.inscriptions.domain.places import Chiffres


class Obstacle(StrEnum):
    """Why an agent cannot be registered for a session by this gestionnaire now."""

    INCONNU = "inconnu"
    HORS_EFFECTIFS = "hors_effectifs"
    SOI_MEME = "soi_meme"
    DEJA_INSCRIT = "deja_inscrit"
    COMPLETE = "complete"


@dataclass(frozen=True, kw_only=True)
class Accueil:
    """How a session takes those who come now."""

    mode: ModeAdmission
    liste_attente: bool
    chiffres: Chiffres

    def repartir(self, combien: int) -> list[Etat | None]:
        """What becomes of so many requests, in their order; None where there is neither seat nor waiting list.

        Whoever waits already comes before whoever arrives.
        """
        if self.mode is ModeAdmission.SUR_SELECTION:
            return [Etat.TRANSMISE] * combien
        libres = 0 if self.chiffres.en_attente else self.chiffres.disponibles
        sans_place = Etat.LISTE_ATTENTE if self.liste_attente else None
        return [Etat.ACCEPTEE if rang < libres else sans_place for rang in range(combien)]


def jours_communs(ceux_ci: Sequence[Regroupement], ceux_la: Sequence[Regroupement]) -> date | None:
    """The first day on which both take place; None when they never meet."""
    communs = [max(a.debut, b.debut) for a in ceux_ci for b in ceux_la if a.debut <= b.fin and b.debut <= a.fin]
    return min(communs, default=None)
