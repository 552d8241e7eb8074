"""The tables that messaging and idempotence need in every service's database."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, DateTime, Identity, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel


class KitTable(SQLModel, registry=registry()):
    """Base of the kit's tables, apart from every service's own."""


def instant(*, nullable: bool = False, default_now: bool = False, index: bool = False) -> Any:
    """A column of type timestamptz."""
    return Column(DateTime(timezone=True), nullable=nullable, index=index, server_default=text("now()") if default_now else None)


class Outbox(KitTable, table=True):
    """An event of this service, kept for ever so that a stream can be republished. `position` is its order of writing."""

    __tablename__ = "outbox"
    __table_args__ = (Index("outbox_to_publish", "position", postgresql_where=text("published_at is null")),)

    position: int | None = Field(default=None, sa_column=Column(BigInteger, Identity(always=True), primary_key=True))
    event_id: UUID = Field(unique=True)
    subject: str
    payload: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    correlation_id: str = ""
    created_at: datetime = Field(default=None, sa_column=instant(default_now=True))
    published_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))


class Inbox(KitTable, table=True):
    """An event consumed: written in the handler's own transaction, so that effects happen once."""

    __tablename__ = "inbox"

    consumer: str = Field(primary_key=True)
    event_id: UUID = Field(primary_key=True)
    received_at: datetime = Field(default=None, sa_column=instant(default_now=True))


class IdempotencyRecord(KitTable, table=True):
    """The answer once given to a key, so that a repeated POST does not act twice."""

    __tablename__ = "idempotency_keys"

    scope: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    request_hash: str
    reply: dict[str, Any] | None = Field(default=None, sa_column=Column(JSONB, nullable=True))
    created_at: datetime = Field(default=None, sa_column=instant(default_now=True, index=True))


class DeadLetter(KitTable, table=True):
    """A message given up by a consumer, with why, until it is replayed."""

    __tablename__ = "dead_letters"

    id: int | None = Field(default=None, sa_column=Column(BigInteger, Identity(always=True), primary_key=True))
    consumer: str
    stream: str
    stream_seq: int = Field(sa_column=Column(BigInteger, nullable=False))
    subject: str
    payload: str
    reason: str
    received_at: datetime = Field(default=None, sa_column=instant(default_now=True))
    replayed_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))

    __table_args__ = (Index("dead_letters_once", "consumer", "stream_seq", unique=True),)
