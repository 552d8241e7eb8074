"""Second factors of accounts, what passkeys are asked, and the trace of all that changes."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, CheckConstraint, Column, DateTime, Index, LargeBinary
from sqlmodel import Field

from services.identity.models.base import Table, instant


class Totp(Table, table=True):
    """An authenticator application. `secret` is encrypted; it counts from `actif_le` on. `dernier_pas`: the step of the last code used."""

    __tablename__ = "totps"

    compte_id: UUID = Field(primary_key=True, foreign_key="comptes.id", ondelete="CASCADE")
    secret: str
    cree_le: datetime = Field(sa_column=instant())
    actif_le: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    dernier_pas: int | None = Field(default=None, sa_column=Column(BigInteger(), nullable=True))


class CodeSecours(Table, table=True):
    """A recovery code, known by its hash only."""

    __tablename__ = "codes_secours"

    compte_id: UUID = Field(primary_key=True, foreign_key="comptes.id", ondelete="CASCADE")
    empreinte: str = Field(primary_key=True)
    utilise_le: datetime | None = Field(default=None, sa_column=instant(nullable=True))


class CleAcces(Table, table=True):
    """A passkey. `reference` is its credential id; `compteur` the number of signatures it said it made, 0 when it does not count."""

    __tablename__ = "cles_acces"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    compte_id: UUID = Field(foreign_key="comptes.id", ondelete="CASCADE", index=True)
    reference: bytes = Field(sa_column=Column(LargeBinary(), nullable=False, unique=True))
    cle_publique: bytes = Field(sa_column=Column(LargeBinary(), nullable=False))
    compteur: int = Field(sa_column=Column(BigInteger(), nullable=False))
    nom: str
    cree_le: datetime = Field(sa_column=instant())
    vue_le: datetime | None = Field(default=None, sa_column=instant(nullable=True))


class EpreuveCle(Table, table=True):
    """What a passkey must sign, once. `compte_id` is None for a login on its own: the passkey says whose it is."""

    __tablename__ = "epreuves_cles"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    usage: str
    compte_id: UUID | None = Field(default=None, foreign_key="comptes.id", ondelete="CASCADE", index=True)
    defi: bytes = Field(sa_column=Column(LargeBinary(), nullable=False))
    expire_le: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False, index=True))


class FaitSecondFacteur(Table, table=True):
    """What happened to the factors of an account, or to the requirement of a structure; a collectivité has its own history."""

    __tablename__ = "faits_second_facteur"
    __table_args__ = (
        CheckConstraint("num_nonnulls(compte_id, structure) = 1", name="faits_second_facteur_un_sujet"),
        Index("faits_second_facteur_du_compte", "compte_id", "survenu_le"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    compte_id: UUID | None = Field(default=None, foreign_key="comptes.id", ondelete="CASCADE")
    structure: str | None = Field(default=None, foreign_key="structures.code")
    fait: str
    par: str
    motif: str = ""
    survenu_le: datetime = Field(sa_column=instant())
