"""The avis link: only what we signed opens, with any key still in use."""

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.inscriptions.domain.jeton import jeton, lire

ANCIENNE, NOUVELLE = "ancienne-cle-de-demonstration", "nouvelle-cle-de-demonstration"


@given(st.uuids())
def test_a_link_names_its_demande(demande_id: UUID) -> None:
    assert lire(jeton(demande_id, [NOUVELLE]), [NOUVELLE]) == demande_id


def test_a_link_signed_with_the_former_key_still_opens() -> None:
    demande_id = uuid4()
    assert lire(jeton(demande_id, [ANCIENNE]), [NOUVELLE, ANCIENNE]) == demande_id
    assert lire(jeton(demande_id, [ANCIENNE]), [NOUVELLE]) is None


def test_a_link_cannot_be_turned_to_another_demande() -> None:
    sceau = jeton(uuid4(), [NOUVELLE]).partition(".")[2]
    autre = jeton(uuid4(), [NOUVELLE]).partition(".")[0]
    assert lire(f"{autre}.{sceau}", [NOUVELLE]) is None


@given(st.text(max_size=80))
def test_anything_else_is_refused_quietly(texte: str) -> None:
    assert lire(texte, [NOUVELLE]) is None


@pytest.mark.parametrize("texte", ["", ".", "é.é", "AAAA.AAAA", "=.="])
def test_malformed_links_are_refused(texte: str) -> None:
    assert lire(texte, [NOUVELLE]) is None
