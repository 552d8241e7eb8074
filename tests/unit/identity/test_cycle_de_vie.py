"""Which change of state of a collectivité is possible."""

from itertools import product

import pytest

from services.identity.domain.cycle_de_vie import PASSAGES, refus, retire_les_droits
from services.identity.domain.valeurs import EtatCollectivite as Etat

POSSIBLES = {
    (Etat.OPERATIONNELLE, Etat.SUSPENDUE),
    (Etat.OPERATIONNELLE, Etat.CLOSE),
    (Etat.SUSPENDUE, Etat.OPERATIONNELLE),
    (Etat.SUSPENDUE, Etat.CLOSE),
    (Etat.CLOSE, Etat.OPERATIONNELLE),
}


@pytest.mark.parametrize(("depuis", "vers"), list(product(Etat, Etat)))
def test_every_pair_is_either_possible_or_told_why_not(depuis: Etat, vers: Etat) -> None:
    assert (refus(depuis, vers) == "") is ((depuis, vers) in POSSIBLES)


def test_every_state_is_known() -> None:
    assert set(PASSAGES) == set(Etat)


@pytest.mark.parametrize(
    ("depuis", "vers", "phrase"),
    [
        (Etat.SUSPENDUE, Etat.SUSPENDUE, "Cette collectivité est déjà suspendue."),
        (Etat.EN_OUVERTURE, Etat.SUSPENDUE, "Le compte de cette collectivité n’est pas encore ouvert."),
        (Etat.CLOSE, Etat.SUSPENDUE, "Une collectivité close ne peut pas devenir suspendue."),
    ],
)
def test_a_refusal_says_why(depuis: Etat, vers: Etat, phrase: str) -> None:
    assert refus(depuis, vers) == phrase


def test_only_a_collectivite_that_works_gives_rights() -> None:
    assert {etat for etat in Etat if not retire_les_droits(etat)} == {Etat.OPERATIONNELLE}
