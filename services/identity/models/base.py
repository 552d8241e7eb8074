"""What the tables of identity have in common."""

from typing import Any

from sqlalchemy import Column, Computed, DateTime, Index, String, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import registry
from sqlmodel import SQLModel


class Table(SQLModel, registry=registry()):
    """Base of the tables of this service."""


def instant(*, nullable: bool = False) -> Any:
    return Column(DateTime(timezone=True), nullable=nullable)


def textes() -> Any:
    return Column(ARRAY(String()), nullable=False)


def recherche(expression: str) -> Any:
    """A text without accents nor capitals, kept by PostgreSQL; it serves the search and the order of the lists."""
    return Column(Text(), Computed(f"sans_accents({expression})", persisted=True), nullable=False)


def trigrammes(name: str) -> Index:
    return Index(name, "recherche", postgresql_using="gin", postgresql_ops={"recherche": "gin_trgm_ops"})
