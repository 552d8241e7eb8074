"""Who someone is elsewhere: the identities by which a provider of OpenID Connect opens his account."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Index, text
from sqlmodel import Field

from services.identity.models.base import Table, instant


class IdentiteExterne(Table, table=True):
    """`sujet` is what `emetteur` calls him for ever; `email` the address it gave when linked. Unlinked, kept as a trace.

    `liee_par` says on what ground: the verified address, or the person himself, logged in.
    """

    __tablename__ = "identites_externes"
    __table_args__ = (
        Index("identites_externes_en_cours", "emetteur", "sujet", unique=True, postgresql_where=text("deliee_le is null")),
        Index("ix_identites_externes_compte_id", "compte_id"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    compte_id: UUID = Field(foreign_key="comptes.id", ondelete="CASCADE")
    emetteur: str
    sujet: str
    email: str
    liee_par: str
    liee_le: datetime = Field(sa_column=instant())
    vue_le: datetime = Field(sa_column=instant())
    deliee_le: datetime | None = Field(default=None, sa_column=instant(nullable=True))
