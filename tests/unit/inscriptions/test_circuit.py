"""What makes a circuit acceptable."""

import pytest

from services.contracts.inscriptions import Delai, EtapeAvis, UniteDelai
from services.inscriptions.domain.circuit import PAR_DEFAUT, defauts


def secondes(valeur: int) -> Delai:
    return Delai(valeur=valeur, unite=UniteDelai.SECONDES)


def test_the_default_circuit_is_acceptable_anywhere() -> None:
    assert defauts(PAR_DEFAUT, delais_courts=False) == []


def test_no_step_at_all_is_a_circuit_without_avis() -> None:
    assert defauts([], delais_courts=False) == []


def test_seconds_are_for_demonstrations_only() -> None:
    etapes = [EtapeAvis(delai=secondes(6), relances=(secondes(2), secondes(4)), relance_la_veille=False)]
    assert defauts(etapes, delais_courts=True) == []
    assert [champ for champ, _ in defauts(etapes, delais_courts=False)] == ["etapes.0.delai"]


@pytest.mark.parametrize(
    ("etape", "champ"),
    [
        (EtapeAvis(delai=Delai(valeur=0)), "etapes.0.delai"),
        (EtapeAvis(delai=Delai(valeur=61)), "etapes.0.delai"),
        (EtapeAvis(delai=Delai(valeur=5), relances=(Delai(valeur=5),)), "etapes.0.relances"),
        (EtapeAvis(delai=Delai(valeur=5), relances=(Delai(valeur=0),)), "etapes.0.relances"),
    ],
)
def test_each_fault_names_its_field(etape: EtapeAvis, champ: str) -> None:
    assert [ou for ou, _ in defauts([etape], delais_courts=True)] == [champ]


def test_units_do_not_mix() -> None:
    etape = EtapeAvis(delai=Delai(valeur=5), relances=(secondes(2),))
    assert [champ for champ, _ in defauts([etape], delais_courts=True)] == ["etapes.0.relances"]


def test_one_avis_at_most() -> None:
    assert [champ for champ, _ in defauts(PAR_DEFAUT * 2, delais_courts=False)] == ["etapes"]
