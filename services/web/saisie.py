"""What someone typed, kept when the page comes back with what is wrong beside each field."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from http import HTTPStatus
from uuid import UUID, uuid4, uuid5

from services.kit.problems import FieldError, Invalid, Problem


@dataclass(frozen=True)
class Saisie:
    """One form as it was sent. `formulaire` tells it from the others of the page; empty when nothing was sent."""

    formulaire: str = ""
    valeurs: Mapping[str, str] = field(default_factory=dict)
    probleme: Problem | None = None

    def pour(self, formulaire: str) -> "Saisie":
        """This one if it is that of `formulaire`, else a blank."""
        return self if self.formulaire == formulaire else VIERGE

    def valeur(self, champ: str, defaut: str = "") -> str:
        return self.valeurs.get(champ, defaut)

    def erreur(self, champ: str) -> str | None:
        """The sentence to show beside the field. An error inside it (`etapes.0.delai`) is its own."""
        return next((e.message for e in self.erreurs if e.champ == champ or e.champ.endswith(f".{champ}")), None)

    @property
    def erreurs(self) -> list[FieldError]:
        return self.probleme.errors if self.probleme else []

    def lue(self, etiquette: str) -> str:
        """The mark to send back: what the form was read at, or `etiquette`, now that a change made meanwhile was shown."""
        perimee = self.probleme is not None and self.probleme.status == HTTPStatus.PRECONDITION_FAILED
        return etiquette if perimee else self.valeurs.get("lue", etiquette)

    @property
    def cle(self) -> str:
        """The key of the form: kept when it comes back, so that what was done is not done again."""
        return self.valeurs.get("cle") or str(uuid4())


VIERGE = Saisie()


def cle_d_idempotence(cle: str, *contenu: str) -> str:
    """The key of one sending: a double click repeats it, a changed text makes another."""
    try:
        racine = UUID(cle)
    except ValueError:
        racine = uuid4()
    return str(uuid5(racine, "\n".join(contenu)))


def jour_saisi(texte: str, champ: str) -> date:
    """A day as people type it, 01/03/2027. Invalid otherwise."""
    try:
        jour, mois, annee = (int(partie) for partie in texte.strip().split("/"))
        return date(annee, mois, jour)
    except ValueError as erreur:
        message = "Écrivez une date qui existe, comme 01/03/2027."
        raise Invalid("La saisie est à corriger.", errors=[FieldError(champ=champ, message=message)]) from erreur


def exiger(texte: str, champ: str) -> str:
    """What was typed, without spaces around. Invalid when there is nothing."""
    if not texte.strip():
        raise Invalid("La saisie est à corriger.", errors=[FieldError(champ=champ, message="À renseigner.")])
    return texte.strip()
