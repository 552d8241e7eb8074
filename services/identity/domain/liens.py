"""The links sent by mail: what each is for, and how long it may serve."""

from datetime import timedelta
from enum import StrEnum


class UsageLien(StrEnum):
    ACTIVATION = "activation"
    """Chooses the first password of an account."""
    MOT_DE_PASSE = "mot_de_passe"
    """Replaces a forgotten password."""


VALIDITE: dict[UsageLien, timedelta] = {
    UsageLien.ACTIVATION: timedelta(days=7),
    UsageLien.MOT_DE_PASSE: timedelta(hours=1),
}
