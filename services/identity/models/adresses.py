"""The address of an account while it changes; the identifiants it had, and what a collectivité decided of those of its people."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Index, text
from sqlmodel import Field

from services.identity.models.base import Table, instant


class ChangementEmail(Table, table=True):
    """Someone asks for another address. One under way an account; kept once closed, as its trace.

    `lien_nouvelle_id` is None when no link was sent there: the address is already another account's, which its holder alone
    is told. `ancienne_confirmee_par` says who answered for the old mailbox: its holder, or the gestionnaire principal with
    his `motif_confirmation`.
    """

    __tablename__ = "changements_email"
    __table_args__ = (
        Index("changements_email_en_cours", "compte_id", unique=True, postgresql_where=text("clos_le is null")),
        Index("ix_changements_email_compte_id", "compte_id"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    compte_id: UUID = Field(foreign_key="comptes.id", ondelete="CASCADE")
    ancienne: str
    nouvelle: str
    lien_nouvelle_id: UUID | None = Field(default=None, foreign_key="liens.id", unique=True)
    lien_ancienne_id: UUID = Field(foreign_key="liens.id", unique=True)
    demande_le: datetime = Field(sa_column=instant())
    expire_le: datetime = Field(sa_column=instant())
    nouvelle_confirmee_le: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    ancienne_confirmee_le: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    ancienne_confirmee_par: str = ""
    motif_confirmation: str = ""
    clos_le: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    issue: str | None = None


class AncienIdentifiant(Table, table=True):
    """An identifiant that was replaced: it still opens its account until `jusqu_au`, and is nobody else's meanwhile."""

    __tablename__ = "anciens_identifiants"

    identifiant: str = Field(primary_key=True)
    compte_id: UUID = Field(foreign_key="comptes.id", ondelete="CASCADE", index=True)
    jusqu_au: datetime = Field(sa_column=instant())
