"""Who may log in, and the tokens of those who have."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, Column, DateTime, ForeignKeyConstraint
from sqlmodel import Field

from services.identity.models.base import Table, instant, textes


class Compte(Table, table=True):
    """Someone who may log in. `identifiant` is kept normalised, `mot_de_passe` hashed with argon2."""

    __tablename__ = "comptes"
    __table_args__ = (
        ForeignKeyConstraint(["collectivite_id", "agent_id"], ["agents.collectivite_id", "agents.id"], name="comptes_agent"),
        CheckConstraint("agent_id is null or collectivite_id is not null", name="comptes_agent_d_une_collectivite"),
        CheckConstraint("collectivite_id is null or structure is null", name="comptes_une_organisation"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    identifiant: str = Field(unique=True)
    mot_de_passe: str
    nom: str
    prenom: str
    email: str
    roles: list[str] = Field(sa_column=textes())
    collectivite_id: UUID | None = Field(default=None, foreign_key="collectivites.id", index=True)
    agent_id: UUID | None = None
    structure: str | None = Field(default=None, foreign_key="structures.code")
    actif: bool = True


class FamilleJetons(Table, table=True):
    """The refresh tokens that follow from one login. Revoked as a whole."""

    __tablename__ = "familles_jetons"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    compte_id: UUID = Field(foreign_key="comptes.id", ondelete="CASCADE", index=True)
    ouverte_le: datetime = Field(sa_column=instant())
    expire_le: datetime = Field(sa_column=instant())
    revoquee_le: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    motif_revocation: str | None = None


class Jeton(Table, table=True):
    """A refresh token, known by its hash only. `sel`, drawn when it is used, makes its successor from the token itself."""

    __tablename__ = "jetons"

    empreinte: str = Field(primary_key=True)
    famille_id: UUID = Field(foreign_key="familles_jetons.id", ondelete="CASCADE", index=True)
    emis_le: datetime = Field(sa_column=instant())
    utilise_le: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    sel: str | None = None
    successeur: str | None = None
    """Hash of the token that replaced it."""


class EchecsConnexion(Table, table=True):
    """Successive failures on an identifier, known or not. The identifier is hashed: people type passwords in that field."""

    __tablename__ = "echecs_connexion"

    empreinte: str = Field(primary_key=True)
    nombre: int
    dernier_le: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False, index=True))
