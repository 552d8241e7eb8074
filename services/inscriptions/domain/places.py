"""The figures of a session, and what one movement did to them."""

from typing import NamedTuple


class Chiffres(NamedTuple):
    """Seats of a session. `capacite` is above `effectif_attendu` only while more are admitted than are now expected."""

    effectif_attendu: int
    capacite: int
    recues: int
    admises: int
    en_attente: int

    @property
    def disponibles(self) -> int:
        return self.capacite - self.admises

    def avant(self, mouvement: "Chiffres") -> "Chiffres":
        """What the figures were before this movement."""
        return Chiffres(*(apres - delta for apres, delta in zip(self, mouvement, strict=True)))
