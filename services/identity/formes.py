"""The forms of what people type, checked alike in files and in requests. The sentences are French: users read them."""

import re
from typing import Annotated

from pydantic import AfterValidator

from services.identity.domain.siret import siret_valide

COURRIEL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
CODE_INSEE = re.compile(r"(\d{2}|2A|2B)\d{3}")
DEPARTEMENT = re.compile(r"\d{2}|2A|2B|97\d")
CODE_POSTAL = re.compile(r"\d{5}")


def siret(cellule: str) -> str:
    """Fourteen digits, without spaces. ValueError when the key is wrong."""
    chiffres = "".join(cellule.split())
    if not siret_valide(chiffres):
        raise ValueError("Ce SIRET n’est pas valable\N{NO-BREAK SPACE}: vérifiez ses quatorze chiffres.")
    return chiffres


def forme(motif: re.Pattern[str], message: str) -> AfterValidator:
    def verifier(cellule: str) -> str:
        if not motif.fullmatch(cellule.strip()):
            raise ValueError(message)
        return cellule.strip()

    return AfterValidator(verifier)


Siret = Annotated[str, AfterValidator(siret)]
Courriel = Annotated[str, forme(COURRIEL, "Cette adresse électronique n’a pas la forme attendue, comme mairie@commune.fr.")]
Departement = Annotated[str, forme(DEPARTEMENT, "Ce code de département n’existe pas. Écrivez-le comme 35, 2A ou 974.")]
CodeInsee = Annotated[str, forme(CODE_INSEE, "Un code INSEE a cinq caractères, comme 35950 ou 2A004.")]
CodePostal = Annotated[str, forme(CODE_POSTAL, "Un code postal a cinq chiffres.")]
