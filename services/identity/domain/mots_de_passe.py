"""What a password must be: long, and not what everybody would try first (ANSSI, recommandations relatives à l’authentification, 2021)."""

import unicodedata
from collections.abc import Iterable

LONGUEUR = 12
LONGUEUR_MAXIMALE = 200
LONGUEUR_D_UN_NOM = 4
CARACTERES_DIFFERENTS = 5

COURANTS = ("motdepasse", "password", "azertyuiop", "qwertyuiop", "1234567890", "0123456789", "bonjour", "collectivite", "formation")


def faiblesse(mot_de_passe: str, personne: Iterable[str]) -> str | None:
    """Why this password cannot be taken, as a sentence; None when it can. `personne`: names, mail and identifiant of who chooses it."""
    if len(mot_de_passe) < LONGUEUR:
        return f"Choisissez au moins {LONGUEUR} caractères\N{NO-BREAK SPACE}: une suite de mots convient."
    if len(mot_de_passe) > LONGUEUR_MAXIMALE:
        return f"Choisissez au plus {LONGUEUR_MAXIMALE} caractères."
    if len(set(mot_de_passe)) < CARACTERES_DIFFERENTS:
        return "Ce mot de passe répète toujours les mêmes caractères."
    simple = _simple(mot_de_passe)
    if any(nom in simple for nom in map(_simple, personne) if len(nom) >= LONGUEUR_D_UN_NOM):
        return "Ce mot de passe contient votre nom, votre adresse ou votre identifiant\N{NO-BREAK SPACE}: choisissez-en un autre."
    if any(len(courant) * 2 > len(simple) and courant in simple for courant in COURANTS):
        return "Ce mot de passe est trop courant\N{NO-BREAK SPACE}: choisissez-en un autre."
    return None


def _simple(texte: str) -> str:
    """Without accents, capitals nor signs."""
    decompose = unicodedata.normalize("NFD", texte.casefold())
    return "".join(c for c in decompose if c.isalnum() and not unicodedata.combining(c))
