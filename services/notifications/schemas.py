"""What goes out over HTTP."""

from uuid import UUID

from pydantic import AwareDatetime, BaseModel

from services.contracts.notifications import Gabarit
from services.notifications.domain import EtatMessage, RoleDestinataire


class MessagePublic(BaseModel):
    """A message about a request and what became of it. Its text is not given: it may hold the link of an avis.

    `erreur` says why it has not left yet, or never will; it is empty for who may not read the address.
    """

    id: UUID
    gabarit: Gabarit
    libelle: str
    destinataire: str
    adresse: str
    role: RoleDestinataire
    etat: EtatMessage
    etat_libelle: str
    essais: int
    depose_le: AwareDatetime
    envoye_le: AwareDatetime | None
    prochain_essai: AwareDatetime | None
    erreur: str


class MessageList(BaseModel):
    elements: list[MessagePublic]
