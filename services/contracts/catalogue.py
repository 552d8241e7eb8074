"""What catalogue says: the sessions one may ask for."""

from datetime import date, time
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from pydantic import AwareDatetime

from services.contracts.base import Event, Message


class AireDeRecrutement(Message):
    """Who may see and ask: everybody, else the collectivités of these départements, else those named."""

    nationale: bool = False
    departements: tuple[str, ...] = ()
    collectivites: tuple[UUID, ...] = ()

    def comprend(self, collectivite_id: UUID, departement: str) -> bool:
        return self.nationale or departement in self.departements or collectivite_id in self.collectivites


class EtatSession(StrEnum):
    """States of a session that others hear of: a brouillon is nobody's business yet, and "complète" is read from the places.

    Requests are taken while it is `publiee`, `confirmee` or `reportee`, until the date limite.
    """

    PUBLIEE = "publiee"
    CLOSE = "close"
    CONFIRMEE = "confirmee"
    REPORTEE = "reportee"
    ANNULEE = "annulee"
    REALISEE = "realisee"
    ARCHIVEE = "archivee"


PREND_DES_DEMANDES = frozenset({EtatSession.PUBLIEE, EtatSession.CONFIRMEE, EtatSession.REPORTEE})


class ModeAdmission(StrEnum):
    """How seats are given: in order of arrival while they last, or chosen by the conseiller."""

    AU_FIL_DE_L_EAU = "au_fil_de_l_eau"
    SUR_SELECTION = "sur_selection"


class Regroupement(Message):
    """One run of consecutive days. Hours are local to Europe/Paris."""

    debut: date
    fin: date
    heure_debut: time
    heure_fin: time


class SessionEnregistree(Event):
    """A session was published or changed. `version` grows by one at each change."""

    subject_prefix: ClassVar[str] = "catalogue.v1.session.enregistree"

    session_id: UUID
    version: int
    code: str
    intitule: str
    nature: str
    organisation: str
    structure: str
    structure_nom: str
    lieu: str
    adresse: str
    regroupements: tuple[Regroupement, ...]
    duree_heures: float
    date_limite: AwareDatetime
    effectif_attendu: int
    etat: EtatSession
    aire: AireDeRecrutement
    conseiller: str
    conseiller_email: str
    objectifs: str = ""
    mode_admission: ModeAdmission = ModeAdmission.SUR_SELECTION
    liste_attente: bool = True
    effectif_minimum: int = 0
    date_limite_annulation: AwareDatetime | None = None
    """Until then the collectivité cancels freely; later, it is marked late. None: by the platform's default, fifteen days before."""
    motif_etat: str = ""
    """Why the session was postponed or cancelled, told to everybody concerned."""

    @property
    def aggregate_id(self) -> UUID:
        return self.session_id

    @property
    def debut(self) -> date:
        return min(r.debut for r in self.regroupements)
