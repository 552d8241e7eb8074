"""Tables of the service."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ARRAY, Column, DateTime, Index, String, UniqueConstraint, Uuid, text
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from services.contracts.notifications import Gabarit, GabaritCompte
from services.notifications.domain import EtatMessage, RoleDestinataire


class Table(SQLModel, registry=registry()):
    """Base of this service's tables."""


def _instant(*, nullable: bool = False) -> Any:
    return Column(DateTime(timezone=True), nullable=nullable)


class Message(Table, table=True):
    """One mail to one person, about a request or about his account, kept with what became of it. The lowest `priorite` leaves first.

    That about an account (`courriel_id`) may carry a secret: its text is read from identity when it leaves, and never kept.
    """

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("cle", "adresse", name="messages_une_fois"),
        Index("messages_a_envoyer", "priorite", "prochain_essai", postgresql_where=text("etat in ('en_file', 'reessaye')")),
        Index("messages_inscription", "inscription_id", "depose_le"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    cle: str
    gabarit: Gabarit | GabaritCompte = Field(sa_column=Column(String, nullable=False))
    inscription_id: UUID | None = None
    collectivite_id: UUID | None = None
    agent_id: UUID | None = None
    services: list[UUID] = Field(default_factory=list, sa_column=Column(ARRAY(Uuid()), nullable=False))
    """The service the agent worked in and those above it, when it was written."""
    structure: str
    destinataire: str
    adresse: str
    role: RoleDestinataire | None = Field(default=None, sa_column=Column(String, nullable=True))
    repondre_a: str
    sujet: str
    texte: str
    html: str
    agenda: str | None = None
    document_id: UUID | None = None
    courriel_id: UUID | None = None
    etat: EtatMessage = Field(default=EtatMessage.EN_FILE, sa_column=Column(String, nullable=False))
    priorite: int = 1
    essais: int = 0
    derniere_erreur: str = ""
    depose_le: datetime = Field(sa_column=_instant())
    prochain_essai: datetime = Field(sa_column=_instant())
    envoye_le: datetime | None = Field(default=None, sa_column=_instant(nullable=True))
