"""Which kind of file it is, by its first octets: its name says what people please."""

from typing import BinaryIO

from services.identity.tableurs.classeur import lire_le_classeur
from services.identity.tableurs.feuille import Feuille, FichierRefuse, Limites
from services.identity.tableurs.texte import lire_le_texte

REFUSES = (
    (
        b"\xd0\xcf\x11\xe0",
        "Ce classeur est à l’ancien format .xls, ou protégé par un mot de passe. Enregistrez-le au format .xlsx, sans mot de passe.",
    ),
    (b"%PDF", "Ce fichier est un PDF. Exportez vos agents au format .xlsx ou CSV."),
)


def lire(fichier: BinaryIO, limites: Limites) -> Feuille:
    """FichierRefuse says what to do about a file that cannot be read."""
    debut = fichier.read(4)
    fichier.seek(0)
    if not debut:
        raise FichierRefuse("Le fichier est vide. Vérifiez que vous avez choisi le bon.")
    for signature, message in REFUSES:
        if debut.startswith(signature):
            raise FichierRefuse(message)
    if debut.startswith(b"PK"):
        return lire_le_classeur(fichier, limites)
    return lire_le_texte(fichier, limites)
