"""The second factor: by which means, whom an organisation may require it of, and the recovery codes."""

import secrets
import unicodedata
from collections.abc import Collection
from datetime import timedelta
from enum import StrEnum

from services.contracts.acteur import Droit, Role
from services.identity.domain.roles import Organisation, droits

VALIDITE_DU_DEFI = timedelta(minutes=5)
"""How long a right password waits for its second factor, and a passkey for its answer."""
VALIDITE_DE_LA_PREPARATION = timedelta(hours=1)
"""Between the secret shown and the first right code of the application."""

NOMBRE_DE_CODES = 10
# Copied from paper: no letter that looks like a digit. Sixteen of thirty-one make 79 bits: a plain hash is enough to keep them.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
GROUPES, LONGUEUR_D_UN_GROUPE = 4, 4

CONCERNES = frozenset({Droit.GERER_DEMANDES, Droit.GERER_AGENTS, Droit.REGLER_COLLECTIVITE})


class Moyen(StrEnum):
    TOTP = "totp"
    CLE = "cle"
    SECOURS = "secours"


class UsageEpreuve(StrEnum):
    """What a passkey is asked to answer for."""

    ENREGISTREMENT = "enregistrement"
    SECOND_FACTEUR = "second_facteur"
    CONNEXION = "connexion"


class FaitFacteur(StrEnum):
    TOTP_AJOUTE = "totp_ajoute"
    TOTP_RETIRE = "totp_retire"
    CLE_AJOUTEE = "cle_ajoutee"
    CLE_RETIREE = "cle_retiree"
    RETIRES_POUR_LUI = "retires_pour_lui"
    CODES_TIRES = "codes_tires"
    CODE_UTILISE = "code_utilise"
    EXIGE = "exige"
    PLUS_EXIGE = "plus_exige"


def concerne(roles: Collection[Role], organisation: Organisation) -> bool:
    """Whether the requirement of his organisation applies to someone: those who decide for others, never a program nor an agent."""
    personnes = frozenset(roles) - {Role.CLIENT_API}
    if organisation is not Organisation.COLLECTIVITE:
        return bool(personnes)
    return not CONCERNES.isdisjoint(droits(personnes, organisation))


def nouveaux_codes() -> list[str]:
    """Recovery codes, as `k7mp-9qxt-2fwd-h4ra`."""
    return [
        "-".join("".join(secrets.choice(ALPHABET) for _ in range(LONGUEUR_D_UN_GROUPE)) for _ in range(GROUPES))
        for _ in range(NOMBRE_DE_CODES)
    ]


def code_normalise(code: str) -> str:
    """As typed by people: case, spaces and dashes do not matter."""
    return "".join(c for c in unicodedata.normalize("NFKC", code).casefold() if c.isalnum())
