"""The organisme's structures, and the collectivités."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import ARRAY, CheckConstraint, Column, Index, String
from sqlmodel import Field

from services.identity.models.base import Table, instant, recherche, textes, trigrammes


class Structure(Table, table=True):
    """A délégation or an institut of the organisme. `departements` is its ressort, empty for a national one."""

    __tablename__ = "structures"

    code: str = Field(primary_key=True)
    nom: str
    genre: str
    departements: list[str] = Field(sa_column=textes())
    ville: str
    email: str
    valide_du: date
    valide_au: date | None = None
    second_facteur_exige: bool = False


class ChangementEtat(Table, table=True):
    """A change of the state of a collectivité after its opening: who, when, on what ground. Never changed, never deleted."""

    __tablename__ = "collectivite_etats"
    __table_args__ = (
        CheckConstraint("depuis <> vers", name="collectivite_etats_changent"),
        CheckConstraint("motif <> ''", name="collectivite_etats_motives"),
        Index("collectivite_etats_liste", "collectivite_id", "change_le"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    collectivite_id: UUID = Field(foreign_key="collectivites.id")
    depuis: str
    vers: str
    motif: str
    par: str
    change_le: datetime = Field(sa_column=instant())


class Collectivite(Table, table=True):
    """`version` and `empreinte` are those of the last event published."""

    __tablename__ = "collectivites"
    __table_args__ = (
        CheckConstraint("siret ~ '^[0-9]{14}$'", name="collectivites_siret_14_chiffres"),
        Index("collectivites_tri", "recherche", "id"),
        Index("collectivites_etat", "etat", "recherche", "id"),
        trigrammes("collectivites_recherche"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    siret: str = Field(unique=True)
    nom: str
    nature: str
    code_insee: str
    departement: str
    delegation: str = Field(foreign_key="structures.code", index=True)
    effectif: int
    adresse: str
    code_postal: str
    ville: str
    email: str
    etat: str = "operationnelle"
    preinscription_agents: bool
    second_facteur_exige: bool = False
    transferts: list[str] = Field(default_factory=list, sa_column=Column(ARRAY(String()), nullable=False, server_default="{}"))
    """The messages that an agent's supérieur gets too."""
    forme_identifiants: str = Field(default="prenom_nom", sa_column=Column(String(), nullable=False, server_default="prenom_nom"))
    prefixe_identifiants: str = Field(default="", sa_column=Column(String(), nullable=False, server_default=""))
    autorite_nom: str
    autorite_qualite: str
    version: int = 0
    empreinte: str = ""
    recherche: str = Field(default=None, sa_column=recherche("nom || ' ' || ville || ' ' || siret"))
