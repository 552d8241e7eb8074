"""French typography, as printed."""

import ast
import re
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.kit import french
from services.kit.french import NBSP, NNBSP, date_longue, heure, instant_long, jour_et_date, nombre

KIT = Path(french.__file__).parent
MOIS = "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"


@pytest.mark.parametrize(
    ("jour", "attendu"),
    [(date(2027, 3, 1), "1er mars 2027"), (date(2026, 11, 23), "23 novembre 2026"), (date(2028, 2, 29), "29 février 2028")],
)
def test_a_date_in_full(jour: date, attendu: str) -> None:
    assert date_longue(jour) == attendu.replace(" ", NBSP)


@given(st.dates(min_value=date(1000, 1, 1)))
def test_every_date_reads_as_one(jour: date) -> None:
    assert re.fullmatch(rf"(1er|[2-9]|[123]\d){NBSP}({MOIS}){NBSP}{jour.year}", date_longue(jour))
    assert jour_et_date(jour).endswith(f"di {date_longue(jour)}") or jour_et_date(jour) == f"dimanche {date_longue(jour)}"


def test_an_instant_is_said_at_its_paris_date_and_hour() -> None:
    assert instant_long(datetime(2027, 2, 28, 23, 30, tzinfo=UTC)) == f"lundi 1er{NBSP}mars{NBSP}2027 à 0{NBSP}h{NBSP}30"
    assert instant_long(datetime(2027, 7, 14, 7, 0, tzinfo=UTC)) == f"mercredi 14{NBSP}juillet{NBSP}2027 à 9{NBSP}h"
    assert date_longue(datetime(2027, 2, 28, 23, 30, tzinfo=UTC)) == f"1er{NBSP}mars{NBSP}2027"


@pytest.mark.parametrize(
    ("moment", "attendu"), [(time(9), "9 h"), (time(9, 5), "9 h 05"), (time(0, 30), "0 h 30"), (time(18, 45), "18 h 45")]
)
def test_an_hour(moment: time, attendu: str) -> None:
    assert heure(moment) == attendu.replace(" ", NBSP)


@pytest.mark.parametrize(
    ("valeur", "attendu"),
    [
        (0, "0"),
        (999, "999"),
        (1250, "1 250"),
        (1_000_000, "1 000 000"),
        (-1250, "-1 250"),
        (7.5, "7,5"),
        (7.0, "7"),
        (1250.25, "1 250,25"),
        (100.0, "100"),
    ],
)
def test_a_number(valeur: float, attendu: str) -> None:
    assert nombre(valeur) == attendu.replace(" ", NNBSP)


@given(st.integers(-(10**12), 10**12))
def test_a_number_can_be_read_back_and_holds_on_one_line(valeur: int) -> None:
    texte = nombre(valeur)
    assert int(texte.replace(NNBSP, "")) == valeur
    assert all(len(groupe) == 3 for groupe in texte.lstrip("-").split(NNBSP)[1:])
    assert " " not in texte


def sentences() -> list[tuple[str, str]]:
    """Every text of the kit that people read: it holds a letter that English has not, or a French apostrophe."""
    found = []
    for path in sorted(KIT.rglob("*.py")):
        tree = ast.parse(path.read_text())
        docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        texts = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
        found += [(f"{path.name}:{node.lineno}", str(node.value)) for node in texts if id(node) not in docstrings]
    return [(where, said) for where, said in found if re.search("[àâçéèêëîïôùûÀÇÉÈ’«]", said)]


@pytest.mark.parametrize(("where", "said"), sentences())
def test_what_people_read_is_well_set(where: str, said: str) -> None:
    assert not re.search(r"[^\u00a0 ]:(\s|$)| :", said), "a no-break space before a colon"
    assert not re.search(r"[^\u202f][;!?](\s|$)", said), "a narrow no-break space before ; ! ?"
    assert not re.search("[A-Za-zé]'[a-zéê]", said), "a typographic apostrophe"
    assert not re.search("«[^\u00a0]|[^\u00a0]»", said), "no-break spaces inside guillemets"
    assert "..." not in said
