"""The chain of hashes: nothing in the past can be changed, removed or moved unseen."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from services.contracts.inscriptions import Etat
from services.inscriptions.domain.journal import ORIGINE, Canal, Entree, Fait, est_intact

LE = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def chaine(motifs: list[str]) -> list[tuple[Entree, str]]:
    precedente = ORIGINE
    entrees = []
    for rang, motif in enumerate(motifs, start=1):
        entree = Entree(
            rang, LE + timedelta(minutes=rang), Fait.RELANCE, "Circuit", "Anne", Canal.CIRCUIT, None, Etat.PREINSCRIPTION, motif
        )
        precedente = entree.empreinte(precedente)
        entrees.append((entree, precedente))
    return entrees


@given(st.lists(st.text(), max_size=8))
def test_a_chain_as_written_is_whole(motifs: list[str]) -> None:
    assert est_intact(chaine(motifs))


@given(st.lists(st.text(), min_size=1, max_size=8), st.data())
def test_a_changed_line_shows(motifs: list[str], data: st.DataObject) -> None:
    entrees = chaine(motifs)
    touchee = data.draw(st.integers(0, len(entrees) - 1))
    entree, empreinte = entrees[touchee]
    entrees[touchee] = (replace(entree, motif=entree.motif + "x"), empreinte)
    assert not est_intact(entrees)


@given(st.lists(st.text(), min_size=2, max_size=8), st.data())
def test_a_removed_line_shows_unless_it_was_the_last(motifs: list[str], data: st.DataObject) -> None:
    entrees = chaine(motifs)
    del entrees[data.draw(st.integers(0, len(entrees) - 2))]
    assert not est_intact(entrees)


def test_the_hash_does_not_depend_on_the_time_zone_it_is_read_in() -> None:
    entree = chaine(["motif"])[0][0]
    ailleurs = replace(entree, le=entree.le.astimezone(timezone(timedelta(hours=-4))))
    assert ailleurs.empreinte(ORIGINE) == entree.empreinte(ORIGINE)
