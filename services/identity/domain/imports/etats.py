"""The life of an import: analysed, read over, applied."""

from enum import StrEnum


class EtatImport(StrEnum):
    """`analyse` and `en_application` are under way, and taken up again after a restart."""

    ANALYSE = "analyse"
    PRET = "pret"
    EN_APPLICATION = "en_application"
    APPLIQUE = "applique"
    ABANDONNE = "abandonne"


EN_COURS = frozenset({EtatImport.ANALYSE, EtatImport.EN_APPLICATION})
DEMANDES = frozenset({EtatImport.EN_APPLICATION, EtatImport.APPLIQUE})


class Choix(StrEnum):
    """What to do when some lines are wrong."""

    TOUTES_LES_BONNES = "toutes_les_bonnes"
    RIEN_SI_ERREUR = "rien_si_erreur"
