"""The links sent by mail: what each is for, and how long it may serve."""

from datetime import timedelta
from enum import StrEnum


class UsageLien(StrEnum):
    ACTIVATION = "activation"
    """Chooses the first password of an account."""
    MOT_DE_PASSE = "mot_de_passe"
    """Replaces a forgotten password."""
    EMAIL_NOUVEAU = "email_nouveau"
    """Proves that the address asked for is his who asked."""
    EMAIL_ANCIEN = "email_ancien"
    """Agrees, from the address of until now, that it be replaced; or refuses."""


MOTS_DE_PASSE = frozenset({UsageLien.ACTIVATION, UsageLien.MOT_DE_PASSE})
"""Those that let a password be chosen: no other link does."""
ADRESSES = frozenset({UsageLien.EMAIL_NOUVEAU, UsageLien.EMAIL_ANCIEN})

VALIDITE: dict[UsageLien, timedelta] = {
    UsageLien.ACTIVATION: timedelta(days=7),
    UsageLien.MOT_DE_PASSE: timedelta(hours=1),
    # A week: he who lost his old mailbox has to find his gestionnaire.
    UsageLien.EMAIL_NOUVEAU: timedelta(days=7),
    UsageLien.EMAIL_ANCIEN: timedelta(days=7),
}
