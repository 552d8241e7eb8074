"""Business days, échéances and reminders: known cases, then what must hold for every calendar."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts.inscriptions import Delai, EtapeAvis, UniteDelai
from workflows.calendrier import PARIS, SUBDIVISIONS, echeances, est_ouvre, jour_ouvre_apres, jour_ouvre_avant

HABITUELLE = EtapeAvis(delai=Delai(valeur=5), relances=(Delai(valeur=3),))
LOIN = datetime(2029, 1, 1, tzinfo=UTC)


def le(mois: int, jour: int, heure: int = 0, minute: int = 0, seconde: int = 0, annee: int = 2027) -> datetime:
    return datetime(annee, mois, jour, heure, minute, seconde, tzinfo=PARIS)


def fin_du(mois: int, jour: int) -> datetime:
    return le(mois, jour, 23, 59, 59)


@pytest.mark.parametrize(
    ("jour", "departement", "ouvre"),
    [
        (date(2027, 5, 15), "35", False),  # a Saturday
        (date(2027, 5, 17), "35", False),  # lundi de Pentecôte
        (date(2027, 5, 18), "35", True),
        (date(2027, 3, 26), "35", True),  # Vendredi saint
        (date(2027, 3, 26), "57", False),
        (date(2027, 3, 26), "67", False),
        (date(2027, 3, 26), "68", False),
        (date(2029, 12, 26), "67", False),  # Saint-Étienne
        (date(2029, 12, 26), "88", True),
        (date(2027, 5, 27), "971", False),  # abolition de l’esclavage, each at its date
        (date(2028, 5, 22), "972", False),
        (date(2027, 6, 10), "973", False),
        (date(2027, 12, 20), "974", False),
        (date(2027, 4, 27), "976", False),
        (date(2027, 12, 20), "2A", True),
    ],
)
def test_the_holidays_of_each_departement(jour: date, departement: str, ouvre: bool) -> None:
    assert est_ouvre(jour, departement) is ouvre


@pytest.mark.parametrize(
    ("depart", "echeance", "relances"),
    [
        pytest.param(le(6, 7, 10), fin_du(6, 14), [le(6, 10, 9), le(6, 11, 9)], id="a Monday: the Monday after, the eve is Friday"),
        pytest.param(le(5, 14, 18, 30), fin_du(5, 24), [le(5, 20, 9), le(5, 21, 9)], id="Friday evening before the lundi de Pentecôte"),
        pytest.param(le(5, 15, 9), fin_du(5, 24), [le(5, 20, 9), le(5, 21, 9)], id="the Saturday after gives the same"),
        pytest.param(le(5, 5, 9), fin_du(5, 13), [le(5, 11, 9), le(5, 12, 9)], id="Ascension"),
        pytest.param(le(12, 22, 9), fin_du(12, 29), [le(12, 27, 9), le(12, 28, 9)], id="Christmas on a Saturday takes no day away"),
    ],
)
def test_five_business_days(depart: datetime, echeance: datetime, relances: list[datetime]) -> None:
    (prevue,) = echeances(depart, [HABITUELLE], "35", LOIN)
    assert (prevue.debut, prevue.echeance, list(prevue.relances)) == (depart, echeance, relances)


def test_steps_follow_each_other() -> None:
    premiere, seconde = echeances(le(6, 7, 10), [HABITUELLE, HABITUELLE], "35", LOIN)
    assert seconde.debut == premiere.echeance == fin_du(6, 14)
    assert seconde.echeance == fin_du(6, 21)


def test_what_remains_is_shared_out_in_whole_days() -> None:
    """Seven business days from Monday for two demandes of five and the validation."""
    limite = fin_du(6, 15)
    premiere, seconde = echeances(le(6, 7, 0), [HABITUELLE, HABITUELLE], "35", limite)
    assert [premiere.echeance, seconde.echeance] == [fin_du(6, 8), fin_du(6, 10)]
    assert seconde.echeance < limite


def test_on_the_last_day_hours_are_shared_out() -> None:
    (prevue,) = echeances(le(6, 7, 12), [HABITUELLE], "35", le(6, 7, 18))
    assert prevue.echeance == le(6, 7, 15)
    assert prevue.relances == ()


def test_a_week_end_before_the_limit_is_not_time_to_share() -> None:
    """Asked on Saturday for Monday evening: the supérieur has Monday until noon."""
    (prevue,) = echeances(le(6, 5, 12), [HABITUELLE], "35", le(6, 7, 18))
    assert prevue.echeance == le(6, 7, 9)


def test_only_closed_days_before_the_limit() -> None:
    (prevue,) = echeances(le(6, 5, 12), [HABITUELLE], "35", le(6, 6, 12))
    assert prevue.echeance == le(6, 6, 0)


def test_after_the_limit_nothing_is_left() -> None:
    (prevue,) = echeances(le(6, 8), [HABITUELLE], "35", le(6, 7))
    assert prevue.echeance == le(6, 7)
    assert prevue.relances == ()


def test_seconds_are_plain_time() -> None:
    courte = EtapeAvis(
        delai=Delai(valeur=20, unite=UniteDelai.SECONDES),
        relances=(Delai(valeur=12, unite=UniteDelai.SECONDES), Delai(valeur=5, unite=UniteDelai.SECONDES)),
    )
    depart = le(6, 6, 3)  # a Sunday, at night
    (prevue,) = echeances(depart, [courte], "35", LOIN)
    assert prevue.echeance - depart == timedelta(seconds=20)
    assert [relance - depart for relance in prevue.relances] == [timedelta(seconds=5), timedelta(seconds=12)]


def test_the_end_of_the_day_is_that_of_paris_in_winter_and_in_summer() -> None:
    hiver, ete = (echeances(depart, [HABITUELLE], "35", LOIN)[0].echeance for depart in (le(3, 22), le(3, 23)))
    assert [instant.astimezone(UTC).strftime("%H:%M") for instant in (hiver, ete)] == ["21:59", "21:59"]
    assert echeances(le(3, 15), [HABITUELLE], "35", LOIN)[0].echeance.astimezone(UTC).strftime("%H:%M") == "22:59"


departements = st.sampled_from(["35", "2A", *SUBDIVISIONS])
departs = st.datetimes(datetime(2026, 1, 1), datetime(2032, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 -- hypothesis adds the zone
marges = st.timedeltas(timedelta(minutes=1), timedelta(days=60))
jours = st.builds(Delai, valeur=st.integers(1, 15))
secondes = st.builds(Delai, valeur=st.integers(1, 100_000), unite=st.just(UniteDelai.SECONDES))
etapes_en_jours = st.builds(EtapeAvis, delai=jours, relances=st.lists(jours, max_size=3).map(tuple), relance_la_veille=st.booleans())
etapes_mixtes = st.builds(EtapeAvis, delai=jours | secondes, relances=st.lists(jours | secondes, max_size=3).map(tuple))


@given(departs, st.lists(etapes_mixtes, min_size=1, max_size=4), departements, marges)
def test_in_order_and_never_past_the_limit(depart: datetime, etapes: list[EtapeAvis], departement: str, marge: timedelta) -> None:
    limite = depart + marge
    prevues = echeances(depart, etapes, departement, limite)
    bornes = [depart, *(prevue.echeance for prevue in prevues)]
    assert bornes == sorted(bornes)
    assert bornes[-1] < limite  # the validation keeps some time
    assert [prevue.debut for prevue in prevues] == bornes[:-1]


@given(departs, st.lists(etapes_mixtes, min_size=1, max_size=4), departements, marges)
def test_reminders_leave_during_their_step(depart: datetime, etapes: list[EtapeAvis], departement: str, marge: timedelta) -> None:
    for prevue in echeances(depart, etapes, departement, depart + marge):
        assert list(prevue.relances) == sorted(set(prevue.relances))
        assert all(prevue.debut < relance < prevue.echeance for relance in prevue.relances)


@given(departs, st.lists(etapes_en_jours, min_size=1, max_size=4), departements, st.timedeltas(timedelta(days=6), timedelta(days=60)))
def test_never_on_a_closed_day(depart: datetime, etapes: list[EtapeAvis], departement: str, marge: timedelta) -> None:
    """Six days always hold some open time."""
    for prevue in echeances(depart, etapes, departement, depart + marge):
        for instant in (prevue.echeance, *prevue.relances):
            assert est_ouvre(instant.astimezone(PARIS).date(), departement)


@given(departs, st.timedeltas(timedelta(0), timedelta(days=20)), st.lists(etapes_mixtes, min_size=1, max_size=3), departements)
def test_asked_later_due_no_sooner(depart: datetime, retard: timedelta, etapes: list[EtapeAvis], departement: str) -> None:
    limite = depart + timedelta(days=30)
    tot, tard = (echeances(d, etapes, departement, limite) for d in (depart, depart + retard))
    assert all(a.echeance <= b.echeance for a, b in zip(tot, tard, strict=True))


@given(departs, marges, marges, st.lists(etapes_mixtes, min_size=1, max_size=3), departements)
def test_a_later_limit_takes_no_time_away(
    depart: datetime, marge: timedelta, de_plus: timedelta, etapes: list[EtapeAvis], departement: str
) -> None:
    courte, longue = (echeances(depart, etapes, departement, depart + m) for m in (marge, marge + de_plus))
    assert all(a.echeance <= b.echeance for a, b in zip(courte, longue, strict=True))


@given(departs, etapes_en_jours, departements)
def test_a_step_that_fits_has_its_business_days(depart: datetime, etape: EtapeAvis, departement: str) -> None:
    (prevue,) = echeances(depart, [etape], departement, depart + timedelta(days=120))
    debut, fin = (instant.astimezone(PARIS).date() for instant in (depart, prevue.echeance))
    suivants = [debut + timedelta(days=n) for n in range(1, (fin - debut).days + 1)]
    assert sum(est_ouvre(jour, departement) for jour in suivants) == etape.delai.valeur


@given(st.dates(date(2026, 1, 1), date(2032, 1, 1)), st.integers(0, 20), departements)
def test_counting_business_days_forward(jour: date, nombre: int, departement: str) -> None:
    arrivee = jour_ouvre_apres(jour, nombre, departement)
    assert est_ouvre(arrivee, departement)
    assert arrivee >= jour
    assert jour_ouvre_avant(arrivee + timedelta(days=1), departement) == arrivee
