"""The organisme's structures, and the collectivités."""

from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, Column, Index, String
from sqlmodel import Field

from services.identity.models.base import Table, recherche, textes, trigrammes


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


class Collectivite(Table, table=True):
    """`version` and `empreinte` are those of the last event published."""

    __tablename__ = "collectivites"
    __table_args__ = (
        CheckConstraint("siret ~ '^[0-9]{14}$'", name="collectivites_siret_14_chiffres"),
        Index("collectivites_tri", "recherche", "id"),
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
    forme_identifiants: str = Field(default="prenom_nom", sa_column=Column(String(), nullable=False, server_default="prenom_nom"))
    prefixe_identifiants: str = Field(default="", sa_column=Column(String(), nullable=False, server_default=""))
    autorite_nom: str
    autorite_qualite: str
    version: int = 0
    empreinte: str = ""
    recherche: str = Field(default=None, sa_column=recherche("nom || ' ' || ville || ' ' || siret"))
