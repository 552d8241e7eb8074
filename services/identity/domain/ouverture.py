"""The opening of a collectivité's account: its codes, and the steps of its file."""

import base64
import hashlib
import hmac
import secrets
import unicodedata
from datetime import timedelta
from uuid import UUID

from services.contracts.ouvertures import EtapeOuverture

VALIDITE_DES_CODES = timedelta(days=60)
VALIDITE_DE_L_ACCES = timedelta(hours=12)
"""How long the form stays open once code and password were given."""
RAPPEL_JOURS_OUVRES = 5
CONDITIONS = "2026-11"
"""Version of the terms of use in force: the page `/conditions` shows them."""

# Neither O, I, L, U nor 0, 1: read aloud and copied from paper.
ALPHABET = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
LONGUEUR = 8

EN_ATTENTE_DE_LA_COLLECTIVITE = frozenset({EtapeOuverture.CODES_REMIS, EtapeOuverture.A_REPRENDRE})
FINIES = frozenset({EtapeOuverture.OPERATIONNELLE, EtapeOuverture.ABANDONNEE})


def nouveau_code(departement: str) -> str:
    """As `35-K7M2-9QXT`."""
    tirage = "".join(secrets.choice(ALPHABET) for _ in range(LONGUEUR))
    return f"{departement}-{tirage[:4]}-{tirage[4:]}"


def mot_de_passe_provisoire(ouverture_id: UUID, envoi: int, cle: str) -> str:
    """The password of the `envoi`-th sending, as `kf3d-9m2p-x7qw`: it follows from our key, and nothing is kept of it."""
    sceau = hmac.digest(cle.encode(), f"ouverture:{ouverture_id}:{envoi}".encode(), hashlib.sha256)
    texte = base64.b32encode(sceau).decode().lower()[:12]
    return "-".join((texte[:4], texte[4:8], texte[8:]))


def code_normalise(code: str) -> str:
    """As typed by people: case, spaces and dashes do not matter."""
    simple = "".join(c for c in unicodedata.normalize("NFKC", code).upper() if c.isalnum())
    return f"{simple[:-LONGUEUR]}-{simple[-LONGUEUR:-4]}-{simple[-4:]}"
