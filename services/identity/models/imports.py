"""Files of agents on their way in, line by line, and the trace of those that went out."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Column, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.identity.models.base import Table, instant, textes


def _json() -> Any:
    return Column(JSONB(), nullable=False)


class ImportAgents(Table, table=True):
    """A file deposited. `fait` out of `total` lines of the step under way; `compteurs` by action once analysed.

    `choix`, `applique_par` and `applique_le` say who had it applied, and how.
    """

    __tablename__ = "imports"
    __table_args__ = (
        Index("imports_liste", "collectivite_id", "depose_le", "id"),
        Index("imports_a_faire", "depose_le", postgresql_where=text("etat in ('analyse', 'en_application')")),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    collectivite_id: UUID = Field(foreign_key="collectivites.id")
    nom_fichier: str
    depose_par: str
    depose_le: datetime = Field(sa_column=instant())
    etat: str
    fait: int = 0
    total: int
    compteurs: dict[str, int] = Field(default_factory=dict, sa_column=_json())
    colonnes_ignorees: list[str] = Field(default_factory=list, sa_column=textes())
    message: str = ""
    choix: str | None = None
    applique_par: str | None = None
    applique_le: datetime | None = Field(default=None, sa_column=instant(nullable=True))


class LigneImport(Table, table=True):
    """A line of the file. `donnees` are its cells; the rest is its verdict, once analysed: `valeurs` are those that change."""

    __tablename__ = "import_lignes"
    __table_args__ = (Index("import_lignes_par_action", "import_id", "action", "numero"),)

    import_id: UUID = Field(foreign_key="imports.id", primary_key=True, ondelete="CASCADE")
    numero: int = Field(primary_key=True)
    donnees: dict[str, str] = Field(sa_column=_json())
    nirs: list[str] = Field(sa_column=textes())
    action: str | None = None
    averti: bool = False
    matricule: str = ""
    agent_id: UUID | None = None
    valeurs: dict[str, str] = Field(default_factory=dict, sa_column=_json())
    messages: list[dict[str, Any]] = Field(default_factory=list, sa_column=_json())


class ExportAgents(Table, table=True):
    """Who took a file of agents away, when, how many."""

    __tablename__ = "exports"
    __table_args__ = (Index("exports_liste", "collectivite_id", "exporte_le"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    collectivite_id: UUID = Field(foreign_key="collectivites.id")
    exporte_par: str
    exporte_le: datetime = Field(sa_column=instant())
    format: str
    nombre: int
