"""What a file of a spreadsheet is once read, and the refusals."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.kit.french import NBSP, nombre
from services.kit.problems import FieldError, Invalid


@dataclass(frozen=True)
class Limites:
    """`octets` of the file, `lignes` under the header."""

    octets: int
    lignes: int


@dataclass(frozen=True)
class Feuille:
    """Cells as text, line by line; `lignes` have their number in the file, the header is the first."""

    lignes: Sequence[tuple[int, Sequence[str]]]


class FichierRefuse(Invalid):
    """A file that cannot be read, and what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(
            "Le fichier ne peut pas être importé.", slug="fichier-refuse", errors=[FieldError(champ="fichier", message=message)]
        )


def trop_de_lignes(limites: Limites) -> FichierRefuse:
    return FichierRefuse(f"Le fichier compte plus de {nombre(limites.lignes)} lignes. Partagez-le en plusieurs fichiers.")


def trop_lourd(limites: Limites) -> FichierRefuse:
    poids = nombre(limites.octets // 1_000_000)
    return FichierRefuse(f"Le fichier dépasse {poids}{NBSP}Mo. Partagez-le, ou enregistrez-le au format CSV.")


def sans_lignes_vides(lignes: Sequence[tuple[int, Sequence[str]]], limites: Limites) -> Feuille:
    """The sheet of these lines. FichierRefuse when nothing is left, or too much."""
    pleines = [(numero, cellules) for numero, cellules in lignes if any(cellule.strip() for cellule in cellules)]
    if not pleines:
        raise FichierRefuse("Le fichier est vide. Vérifiez que vous avez choisi le bon.")
    if len(pleines) == 1:
        raise FichierRefuse(
            "Le fichier n’a qu’une ligne. La première nomme les colonnes\N{NARROW NO-BREAK SPACE}; ajoutez une ligne par agent."
        )
    if len(pleines) - 1 > limites.lignes:
        raise trop_de_lignes(limites)
    return Feuille(pleines)
