"""Tables of the service."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ARRAY, Column, DateTime, Index, String, UniqueConstraint, Uuid
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from services.documents.domain import Genre


class Table(SQLModel, registry=registry()):
    """Base of this service's tables."""


class Reservation(Table, table=True):
    """What a paper will be called and dated, settled before it is made: made again, it is the same to the byte."""

    __tablename__ = "reservations"

    inscription_id: UUID = Field(primary_key=True)
    genre: Genre = Field(sa_column=Column(String, primary_key=True))
    version: int = Field(default=1, primary_key=True)
    reference: str = Field(unique=True)
    etabli_le: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))


class Document(Table, table=True):
    """A paper and its HTML twin, by the hashes of their contents. A new version never replaces a row."""

    __tablename__ = "documents"
    __table_args__ = (
        UniqueConstraint("inscription_id", "genre", "version", name="documents_version"),
        Index("documents_inscription", "inscription_id"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    genre: Genre = Field(sa_column=Column(String, nullable=False))
    version: int = 1
    reference: str = Field(unique=True)
    inscription_id: UUID
    agent_id: UUID
    collectivite_id: UUID
    services: list[UUID] = Field(default_factory=list, sa_column=Column(ARRAY(Uuid()), nullable=False))
    """The service the agent worked in and those above it, when it was made."""
    structure: str
    structure_nom: str
    session_code: str
    intitule: str
    empreinte: str
    empreinte_html: str
    taille: int
    cree_le: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
    correlation: str = ""
    """The correlation id of the request that made it, to find in the logs why and when."""
