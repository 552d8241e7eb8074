"""How a session takes the requests that are transmitted to it."""

from dataclasses import dataclass
from typing import NamedTuple

from services.contracts.catalogue import ModeAdmission
from services.contracts.inscriptions import Etat
from services.inscriptions.domain.places import Chiffres


class Sort(NamedTuple):
    """What becomes of a request at its transmission, and why in words."""

    etat: Etat
    motif: str = ""


@dataclass(frozen=True, kw_only=True)
class Accueil:
    """How a session takes those who come now."""

    mode: ModeAdmission
    liste_attente: bool
    chiffres: Chiffres

    def repartir(self, combien: int) -> list[Sort | None]:
        """The lot of so many requests, in their order; None where there is neither seat nor waiting list.

        Where the conseiller chooses they are only transmitted. Whoever waits already comes before whoever arrives.
        """
        if self.mode is ModeAdmission.SUR_SELECTION:
            return [Sort(Etat.TRANSMISE)] * combien
        places = self.chiffres
        libres = min(0 if places.en_attente else places.disponibles, combien)
        admis = [Sort(Etat.ACCEPTEE, f"Place {places.admises + n} sur {places.effectif_attendu}") for n in range(1, libres + 1)]
        attente = (places.en_attente + n for n in range(1, combien - libres + 1))
        return admis + [Sort(Etat.LISTE_ATTENTE, f"Rang {rang}") if self.liste_attente else None for rang in attente]
