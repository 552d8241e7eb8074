"""What is said of dates, delays and states."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from services.contracts.catalogue import Regroupement
from services.contracts.inscriptions import Delai, EtapeCourante, Etat, SensAvis, UniteDelai
from services.web import build_static, formats

MAINTENANT = datetime(2026, 11, 23, 22, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("debut", "fin", "attendu"),
    [
        (date(2027, 3, 1), date(2027, 3, 1), "le 1er mars 2027"),
        (date(2027, 3, 1), date(2027, 3, 3), "du 1er au 3 mars 2027"),
        (date(2027, 2, 28), date(2027, 3, 2), "du 28 février au 2 mars 2027"),
        (date(2026, 12, 31), date(2027, 1, 2), "du 31 décembre 2026 au 2 janvier 2027"),
    ],
)
def test_a_run_of_days_repeats_nothing(debut: date, fin: date, attendu: str) -> None:
    assert formats.periode(debut, fin).replace("\N{NO-BREAK SPACE}", " ") == attendu


@pytest.mark.parametrize(("valeur", "attendu"), [(0, ""), (1, "+1"), (-2, "−2"), (1200, "+1\N{NARROW NO-BREAK SPACE}200")])
def test_a_difference_bears_its_sign(valeur: int, attendu: str) -> None:
    assert formats.ecart(valeur) == attendu


def test_a_regroupement_says_its_hours() -> None:
    valeur = Regroupement(debut=date(2027, 3, 1), fin=date(2027, 3, 2), heure_debut=time(9), heure_fin=time(16, 30))
    assert formats.regroupement(valeur).replace("\N{NO-BREAK SPACE}", " ") == "du 1er au 2 mars 2027, de 9 h à 16 h 30"


def test_the_age_follows_the_calendar_of_paris() -> None:
    assert formats.anciennete(MAINTENANT, MAINTENANT) == "aujourd’hui"
    assert formats.anciennete(MAINTENANT - timedelta(hours=1), MAINTENANT + timedelta(hours=1)) == "hier"
    assert formats.anciennete(MAINTENANT - timedelta(days=12), MAINTENANT).replace("\N{NO-BREAK SPACE}", " ") == "il y a 12 jours"


def test_a_deadline_is_far_near_or_past() -> None:
    assert formats.urgence(MAINTENANT + timedelta(days=3), MAINTENANT) == "loin"
    assert formats.urgence(MAINTENANT + timedelta(hours=5), MAINTENANT) == "proche"
    assert formats.urgence(MAINTENANT, MAINTENANT) == "depassee"


def test_delays_and_counts_agree() -> None:
    assert formats.delai(Delai(valeur=1)) == "1\N{NO-BREAK SPACE}jour ouvré"
    assert formats.delai(Delai(valeur=5)) == "5\N{NO-BREAK SPACE}jours ouvrés"
    assert formats.delai(Delai(valeur=20, unite=UniteDelai.SECONDES)) == "20\N{NO-BREAK SPACE}secondes"
    assert formats.accord(0, "place") == "0\N{NO-BREAK SPACE}place"
    assert formats.accord(2, "place attribuée", "places attribuées") == "2\N{NO-BREAK SPACE}places attribuées"


def test_every_state_has_words_and_an_icon() -> None:
    assert set(formats.ETATS) == set(formats.LIBELLES_ETATS) == set(Etat)
    assert set(formats.AVIS) == {None, *SensAvis}
    dessins = {apparence.icone for apparence in [*formats.ETATS.values(), *formats.AVIS.values()]} | set(formats.FAITS.values())
    assert dessins <= set(build_static.ICONES)


@pytest.mark.parametrize(
    ("etat", "etape", "attendu"),
    [
        (Etat.PREINSCRIPTION, EtapeCourante.AVIS, "faite courante a_venir a_venir a_venir"),
        (Etat.PREINSCRIPTION, EtapeCourante.VALIDATION, "faite faite courante a_venir a_venir"),
        (Etat.LISTE_ATTENTE, EtapeCourante.INSTRUCTION, "faite faite faite courante a_venir"),
        (Etat.ACCEPTEE, EtapeCourante.CONVOCATION, "faite faite faite faite courante"),
        (Etat.CONVOQUEE, EtapeCourante.TERMINEE, "faite faite faite faite faite"),
        (Etat.REFUSEE_COLLECTIVITE, EtapeCourante.TERMINEE, "faite faite arretee a_venir a_venir"),
        (Etat.REFUSEE_ORGANISME, EtapeCourante.TERMINEE, "faite faite faite arretee a_venir"),
        (Etat.RETIREE, EtapeCourante.TERMINEE, "faite arretee a_venir a_venir a_venir"),
    ],
)
def test_the_path_stops_where_the_request_is(etat: Etat, etape: EtapeCourante, attendu: str) -> None:
    haltes = formats.parcours(etat, etape, transmise=False, avis_clos=False, sans_avis=False)
    assert " ".join(halte.etat for halte in haltes) == attendu


def test_a_request_that_needs_no_avis_does_not_stop_there() -> None:
    haltes = formats.parcours(Etat.PREINSCRIPTION, EtapeCourante.VALIDATION, transmise=False, avis_clos=False, sans_avis=True)
    assert [halte.nom for halte in haltes] == ["Dépôt", "Validation", "Instruction", "Convocation"]


def test_a_request_expires_where_it_was() -> None:
    haltes = formats.parcours(Etat.EXPIREE, EtapeCourante.TERMINEE, transmise=True, avis_clos=True, sans_avis=False)
    assert next(halte.nom for halte in haltes if halte.etat == "arretee") == "Instruction"
