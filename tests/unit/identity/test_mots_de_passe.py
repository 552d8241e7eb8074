"""What a password must be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.identity.domain.mots_de_passe import LONGUEUR, faiblesse

CLAIRE = ("claire.lebris", "Le Bris", "Claire", "claire.lebris")


@pytest.mark.parametrize(
    ("mot_de_passe", "raison"),
    [
        ("trop court", "au moins 12"),
        ("x" * 201, "au plus 200"),
        ("abababababab", "mêmes caractères"),
        ("CLAIRE.lebris!42", "votre nom"),
        ("Le-Brïs au large", "votre nom"),
        ("Azertyuiop12", "trop courant"),
        ("Mot de passe 1", "trop courant"),
    ],
)
def test_a_weak_password_is_told_why(mot_de_passe: str, raison: str) -> None:
    assert raison in (faiblesse(mot_de_passe, CLAIRE) or "")


def test_a_few_words_make_a_password() -> None:
    assert faiblesse("le chemin longe la Vilaine", CLAIRE) is None


def test_a_very_short_name_does_not_forbid_its_letters() -> None:
    assert faiblesse("le chemin longe la Vilaine", ("la", "Li")) is None


@given(st.text(max_size=LONGUEUR - 1))
def test_nothing_short_is_taken(mot_de_passe: str) -> None:
    assert faiblesse(mot_de_passe, ()) is not None
