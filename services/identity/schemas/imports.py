"""Imports of agents over HTTP."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from services.identity.domain.imports.analyse import Action
from services.identity.domain.imports.etats import Choix, EtatImport
from services.identity.schemas.base import Lue


class ApplicationCreate(BaseModel):
    """`toutes_les_bonnes` leaves aside the lines that are wrong; `rien_si_erreur` refuses the file if there is one."""

    choix: Choix


class Avancement(BaseModel):
    """Lines done out of those of the step under way."""

    fait: int
    total: int


class ImportPublic(Lue):
    """`compteurs`: lines by action (creer, modifier, inchangee, erreur), and those with an avertissement."""

    id: UUID
    nom_fichier: str
    depose_par: str
    depose_le: datetime
    etat: EtatImport
    avancement: Avancement
    compteurs: dict[str, int]
    colonnes_ignorees: list[str]
    message: str
    choix: Choix | None
    applique_par: str | None
    applique_le: datetime | None


class MessagePublic(Lue):
    """`colonne` is the name that users know."""

    champ: str
    colonne: str
    texte: str
    avertissement: bool


class LignePublique(Lue):
    """A line of the report. `nom` is what the file says of the agent."""

    numero: int
    action: Action | None
    matricule: str
    nom: str
    messages: list[MessagePublic]


class FichierDepose(BaseModel):
    """What tells one deposit from another under the same key."""

    nom: str
    empreinte: str
