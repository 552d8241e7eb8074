"""What identity asks to be written to people, and the links it puts in."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Column
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.identity.models.base import Table, instant


class Lien(Table, table=True):
    """A link that serves once, sent to `email`. Its token is not kept: it follows from the id and our key."""

    __tablename__ = "liens"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    usage: str
    compte_id: UUID = Field(foreign_key="comptes.id", ondelete="CASCADE", index=True)
    email: str
    cree_le: datetime = Field(sa_column=instant())
    expire_le: datetime = Field(sa_column=instant())
    utilise_le: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    annule_le: datetime | None = Field(default=None, sa_column=instant(nullable=True))


class Courriel(Table, table=True):
    """A mail to be written by notifications, which comes and reads it. `faits` fills its template."""

    __tablename__ = "courriels"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    gabarit: str
    nom: str
    email: str
    lien_id: UUID | None = Field(default=None, foreign_key="liens.id", ondelete="CASCADE")
    page: str = ""
    faits: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSONB, nullable=False))
    cree_le: datetime = Field(sa_column=instant())
