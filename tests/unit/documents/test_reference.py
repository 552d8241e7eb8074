"""References: read aloud, typed anyhow, never guessed."""

import re

from hypothesis import given
from hypothesis import strategies as st

from services.documents.domain import ALPHABET, Genre, normaliser, nouvelle_reference


def test_a_reference_has_nothing_that_is_confused() -> None:
    assert not set("01ILOU") & set(ALPHABET)
    assert all(re.fullmatch(rf"CV-[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}", nouvelle_reference(Genre.CONVOCATION)) for _ in range(200))


def test_references_are_drawn_and_not_counted() -> None:
    assert len({nouvelle_reference(Genre.CONVOCATION) for _ in range(500)}) == 500


@given(st.integers(0, 2**9 - 1), st.sampled_from(["", "-", " ", " - "]))
def test_it_is_found_however_it_is_typed(casse: int, separateur: str) -> None:
    reference = nouvelle_reference(Genre.CONVOCATION)
    saisie = "".join(lettre.lower() if casse >> rang % 9 & 1 else lettre for rang, lettre in enumerate(reference))
    assert normaliser(saisie.replace("-", separateur)) == reference


@given(st.text(max_size=60))
def test_anything_may_be_typed(saisie: str) -> None:
    assert normaliser(normaliser(saisie)) == normaliser(saisie)
