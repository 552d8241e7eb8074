"""The calendar of a collectivité: business days, deadlines of the avis, reminders. Pure.

How a délai is counted
    The day of the request never counts: with a délai of N business days the avis is due at the end (23:59:59,
    Europe/Paris) of the N-th business day that follows. Asked on a Friday evening or on the Sunday after, an avis of one
    day is due on Monday at 23:59:59. Saturdays, Sundays and the public holidays of the département never count.
    Reminders leave at 9:00 of their day; the eve is the last business day before the day of the échéance.

When the date limite is near
    No step ends after the date limite, and the validation that follows the avis needs time too. What remains of open time
    is shared out equally among the steps still to come and the validation; a step ends at the earlier of its délai and its
    share, the share being brought back to the end of a business day when it lasts one at least. Only when no open time
    is left at all does a step end on a closed day.

The unit `secondes`, for demonstrations, is plain time: no calendar, and no eve.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays
from pydantic import AwareDatetime

from services.contracts.base import Message
from services.contracts.inscriptions import Delai, EtapeAvis, UniteDelai

PARIS = ZoneInfo("Europe/Paris")
DEBUT_DE_JOURNEE = time(0)
FIN_DE_JOURNEE = time(23, 59, 59)
HEURE_DES_RELANCES = time(9)
UN_JOUR = timedelta(days=1)
SAMEDI = 5

SUBDIVISIONS = {
    "57": "57",
    "67": "6AE",
    "68": "6AE",
    "971": "971",
    "972": "972",
    "973": "973",
    "974": "974",
    "975": "PM",
    "976": "976",
    "977": "BL",
    "978": "MF",
    "984": "TF",
    "986": "WF",
    "987": "PF",
    "988": "NC",
}
"""Départements and territories with holidays of their own, as the library `holidays` names them."""


class Echeance(Message):
    """When a step starts and ends, and when its reminders leave; instants in UTC."""

    debut: AwareDatetime
    echeance: AwareDatetime
    relances: tuple[AwareDatetime, ...] = ()


@lru_cache(maxsize=128)
def _feries(departement: str) -> holidays.HolidayBase:
    return holidays.country_holidays("FR", subdiv=SUBDIVISIONS.get(departement))


def est_ouvre(jour: date, departement: str) -> bool:
    """Neither a week-end nor a public holiday of the département."""
    return jour.weekday() < SAMEDI and jour not in _feries(departement)


def jour_ouvre_apres(jour: date, nombre: int, departement: str) -> date:
    """The `nombre`-th business day after `jour`; with 0, `jour` itself or the first business day that follows."""
    while not nombre and not est_ouvre(jour, departement):
        jour += UN_JOUR
    while nombre:
        jour += UN_JOUR
        nombre -= est_ouvre(jour, departement)
    return jour


def jour_ouvre_avant(jour: date, departement: str) -> date:
    """The last business day strictly before `jour`."""
    jour -= UN_JOUR
    while not est_ouvre(jour, departement):
        jour -= UN_JOUR
    return jour


def echeances(depart: datetime, etapes: Sequence[EtapeAvis], departement: str, date_limite: datetime) -> tuple[Echeance, ...]:
    """The steps one after the other from `depart`, each lasting its whole délai or its share of what remains."""
    prevues: list[Echeance] = []
    debut = depart
    for rang, etape in enumerate(etapes):
        # One more share than steps: the validation's.
        parts = len(etapes) - rang + 1
        fin = min(_a_terme(debut, etape.delai, departement), _part(debut, date_limite, parts, departement))
        prevues.append(Echeance(debut=debut, echeance=fin, relances=_relances(debut, fin, etape, departement)))
        debut = fin
    return tuple(prevues)


def _a_terme(debut: datetime, delai: Delai, departement: str) -> datetime:
    if delai.unite is UniteDelai.SECONDES:
        return debut + timedelta(seconds=delai.valeur)
    return _instant(jour_ouvre_apres(_jour(debut), delai.valeur, departement), FIN_DE_JOURNEE)


def _relances(debut: datetime, fin: datetime, etape: EtapeAvis, departement: str) -> tuple[datetime, ...]:
    """In order, each once, strictly between the start and the end."""
    instants = {instant_relance(debut, delai, departement) for delai in etape.relances}
    if etape.relance_la_veille and etape.delai.unite is UniteDelai.JOURS_OUVRES:
        instants.add(_instant(jour_ouvre_avant(_jour(fin), departement), HEURE_DES_RELANCES))
    return tuple(sorted(instant for instant in instants if debut < instant < fin))


def instant_relance(debut: datetime, delai: Delai, departement: str) -> datetime:
    """When a reminder leaves that is due `delai` after `debut`."""
    if delai.unite is UniteDelai.SECONDES:
        return debut + timedelta(seconds=delai.valeur)
    return _instant(jour_ouvre_apres(_jour(debut), delai.valeur, departement), HEURE_DES_RELANCES)


def _part(debut: datetime, date_limite: datetime, parts: int, departement: str) -> datetime:
    """When the first of `parts` equal shares of the open time left ends."""
    if debut >= date_limite:
        return date_limite
    plages = list(_temps_ouvert(debut, date_limite, departement))
    reste = sum((fin - ouverture for ouverture, fin in plages), timedelta()) / parts
    if not reste:
        return debut + (date_limite - debut) / parts
    for ouverture, fin in plages:
        if reste <= fin - ouverture:
            return _en_fin_de_journee(debut, ouverture + reste, departement)
        reste -= fin - ouverture
    return plages[-1][1]


def _en_fin_de_journee(debut: datetime, terme: datetime, departement: str) -> datetime:
    """`terme` brought back to the end of a business day, unless that leaves less than one whole business day."""
    if terme == _instant(_jour(terme), FIN_DE_JOURNEE):
        return terme
    dernier = jour_ouvre_avant(_jour(terme), departement)
    if dernier < jour_ouvre_apres(_jour(debut), 1, departement):
        return terme
    return _instant(dernier, FIN_DE_JOURNEE)


def _temps_ouvert(debut: datetime, fin: datetime, departement: str) -> Iterator[tuple[datetime, datetime]]:
    """The business days between two instants, cut to them."""
    jour = _jour(debut)
    while jour <= _jour(fin):
        if est_ouvre(jour, departement):
            ouverture, fermeture = _instant(jour, DEBUT_DE_JOURNEE), _instant(jour, FIN_DE_JOURNEE)
            if max(debut, ouverture) < min(fin, fermeture):
                yield max(debut, ouverture), min(fin, fermeture)
        jour += UN_JOUR


def _jour(instant: datetime) -> date:
    return instant.astimezone(PARIS).date()


def _instant(jour: date, heure: time) -> datetime:
    return datetime.combine(jour, heure, PARIS).astimezone(UTC)
