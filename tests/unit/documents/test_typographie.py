"""Text as French sets it, and as paper can carry it."""

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.documents.domain import NBSP, NNBSP, composer, dernier_jour_pour_annuler, imprimable


@pytest.mark.parametrize(
    ("tape", "compose"),
    [
        ("Classe virtuelle : le lien suit", f"Classe virtuelle{NBSP}: le lien suit"),
        ("Prêt ? Oui ; non !", f"Prêt{NNBSP}? Oui{NNBSP}; non{NNBSP}!"),
        ("dit « sûr » ici", f"dit «{NBSP}sûr{NBSP}» ici"),
        ("dit «sûr », ici", f"dit «{NBSP}sûr{NBSP}», ici"),
        ("l'acte d'un maire", "l’acte d’un maire"),
        (f"déjà{NBSP}: fait{NNBSP}!", f"déjà{NBSP}: fait{NNBSP}!"),
        ("à 9:30, https://x.example/?a;b", "à 9:30, https://x.example/?a;b"),
        ("rien à changer", "rien à changer"),
    ],
)
def test_prose_is_set_in_french(tape: str, compose: str) -> None:
    assert composer(tape) == compose
    assert composer(compose) == compose


@given(st.text(max_size=200))
def test_setting_twice_changes_nothing_more(prose: str) -> None:
    assert composer(composer(prose)) == composer(prose)


def test_accents_typed_apart_are_put_together() -> None:
    assert imprimable("Ste\N{COMBINING ACUTE ACCENT}phane") == "Stéphane"


def test_a_name_cannot_turn_the_line_around() -> None:
    assert imprimable("Anne\N{RIGHT-TO-LEFT OVERRIDE}\0 Le\tBihan") == "Anne  Le Bihan"


@given(st.text(max_size=200))
def test_nothing_without_a_drawing_remains(texte: str) -> None:
    net = imprimable(texte)
    assert all(unicodedata.category(lettre) not in {"Cc", "Cs", "Co", "Cn"} for lettre in net)
    assert imprimable(net) == net


def test_the_last_day_to_cancel_counts_from_the_first_day() -> None:
    assert dernier_jour_pour_annuler([date(2027, 4, 5), date(2027, 3, 1)], 15) == date(2027, 2, 14)
