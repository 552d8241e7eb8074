"""The opening of a collectivité's account: what identity, which owns the file, and the workflow that drives it say to each other."""

from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from pydantic import AwareDatetime

from services.contracts.base import Event, Fait, Message, Request
from services.contracts.inscriptions import Delai


class EtapeOuverture(StrEnum):
    """Where an opening stands."""

    CODES_REMIS = "codes_remis"
    """The délégation has given the code and the password; the collectivité has its file to fill."""
    A_VALIDER = "a_valider"
    """The file is filed; the délégation has to decide."""
    A_REPRENDRE = "a_reprendre"
    """Refused with a motif; the collectivité may mend its file and file it again."""
    VALIDEE = "validee"
    """Validated; no gestionnaire has activated his account yet."""
    OPERATIONNELLE = "operationnelle"
    ABANDONNEE = "abandonnee"
    """The codes ran out before a file came."""


class IssueOuverture(StrEnum):
    VALIDER = "valider"
    REFUSER = "refuser"


class FaitOuverture(StrEnum):
    """What moves an opening from outside its workflow."""

    COMMENCEE = "commencee"
    DOSSIER_DEPOSE = "dossier_depose"
    GESTIONNAIRE_ACTIF = "gestionnaire_actif"


class OuvertureAvance(Event):
    """Something happened to an opening. `depots` is how many times its file has been filed so far."""

    subject_prefix: ClassVar[str] = "identity.v1.ouverture.avance"

    ouverture_id: UUID
    fait: FaitOuverture
    depots: int

    @property
    def aggregate_id(self) -> UUID:
        return self.ouverture_id


class PlanOuverture(Message):
    """What the workflow needs to know of an opening: `rappel` is the délai between two reminders to the délégation."""

    ouverture_id: UUID
    etape: EtapeOuverture
    departement: str
    codes_expirent_le: AwareDatetime
    rappel: Delai
    depots: int
    gestionnaire_actif: bool


class SuivreOuverture(Request[PlanOuverture]):
    """How things stand now. Refused (404) when there is no such opening."""

    subject: ClassVar[str] = "rpc.identity.v1.ouverture.suivre"
    reply: ClassVar[type[Message]] = PlanOuverture

    ouverture_id: UUID


class RappelerOuverture(Request[Fait]):
    """Remind the délégation that a file waits. `rang` counts from one; the same reminder leaves once."""

    subject: ClassVar[str] = "rpc.identity.v1.ouverture.rappeler"
    reply: ClassVar[type[Message]] = Fait

    ouverture_id: UUID
    depots: int
    rang: int


class TrancherOuverture(Request[PlanOuverture]):
    """Apply a decision that identity keeps. Refused (409) when the file does not wait for one."""

    subject: ClassVar[str] = "rpc.identity.v1.ouverture.trancher"
    reply: ClassVar[type[Message]] = PlanOuverture

    decision_id: UUID


class AbandonnerOuverture(Request[PlanOuverture]):
    """The codes have run out: give the opening up, unless a file came or new codes were given meanwhile."""

    subject: ClassVar[str] = "rpc.identity.v1.ouverture.abandonner"
    reply: ClassVar[type[Message]] = PlanOuverture

    ouverture_id: UUID


class RendreOperationnelle(Request[Fait]):
    """Validated, and a gestionnaire is there: the collectivité may work."""

    subject: ClassVar[str] = "rpc.identity.v1.ouverture.ouvrir"
    reply: ClassVar[type[Message]] = Fait

    ouverture_id: UUID


class SoumettreOuverture(Request[PlanOuverture]):
    """Submit a decision to the workflow of an opening.

    A problem `decision-refusee` (409) when the file does not wait for one, `circuit-indisponible` (503) when Temporal does
    not answer. Submitting the same decision twice gives the same answer.
    """

    subject: ClassVar[str] = "rpc.circuits.v1.ouverture.soumettre"
    reply: ClassVar[type[Message]] = PlanOuverture

    ouverture_id: UUID
    decision_id: UUID
    issue: IssueOuverture
