"""How mandates are told to people."""

from collections.abc import Collection
from datetime import timedelta

from services.identity.domain.mandats import PORTEES, Objet, Periode
from services.kit.french import NBSP, date_longue


def periode_en_mots(periode: Periode) -> str:
    """`du 1er janvier 2027 au 31 décembre 2027`, `à partir du 1er janvier 2027`."""
    debut = date_longue(periode.debut)
    if periode.fin is None:
        return f"à partir du {debut}"
    return f"du {debut} au {date_longue(max(periode.debut, periode.fin - timedelta(days=1)))}"


def portee_en_mots(portee: Collection[Objet]) -> str:
    """`les demandes de formation, les agents et les services`."""
    return ", ".join(PORTEES[objet].libelle for objet in Objet if objet in portee)


def deja_donne(mandant: str, mandataire: str, portee: Collection[Objet], periode: Periode) -> str:
    """Why another mandate cannot be given, naming the one that is there."""
    return f"{mandant} a déjà donné mandat à {mandataire} {periode_en_mots(periode)}{NBSP}: {portee_en_mots(portee)}."


def ne_se_transmet_pas(mandant: str, mandataire: str, periode: Periode) -> str:
    return f"{mandataire} agit déjà pour {mandant} {periode_en_mots(periode)}{NBSP}: un mandat ne se transmet pas."
