"""SIRET: ours agrees with python-stdnum, and with the cases the INSEE gives."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.fr import siret as reference

from services.identity.domain.siret import siret_valide

CHIFFRES = st.text("0123456789", min_size=13, max_size=13)


@pytest.mark.parametrize("siret", ["20003452800014", "35600000000048", "35600000009075"])
def test_valid(siret: str) -> None:
    assert siret_valide(siret)


@pytest.mark.parametrize(
    "siret",
    ["20003452800041", "35600000009076", "", "2000345280001", "200034528000149", "2000345280001A", "200 034 528 00014", "２0003452800014"],
)
def test_invalid(siret: str) -> None:
    assert not siret_valide(siret)


@given(st.text("0123456789", min_size=8, max_size=8), st.text("0123456789", min_size=4, max_size=4), st.sampled_from("0123456789"))
def test_one_last_digit_in_ten_is_right(siren: str, nic: str, last: str) -> None:
    siren += luhn.calc_check_digit(siren)
    right = luhn.calc_check_digit(siren + nic)
    if not siren.startswith("356000000"):
        assert siret_valide(siren + nic + last) == (last == right)


@given(CHIFFRES, st.sampled_from("0123456789"))
def test_agrees_with_stdnum(start: str, last: str) -> None:
    assert siret_valide(start + last) == reference.is_valid(start + last)


@given(st.text("0123456789", min_size=5, max_size=5))
def test_la_poste_may_also_sum_to_a_multiple_of_five(nic: str) -> None:
    siret = "356000000" + nic
    assert siret_valide(siret) == (luhn.is_valid(siret) or sum(map(int, siret)) % 5 == 0)
