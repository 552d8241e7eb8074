"""Who may log in, and the tokens of those who have."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import Boolean, CheckConstraint, Column, DateTime, ForeignKeyConstraint, Index, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from services.identity.models.base import Table, instant, textes


class Compte(Table, table=True):
    """Someone who may log in. `identifiant` is kept normalised, `mot_de_passe` hashed with argon2; None until activation.

    `par_un_tiers`: a third party has recognised him, he may never choose a password.
    """

    __tablename__ = "comptes"
    __table_args__ = (Index("comptes_email", text("lower(email)")),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    identifiant: str = Field(unique=True)
    mot_de_passe: str | None = None
    nom: str
    prenom: str
    email: str
    actif: bool = True
    par_un_tiers: bool = Field(default=False, sa_column=Column(Boolean(), nullable=False, server_default="false"))

    @property
    def active(self) -> bool:
        """Whether he has shown once that the account is his."""
        return self.mot_de_passe is not None or self.par_un_tiers

    @property
    def nom_complet(self) -> str:
        return f"{self.prenom} {self.nom}"


class Appartenance(Table, table=True):
    """What someone is in an organisation: a collectivité, a structure, or the organisme as a whole when neither is given.

    Ended by `fin` (first day out), never deleted. `services` narrows a gestionnaire to those services and the ones below;
    empty, all.
    """

    __tablename__ = "appartenances"
    __table_args__ = (
        ForeignKeyConstraint(["collectivite_id", "agent_id"], ["agents.collectivite_id", "agents.id"], name="appartenances_agent"),
        CheckConstraint("agent_id is null or collectivite_id is not null", name="appartenances_agent_d_une_collectivite"),
        CheckConstraint("collectivite_id is null or structure is null", name="appartenances_une_organisation"),
        CheckConstraint("fin >= debut", name="appartenances_fin_apres_debut"),
        Index(
            "appartenances_en_cours",
            "compte_id",
            text("coalesce(collectivite_id::text, structure, '')"),
            unique=True,
            postgresql_where=text("fin is null"),
        ),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    compte_id: UUID = Field(foreign_key="comptes.id", index=True)
    roles: list[str] = Field(sa_column=textes())
    collectivite_id: UUID | None = Field(default=None, foreign_key="collectivites.id", index=True)
    agent_id: UUID | None = Field(default=None, index=True)
    services: list[UUID] = Field(default_factory=list, sa_column=Column(ARRAY(Uuid()), nullable=False))
    structure: str | None = Field(default=None, foreign_key="structures.code", index=True)
    debut: date
    fin: date | None = None
    motif_fin: str | None = None
    fin_par: str | None = None


class FamilleJetons(Table, table=True):
    """The refresh tokens that follow from one login. Revoked as a whole. `appartenance_id` is the one he acts in.

    `mandat_id` is the mandate he acts under, when it is for another collectivité than his.
    `ouverte_depuis` tells the device in words; `vue_le` is the last renewal.
    """

    __tablename__ = "familles_jetons"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    compte_id: UUID = Field(foreign_key="comptes.id", ondelete="CASCADE", index=True)
    appartenance_id: UUID = Field(foreign_key="appartenances.id")
    mandat_id: UUID | None = Field(default=None, foreign_key="mandats.id")
    ouverte_le: datetime = Field(sa_column=instant())
    ouverte_depuis: str = ""
    vue_le: datetime = Field(sa_column=instant())
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
