"""When to try again, and the calendar entry."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar, Component
from pydantic import ValidationError

from services.kit.clock import PARIS
from services.notifications.agenda import agenda
from services.notifications.domain import ABANDON_APRES, DELAI_MAXIMUM, PREMIER_DELAI, est_definitif, masquer, prochain_essai
from services.notifications.settings import Settings
from tests.dossiers import dossier

VALABLES = {"port": 1, "nats_url": "nats://127.0.0.1:1", "jwks_url": "http://127.0.0.1:1", "public_url": "http://localhost:8080"}
DEPOT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@given(st.integers(1, 10_000), st.timedeltas(timedelta(), ABANDON_APRES - timedelta(seconds=1)))
def test_a_new_try_comes_later_and_never_too_late(essais: int, attente: timedelta) -> None:
    suivant = prochain_essai(essais, DEPOT, DEPOT + attente)
    assert suivant is not None
    assert PREMIER_DELAI <= suivant - (DEPOT + attente) <= DELAI_MAXIMUM


@given(st.integers(1, 100))
def test_waits_grow(essais: int) -> None:
    premier, second = prochain_essai(essais, DEPOT, DEPOT), prochain_essai(essais + 1, DEPOT, DEPOT)
    assert premier is not None
    assert second is not None
    assert premier <= second


def test_after_five_days_it_is_given_up() -> None:
    assert prochain_essai(1, DEPOT, DEPOT + ABANDON_APRES) is None


def test_only_a_permanent_refusal_is_final() -> None:
    assert [code for code in (0, 421, 450, 452, 500, 550, 554) if est_definitif(code)] == [500, 550, 554]


def test_a_masked_address_is_recognised_and_useless() -> None:
    assert masquer("yann.morvan@commune.example") == "y…@commune.example"


def evenements(etabli_le: datetime) -> list[Component]:
    return list(Calendar.from_ical(agenda(dossier(), etabli_le)).walk("VEVENT"))


def test_each_day_of_training_is_an_event_in_paris_time() -> None:
    jours_de_formation = evenements(DEPOT)
    jours = [str(evenement["uid"]).removeprefix(f"{dossier().inscription_id}-") for evenement in jours_de_formation]
    assert jours == [f"{jour}@inscription-en-ligne" for jour in ("20270301", "20270302", "20270405")]
    debuts = [evenement.decoded("dtstart").astimezone(PARIS) for evenement in jours_de_formation]
    assert [f"{debut:%d %H:%M %z}" for debut in debuts] == ["01 09:00 +0100", "02 09:00 +0100", "05 09:30 +0200"]


def test_the_calendar_can_be_read_anywhere() -> None:
    contenu = agenda(dossier(), DEPOT).decode()
    assert "METHOD:PUBLISH\r\n" in contenu
    assert "DTSTART;TZID=Europe/Paris:20270405T093000\r\n" in contenu
    assert "DTEND;TZID=Europe/Paris:20270405T163000\r\n" in contenu
    assert contenu.count("SEQUENCE:0\r\n") == 3
    assert "mailto:gwenaelle.legoff@bretagne.organisme.example" in contenu.replace("\r\n ", "")
    (fuseau,) = Calendar.from_ical(contenu).walk("VTIMEZONE")
    assert fuseau["tzid"] == "Europe/Paris"
    assert max(len(ligne.encode()) for ligne in contenu.split("\r\n")) <= 75


def test_the_same_day_keeps_its_id() -> None:
    ids = [str(evenement["uid"]) for etabli_le in (DEPOT, DEPOT + timedelta(days=3)) for evenement in evenements(etabli_le)]
    assert ids[:3] == ids[3:]


@pytest.mark.parametrize("adresse", ["smtp://127.0.0.1:25", "smtps://u:p@relais.example", "starttls://relais.example:587"])
def test_a_mail_server_is_named_by_its_url(adresse: str) -> None:
    assert Settings.model_validate(VALABLES | {"smtp_url": adresse}).smtp_url == adresse


@pytest.mark.parametrize("adresse", ["127.0.0.1:25", "http://relais.example", "smtp://"])
def test_another_address_is_refused_with_what_to_write(adresse: str) -> None:
    with pytest.raises(ValidationError, match="IEL_SMTP_URL s’écrit smtp://"):
        Settings.model_validate(VALABLES | {"smtp_url": adresse})
