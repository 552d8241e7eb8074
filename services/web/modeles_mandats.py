"""The organisations one may act for, and the mandates between collectivités, as the API tells them."""

from datetime import date, timedelta
from uuid import UUID

from pydantic import AwareDatetime

from services.contracts.base import Message


class Appartenance(Message):
    """An organisation one may act for. `mandataire`: one's own, when it is not it."""

    id: UUID
    organisation: str
    roles: tuple[str, ...]
    mandataire: str | None = None
    courante: bool


class CollectiviteTrouvee(Message):
    siret: str
    nom: str
    ville: str


class FaitMandat(Message):
    libelle: str
    par: str
    le: AwareDatetime
    motif: str = ""


class Mandat(Message):
    """`cote` is that of the reader, None for the organisme; `actes` are what he may do now."""

    id: UUID
    mandant: CollectiviteTrouvee
    mandataire: CollectiviteTrouvee
    debut: date
    fin: date | None = None
    portee: tuple[str, ...]
    etat: str
    cote: str | None = None
    actes: tuple[str, ...]
    faits: tuple[FaitMandat, ...]

    @property
    def dernier_jour(self) -> date | None:
        """As people count: the API tells the first day out."""
        return max(self.debut, self.fin - timedelta(days=1)) if self.fin else None
