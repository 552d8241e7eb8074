"""The table of transitions: what leads where, and what it does to the places."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts.inscriptions import Etat, Issue, NatureDecision
from services.inscriptions.domain.etats import EXPIRATIONS, TRANSITIONS, VIVANTS, TransitionImpossibleError, expiration, transition

FINS = {Etat.REFUSEE_COLLECTIVITE, Etat.REFUSEE_ORGANISME, Etat.RETIREE, Etat.EXPIREE}


def test_a_request_is_alive_or_ended() -> None:
    assert set(Etat) == VIVANTS | FINS
    assert not VIVANTS & FINS


@pytest.mark.parametrize("etat", sorted(FINS | {Etat.CONVOQUEE}))
def test_nothing_moves_a_request_that_ended(etat: Etat) -> None:
    assert all(avant is not etat for _, _, avant in TRANSITIONS)
    with pytest.raises(TransitionImpossibleError):
        expiration(etat)


def test_an_avis_advises_and_changes_no_state() -> None:
    for (nature, _, avant), passage in TRANSITIONS.items():
        if nature is NatureDecision.AVIS:
            assert passage.vers is avant
            assert not passage.mouvement


def test_only_an_acceptance_takes_a_seat() -> None:
    for (_, issue, _), passage in TRANSITIONS.items():
        assert (passage.mouvement.admises > 0) is (issue is Issue.ACCEPTER)


@given(st.lists(st.sampled_from(sorted(TRANSITIONS)), max_size=30))
def test_figures_of_any_life_stay_those_of_its_state(choix: list[tuple[NatureDecision, Issue, Etat]]) -> None:
    """Whatever happens to a request, it weighs one seat when accepted, one place in the queue when waiting, else none."""
    etat, recues, admises, en_attente = Etat.PREINSCRIPTION, 0, 0, 0
    for nature, issue, _ in choix:
        try:
            passage = transition(nature, issue, etat)
        except TransitionImpossibleError:
            continue
        etat = passage.vers
        recues += passage.mouvement.recues
        admises += passage.mouvement.admises
        en_attente += passage.mouvement.en_attente
        assert admises == (etat is Etat.ACCEPTEE)
        assert en_attente == (etat is Etat.LISTE_ATTENTE)
        assert recues == (etat not in {Etat.PREINSCRIPTION, Etat.REFUSEE_COLLECTIVITE, Etat.RETIREE})


@pytest.mark.parametrize("etat", sorted(EXPIRATIONS))
def test_expiry_frees_the_place_in_the_queue(etat: Etat) -> None:
    passage = expiration(etat)
    assert passage.vers is Etat.EXPIREE
    assert passage.mouvement.en_attente == (-1 if etat is Etat.LISTE_ATTENTE else 0)
