"""The first steps of a collectivité that has just opened, in the order they are taken."""

from enum import StrEnum


class Etape(StrEnum):
    IDENTITE = "identite"
    PREINSCRIPTION = "preinscription"
    AVIS = "avis"
    AGENTS = "agents"
    COLLEGUE = "collegue"


class EtatEtape(StrEnum):
    A_FAIRE = "a_faire"
    FAITE = "faite"
    PASSEE = "passee"
    """Skipped: what stands by default suits."""
