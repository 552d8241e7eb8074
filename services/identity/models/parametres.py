"""How a collectivité is set: who gets copies, what was changed by whom, and its first steps."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, Column, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.identity.models.base import Table, instant, textes


class Copie(Table, table=True):
    """An address that receives a copy of some messages to the gestionnaires. `gabarits` are those."""

    __tablename__ = "copies"
    __table_args__ = (
        Index("copies_une_adresse", "collectivite_id", text("lower(email)"), unique=True),
        CheckConstraint("cardinality(gabarits) > 0", name="copies_de_quelque_chose"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    collectivite_id: UUID = Field(foreign_key="collectivites.id")
    nom: str
    email: str
    gabarits: list[str] = Field(sa_column=textes())


class Reglage(Table, table=True):
    """A change in the settings of a collectivité or among its gestionnaires. Never changed, never deleted.

    `avant` and `apres` hold what `sujet` needs to tell it in a sentence; None: there was nothing, or there is nothing left.
    """

    __tablename__ = "collectivite_historique"
    __table_args__ = (Index("collectivite_historique_liste", "collectivite_id", "survenu_le", "id"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    collectivite_id: UUID = Field(foreign_key="collectivites.id")
    survenu_le: datetime = Field(sa_column=instant())
    par: str
    sujet: str
    avant: dict[str, Any] | None = Field(default=None, sa_column=Column(JSONB(none_as_null=True), nullable=True))
    apres: dict[str, Any] | None = Field(default=None, sa_column=Column(JSONB(none_as_null=True), nullable=True))


class EtapeDemarrage(Table, table=True):
    """A first step of a collectivité that has just opened; those that opened before this existed have none."""

    __tablename__ = "demarrage_etapes"
    __table_args__ = (CheckConstraint("(etat = 'a_faire') = (par is null)", name="demarrage_etapes_signees"),)

    collectivite_id: UUID = Field(foreign_key="collectivites.id", primary_key=True)
    etape: str = Field(primary_key=True)
    etat: str = "a_faire"
    par: str | None = None
    le: datetime | None = Field(default=None, sa_column=instant(nullable=True))
