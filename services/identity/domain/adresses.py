"""The address of an account, replaced once both the new one and the old one have agreed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

VALIDITE_DE_L_ANCIEN_IDENTIFIANT = timedelta(days=30)
"""How long an identifiant that was replaced still opens the account: people have it in their browser, and on a sheet of paper."""


class Reponse(StrEnum):
    """What the holder of a mailbox says of the change."""

    CONFIRMER = "confirmer"
    REFUSER = "refuser"


class Issue(StrEnum):
    """How a change ended."""

    APPLIQUE = "applique"
    REFUSE_PAR_L_ANCIENNE = "refuse_par_l_ancienne"
    REFUSE_PAR_LA_NOUVELLE = "refuse_par_la_nouvelle"
    ABANDONNE = "abandonne"
    REMPLACE = "remplace"
    """The person asked for another address."""
    MOT_DE_PASSE_CHANGE = "mot_de_passe_change"
    ADRESSE_PRISE = "adresse_prise"
    """Another account took the address between the demand and the last confirmation."""


@dataclass(frozen=True)
class Confirmations:
    nouvelle_le: datetime | None
    ancienne_le: datetime | None

    @property
    def completes(self) -> bool:
        return self.nouvelle_le is not None and self.ancienne_le is not None


def identifiant_apres(identifiant: str, ancienne: str, nouvelle: str) -> str:
    """The identifiant follows the address when it was the address, else stays.

    An address that is nobody's any more would be a login that somebody else may receive mail for.
    """
    return nouvelle.casefold() if identifiant == ancienne.casefold() else identifiant
