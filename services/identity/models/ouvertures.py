"""The opening of the account of a collectivité: its file, what happened to it, what was decided."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Column, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.identity.models.base import Table, instant


class Ouverture(Table, table=True):
    """One case. The password is not kept: it follows from the id, `envois` and our key. `dossier` is the form as filled so far."""

    __tablename__ = "ouvertures"
    __table_args__ = (
        Index("ouvertures_en_cours", "siret", unique=True, postgresql_where=text("etape <> 'abandonnee'")),
        Index("ouvertures_liste", "delegation", "cree_le", "id"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    siret: str
    nom: str
    email: str
    departement: str
    adresse: str = ""
    code_postal: str = ""
    ville: str = ""
    """Where the letter of the code goes, if known: the form tells the rest."""
    delegation: str = Field(foreign_key="structures.code")
    code: str = Field(unique=True)
    envois: int = 1
    """How many passwords were sent: the last one serves."""
    codes_expirent_le: datetime = Field(sa_column=instant())
    etape: str
    depots: int = 0
    dossier: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSONB, nullable=False))
    conditions: str | None = None
    conditions_acceptees_le: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    depose_le: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    collectivite_id: UUID | None = Field(default=None, foreign_key="collectivites.id")
    acces: str | None = Field(default=None, index=True)
    """Hash of the token that opens the form, given against code and password."""
    acces_expire_le: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    cree_par: str
    cree_le: datetime = Field(sa_column=instant())


class FaitOuverture(Table, table=True):
    """A line of the timeline that both sides read."""

    __tablename__ = "ouverture_faits"
    __table_args__ = (Index("ouverture_faits_une_fois", "ouverture_id", "cle", unique=True),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    ouverture_id: UUID = Field(foreign_key="ouvertures.id", ondelete="CASCADE")
    cle: str
    """What it is, and which time: the same fact is written once."""
    libelle: str
    par: str
    motif: str = ""
    survenu_le: datetime = Field(sa_column=instant())


class DecisionOuverture(Table, table=True):
    """A decision of the délégation, kept before the workflow is asked, applied when it agrees."""

    __tablename__ = "ouverture_decisions"

    id: UUID = Field(primary_key=True)
    ouverture_id: UUID = Field(foreign_key="ouvertures.id", ondelete="CASCADE", index=True)
    issue: str
    motif: str
    par: str
    prise_le: datetime = Field(sa_column=instant())
    appliquee_le: datetime | None = Field(default=None, sa_column=instant(nullable=True))
