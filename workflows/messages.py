"""What a circuit says to its own activities, beside the contracts between services. Ids and dates only."""

from pydantic import AwareDatetime

from services.contracts.base import Message
from services.contracts.inscriptions import Delai, EtapeAvis


class CalculerEcheance(Message):
    """When does the first of these steps end, if it starts at `depart`?"""

    depart: AwareDatetime
    etapes: tuple[EtapeAvis, ...]
    departement: str
    date_limite: AwareDatetime


class CalculerRappel(Message):
    """When does a reminder leave, `delai` after `depart`?"""

    depart: AwareDatetime
    delai: Delai
    departement: str


class Rappel(Message):
    le: AwareDatetime
