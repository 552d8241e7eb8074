"""SIRET: fourteen digits, Luhn on the SIREN (the first nine) and on the whole."""

LA_POSTE = "356000000"
LONGUEUR = 14
LONGUEUR_SIREN = 9


def siret_valide(siret: str) -> bool:
    """`siret` without spaces. The établissements of La Poste may also have a sum of digits divisible by five."""
    if len(siret) != LONGUEUR or not (siret.isascii() and siret.isdigit()):
        return False
    siren = siret[:LONGUEUR_SIREN]
    if not _luhn(siren):
        return False
    return _luhn(siret) or (siren == LA_POSTE and sum(map(int, siret)) % 5 == 0)


def _luhn(chiffres: str) -> bool:
    total = 0
    for rang, chiffre in enumerate(reversed(chiffres)):
        valeur = int(chiffre) * (1 + rang % 2)
        total += valeur - 9 if valeur > 9 else valeur  # noqa: PLR2004 -- a digit
    return total % 10 == 0
