"""What goes out over HTTP."""

from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel

from services.documents.domain import Genre


class DocumentPublic(BaseModel):
    id: UUID
    genre: Genre
    libelle: str
    reference: str
    version: int
    taille: int
    cree_le: AwareDatetime
    nom_fichier: str


class DocumentList(BaseModel):
    elements: list[DocumentPublic]


class Verification(BaseModel):
    """What anyone may know of a reference: nothing of the person, only what the paper shows of the session."""

    statut: Literal["valide", "inconnue"]
    reference: str
    genre: Genre | None = None
    libelle: str | None = None
    cree_le: AwareDatetime | None = None
    session_code: str | None = None
    intitule: str | None = None
    emetteur: str | None = None
