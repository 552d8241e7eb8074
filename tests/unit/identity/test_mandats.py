"""The rules of mandates: dates that overlap, who may do what, how far rights go."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts.acteur import Droit, Role
from services.identity.domain.mandats import (
    PORTEES,
    Acte,
    Cote,
    EtatMandat,
    Objet,
    Periode,
    actes_possibles,
    droits_sous_mandat,
    etat_au,
    nom_court,
)
from services.identity.domain.roles import ROLES
from services.identity.libelles import deja_donne, periode_en_mots
from services.kit.french import NBSP

ORIGINE = date(2027, 1, 1)
JOURS = [ORIGINE + timedelta(days=n) for n in range(40)]
LE_1ER = f"1er{NBSP}janvier{NBSP}2027"


@st.composite
def periodes(draw: st.DrawFn) -> Periode:
    debut = draw(st.integers(0, 25))
    duree = draw(st.none() | st.integers(0, 12))
    return Periode(JOURS[debut], None if duree is None else JOURS[debut + duree])


@given(periodes(), periodes())
def test_two_periods_overlap_when_some_day_is_in_both(une: Periode, autre: Periode) -> None:
    un_jour_commun = any(une.contient(jour) and autre.contient(jour) for jour in JOURS)
    assert une.recouvre(autre) == autre.recouvre(une) == un_jour_commun


@given(periodes(), st.sampled_from(JOURS))
def test_what_is_left_of_a_period_holds_no_day_of_the_past(periode: Periode, jour: date) -> None:
    reste = periode.a_partir_de(jour)
    assert [j for j in JOURS if reste.contient(j)] == [j for j in JOURS if periode.contient(j) and j >= jour]


@given(st.sets(st.sampled_from(Role)), st.sets(st.sampled_from(Objet)))
def test_nobody_does_more_than_the_mandate_nor_than_at_home(roles: set[Role], portee: set[Objet]) -> None:
    siens = frozenset().union(*(ROLES[role].droits for role in roles))
    permis = droits_sous_mandat(siens, portee)
    assert permis <= siens
    assert all(any(droit in PORTEES[objet].droits for objet in portee) for droit in permis)
    assert Droit.LIRE_AMENAGEMENTS not in permis


@pytest.mark.parametrize("propose_par", Cote)
def test_one_answers_what_the_other_proposes(propose_par: Cote) -> None:
    assert actes_possibles(EtatMandat.PROPOSE, propose_par=propose_par, cote=propose_par) == (Acte.RETIRER,)
    assert actes_possibles(EtatMandat.PROPOSE, propose_par=propose_par, cote=propose_par.autre) == (Acte.ACCEPTER, Acte.REFUSER)
    for cote in Cote:
        assert actes_possibles(EtatMandat.ACCEPTE, propose_par=propose_par, cote=cote) == (Acte.REVOQUER,)
        for etat in (EtatMandat.REFUSE, EtatMandat.RETIRE, EtatMandat.REVOQUE, EtatMandat.TERMINE):
            assert actes_possibles(etat, propose_par=propose_par, cote=cote) == ()


def test_a_mandate_ends_by_itself() -> None:
    periode = Periode(ORIGINE, JOURS[10])
    assert etat_au(EtatMandat.ACCEPTE, periode, JOURS[9]) is EtatMandat.ACCEPTE
    assert etat_au(EtatMandat.ACCEPTE, periode, JOURS[10]) is EtatMandat.TERMINE
    assert etat_au(EtatMandat.PROPOSE, periode, JOURS[10]) is EtatMandat.PROPOSE


@pytest.mark.parametrize(
    ("nom", "court"),
    [
        ("Centre de gestion d’Ille-et-Vilaine (CDG 35)", "CDG 35"),
        ("Commune de Saint-Gwenn-des-Bois", "Commune de Saint-Gwenn-des-Bois"),
        ("Syndicat (mixte) des eaux", "Syndicat (mixte) des eaux"),
    ],
)
def test_an_organisation_signs_by_its_abbreviation(nom: str, court: str) -> None:
    assert nom_court(nom) == court


def test_dates_are_told_as_people_count_them() -> None:
    assert periode_en_mots(Periode(ORIGINE)) == f"à partir du {LE_1ER}"
    assert periode_en_mots(Periode(ORIGINE, JOURS[31])) == f"du {LE_1ER} au 31{NBSP}janvier{NBSP}2027"
    phrase = deja_donne("Rochebrune", "CDG 35", [Objet.AGENTS, Objet.DEMANDES], Periode(ORIGINE))
    assert phrase.endswith(f"à CDG 35 à partir du {LE_1ER}{NBSP}: les demandes de formation, les agents et les services.")
