"""Who gets which of the seats left, and when two sessions meet."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts.catalogue import ModeAdmission, Regroupement
from services.contracts.inscriptions import Etat
from services.inscriptions.domain.admission import Accueil
from services.inscriptions.domain.collective import jours_communs
from services.inscriptions.domain.places import Chiffres

NOMBRES = st.integers(0, 30)


def accueil(*, effectif: int = 10, admises: int = 0, en_attente: int = 0, liste: bool = True, au_fil: bool = True) -> Accueil:
    chiffres = Chiffres(effectif, max(effectif, admises), admises + en_attente, admises, en_attente)
    mode = ModeAdmission.AU_FIL_DE_L_EAU if au_fil else ModeAdmission.SUR_SELECTION
    return Accueil(mode=mode, liste_attente=liste, chiffres=chiffres)


@given(effectif=NOMBRES, admises=NOMBRES, en_attente=NOMBRES, combien=NOMBRES, liste=st.booleans())
def test_seats_go_in_order_and_never_beyond_the_effectif(effectif: int, admises: int, en_attente: int, combien: int, liste: bool) -> None:
    sorts = accueil(effectif=effectif, admises=admises, en_attente=en_attente, liste=liste).repartir(combien)
    assert len(sorts) == combien
    etats = [sort.etat if sort else None for sort in sorts]
    donnees = etats.count(Etat.ACCEPTEE)
    assert donnees == (0 if en_attente else min(combien, max(effectif - admises, 0)))
    assert etats[:donnees] == [Etat.ACCEPTEE] * donnees, "the first come first"
    assert set(etats[donnees:]) <= {Etat.LISTE_ATTENTE if liste else None}


def test_each_is_told_his_seat_or_his_rank() -> None:
    motifs = [sort.motif for sort in accueil(effectif=3, admises=1).repartir(4) if sort]
    assert motifs == ["Place 2 sur 3", "Place 3 sur 3", "Rang 1", "Rang 2"]
    assert [sort.motif for sort in accueil(en_attente=4).repartir(1) if sort] == ["Rang 5"]


def test_where_the_conseiller_chooses_all_are_only_transmitted() -> None:
    assert [sort and sort.etat for sort in accueil(admises=10, au_fil=False).repartir(2)] == [Etat.TRANSMISE] * 2


def jours(*bornes: tuple[int, int]) -> list[Regroupement]:
    matin, soir = time(9), time(17)
    return [Regroupement(debut=date(2027, 3, a), fin=date(2027, 3, b), heure_debut=matin, heure_fin=soir) for a, b in bornes]


@pytest.mark.parametrize(
    ("une", "autre", "attendu"),
    [
        (jours((1, 2), (15, 16)), jours((3, 4), (16, 18)), date(2027, 3, 16)),
        (jours((1, 5)), jours((3, 3)), date(2027, 3, 3)),
        (jours((1, 2), (15, 16)), jours((3, 14)), None),
    ],
)
def test_sessions_meet_on_their_first_common_day(une: list[Regroupement], autre: list[Regroupement], attendu: date | None) -> None:
    assert jours_communs(une, autre) == jours_communs(autre, une) == attendu
