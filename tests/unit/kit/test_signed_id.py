"""A signed link: only what we signed opens, for what it was signed for, with any key still in use."""

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.kit.signed_id import read, sign

ANCIENNE, NOUVELLE = "ancienne-cle-de-demonstration", "nouvelle-cle-de-demonstration"


@given(st.uuids())
def test_a_link_names_its_id(identifier: UUID) -> None:
    assert read("avis", sign("avis", identifier, [NOUVELLE]), [NOUVELLE]) == identifier


def test_a_link_signed_with_the_former_key_still_opens() -> None:
    identifier = uuid4()
    assert read("avis", sign("avis", identifier, [ANCIENNE]), [NOUVELLE, ANCIENNE]) == identifier
    assert read("avis", sign("avis", identifier, [ANCIENNE]), [NOUVELLE]) is None


def test_a_link_cannot_be_turned_to_another_id() -> None:
    sceau = sign("avis", uuid4(), [NOUVELLE]).partition(".")[2]
    autre = sign("avis", uuid4(), [NOUVELLE]).partition(".")[0]
    assert read("avis", f"{autre}.{sceau}", [NOUVELLE]) is None


@given(st.text(max_size=80))
def test_anything_else_is_refused_quietly(texte: str) -> None:
    assert read("avis", texte, [NOUVELLE]) is None


@pytest.mark.parametrize("texte", ["", ".", "é.é", "AAAA.AAAA", "=.="])
def test_malformed_links_are_refused(texte: str) -> None:
    assert read("avis", texte, [NOUVELLE]) is None


def test_a_link_serves_its_purpose_alone() -> None:
    assert read("activation", sign("avis", uuid4(), [NOUVELLE]), [NOUVELLE]) is None
