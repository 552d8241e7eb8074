"""The journal of a request: each entry carries the hash of the one before, so that none can be changed unseen."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from services.contracts.inscriptions import Etat

ORIGINE = "0" * 64


class Fait(StrEnum):
    """What may happen to a request."""

    DEPOT = "depot"
    AVIS_DEMANDE = "avis_demande"
    RELANCE = "relance"
    AVIS_RENDU = "avis_rendu"
    AVIS_NON_RENDU = "avis_non_rendu"
    AUCUN_SUPERIEUR = "aucun_superieur"
    VALIDATION = "validation"
    REFUS_COLLECTIVITE = "refus_collectivite"
    TRANSMISSION = "transmission"
    ACCEPTATION = "acceptation"
    LISTE_ATTENTE = "liste_attente"
    REFUS_ORGANISME = "refus_organisme"
    CONVOCATION = "convocation"
    RETRAIT = "retrait"
    EXPIRATION = "expiration"


class Canal(StrEnum):
    """Through what an act came."""

    PLATEFORME = "plateforme"
    LIEN = "lien"
    CIRCUIT = "circuit"


@dataclass(frozen=True)
class Entree:
    """One line of the journal. `par` and `pour` are what people read: a name, sometimes with a qualité."""

    rang: int
    le: datetime
    fait: Fait
    par: str
    pour: str
    canal: Canal
    de: Etat | None
    vers: Etat | None
    motif: str

    def empreinte(self, precedente: str) -> str:
        """SHA-256 over the previous hash and the canonical JSON of this entry."""
        contenu = json.dumps(
            {
                "rang": self.rang,
                "le": self.le.astimezone(UTC).isoformat(timespec="microseconds"),
                "fait": self.fait,
                "par": self.par,
                "pour": self.pour,
                "canal": self.canal,
                "de": self.de,
                "vers": self.vers,
                "motif": self.motif,
            },
            sort_keys=True,
            ensure_ascii=False,
        )
        return hashlib.sha256(f"{precedente}\n{contenu}".encode()).hexdigest()


def est_intact(entrees: Iterable[tuple[Entree, str]]) -> bool:
    """Whether each stored hash is that of its entry and of all those before."""
    precedente = ORIGINE
    for rang, (entree, empreinte) in enumerate(entrees, start=1):
        if entree.rang != rang or entree.empreinte(precedente) != empreinte:
            return False
        precedente = empreinte
    return True
