"""Login: the wait after failures, and what a refresh token is worth."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.identity.domain import connexion
from services.identity.domain.connexion import Echecs, EtatJeton, Verdict, attente, juger

MIDI = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize(("nombre", "secondes"), [(1, 0), (2, 0), (3, 1), (4, 2), (5, 4), (8, 32), (12, 512), (13, 900), (10_000, 900)])
def test_the_wait_doubles_up_to_a_quarter_of_an_hour(nombre: int, secondes: int) -> None:
    assert attente(Echecs(nombre, MIDI), MIDI) == secondes


def test_nobody_waits_without_failure_nor_after_a_day() -> None:
    assert attente(None, MIDI) == 0
    assert attente(Echecs(50, MIDI), MIDI + connexion.OUBLI_DES_ECHECS + timedelta(seconds=1)) == 0


@given(st.integers(1, 100), st.floats(0, 2000))
def test_the_wait_announced_is_enough(nombre: int, ecoule: float) -> None:
    echecs = Echecs(nombre, MIDI)
    maintenant = MIDI + timedelta(seconds=ecoule)
    assert attente(echecs, maintenant + timedelta(seconds=attente(echecs, maintenant))) == 0


@pytest.mark.parametrize("saisi", ["claire.lebris", " Claire.LeBris ", "CLAIRE.LEBRIS\t"])
def test_spaces_and_capitals_of_an_identifier_do_not_matter(saisi: str) -> None:
    assert connexion.identifiant_normalise(saisi) == "claire.lebris"


def jeton(*, revoquee: bool = False, expire: float = 60, utilise: float | None = None, successeur_utilise: bool = False) -> EtatJeton:
    """Times in seconds from now."""
    return EtatJeton(
        famille_revoquee=revoquee,
        famille_expire_le=MIDI + timedelta(seconds=expire),
        utilise_le=None if utilise is None else MIDI + timedelta(seconds=utilise),
        successeur_utilise=successeur_utilise,
    )


@pytest.mark.parametrize(
    ("etat", "verdict"),
    [
        (jeton(), Verdict.TOURNER),
        (jeton(utilise=-2), Verdict.REPETER),
        (jeton(utilise=-10), Verdict.REPETER),
        (jeton(utilise=-11), Verdict.VOLE),
        (jeton(utilise=-2, successeur_utilise=True), Verdict.VOLE),
        (jeton(revoquee=True), Verdict.PERIME),
        (jeton(revoquee=True, utilise=-60), Verdict.PERIME),
        (jeton(expire=0), Verdict.PERIME),
    ],
)
def test_what_a_refresh_token_is_worth(etat: EtatJeton, verdict: Verdict) -> None:
    assert juger(etat, MIDI) is verdict
