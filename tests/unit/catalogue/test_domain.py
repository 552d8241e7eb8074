"""Rules of the catalogue, stated as properties where one can be."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.catalogue import domain
from services.catalogue.domain import Aire, Etat, EtatDuStage, Fermeture, Organisation, Places
from tests.unit.catalogue.fabrique import DEBUT, un_regroupement, un_stage, une_session

JOURS = st.dates(date(2020, 1, 1), date(2060, 12, 31))
INSTANTS = st.datetimes(datetime(2020, 1, 1), datetime(2060, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 -- hypothesis adds the zone
MAIRIE, AGGLO = UUID(int=10), UUID(int=11)


@given(INSTANTS, INSTANTS, st.sampled_from(Etat))
def test_a_session_is_open_until_its_date_limite_unless_cancelled(maintenant: datetime, limite: datetime, etat: Etat) -> None:
    fermeture = une_session(date_limite=limite, etat=etat).fermeture(maintenant)
    assert (fermeture is None) == (etat is Etat.PUBLIEE and maintenant <= limite)
    if etat is Etat.ANNULEE:
        assert fermeture is Fermeture.ANNULEE


@given(attendu=st.integers(1, 500), admises=st.integers(0, 600))
def test_places_left_are_never_negative_nor_more_than_expected(attendu: int, admises: int) -> None:
    etat = EtatDuStage(session=une_session(effectif_attendu=attendu, effectif_minimum=0), places=Places(admises=admises))
    assert 0 <= etat.disponibles <= attendu
    assert etat.disponibles == attendu - admises or admises > attendu


@given(JOURS)
def test_a_deadline_given_as_a_day_ends_with_that_day_in_paris(jour: date) -> None:
    limite = domain.fin_de_journee(jour)
    assert limite.astimezone(domain.PARIS).date() == jour
    assert (limite + timedelta(minutes=1)).astimezone(UTC).astimezone(domain.PARIS).date() == jour + timedelta(days=1)


@given(st.text(max_size=200))
def test_words_looked_for_hold_no_operator_whatever_is_typed(texte: str) -> None:
    mots = domain.termes(texte)
    assert len(mots) <= domain.MOTS_AU_PLUS
    assert all(mot.isalnum() for mot in mots)


def test_words_of_a_search() -> None:
    assert domain.termes("  L’écrit : rédiger (vite) & bien ! ") == ["écrit", "rédiger", "vite", "bien"]
    assert domain.termes("SXM5A 012") == ["sxm5a", "012"]
    assert domain.termes("Agents de la catégorie C") == ["agents", "catégorie", "c"]
    assert domain.termes("?!") == domain.termes("de la") == []


def test_dates_of_a_session_span_its_regroupements() -> None:
    session = une_session(regroupements=(un_regroupement(DEBUT, 2), un_regroupement(DEBUT + timedelta(days=14), 1)))
    assert (session.code, session.debut, session.fin) == ("SXM5A 001", DEBUT, DEBUT + timedelta(days=14))


def test_a_sound_stage_and_session_have_no_anomaly() -> None:
    assert domain.anomalies_du_stage(un_stage()) == []
    assert domain.anomalies_de_la_session(une_session()) == []


@given(
    st.lists(st.tuples(st.integers(0, 20), st.integers(1, 5)), min_size=1, max_size=6),
)
def test_regroupements_that_follow_each_other_are_sound_and_reversed_are_not(suite: list[tuple[int, int]]) -> None:
    regroupements, jour = [], DEBUT
    for ecart, jours in suite:
        regroupements.append(un_regroupement(jour + timedelta(days=ecart), jours))
        jour = regroupements[-1].fin + timedelta(days=1)
    assert domain.anomalies_de_la_session(une_session(regroupements=tuple(regroupements))) == []
    if len(regroupements) > 1:
        renverses = tuple(reversed(regroupements))
        assert domain.anomalies_de_la_session(une_session(regroupements=renverses)) == ["Les regroupements se suivent sans se chevaucher."]


@pytest.mark.parametrize(
    ("session", "phrase"),
    [
        (une_session(regroupements=()), "Une session compte au moins un regroupement."),
        (une_session("1"), "Le numéro d’une session compte trois chiffres."),
        (une_session(effectif_attendu=0, effectif_minimum=0), "L’effectif attendu est d’au moins une personne."),
        (une_session(effectif_minimum=16), "L’effectif minimum est compris entre zéro et l’effectif attendu."),
        (une_session(date_limite=domain.fin_de_journee(DEBUT)), "La date limite d’inscription précède le premier jour de la session."),
        (une_session(aire=Aire()), "L’aire de recrutement ne comprend personne."),
        (
            une_session(regroupements=(replace(un_regroupement(), fin=DEBUT - timedelta(days=1)),)),
            "Un regroupement finit au plus tôt le jour où il commence.",
        ),
        (une_session(regroupements=(replace(un_regroupement(), heure_fin=time(9)),)), "Une journée finit après son début."),
    ],
)
def test_each_anomaly_of_a_session_is_one_sentence(session: domain.Session, phrase: str) -> None:
    assert domain.anomalies_de_la_session(session) == [phrase]


@pytest.mark.parametrize(
    ("organisation", "aire", "saine"),
    [
        (Organisation.INTRA, Aire(collectivites=(MAIRIE,)), True),
        (Organisation.INTRA, Aire(collectivites=(MAIRIE, AGGLO)), False),
        (Organisation.INTRA, Aire(nationale=True), False),
        (Organisation.UNION, Aire(collectivites=(MAIRIE, AGGLO)), True),
        (Organisation.UNION, Aire(collectivites=(MAIRIE,)), False),
        (Organisation.UNION, Aire(departements=("35",), collectivites=(MAIRIE, AGGLO)), False),
        (Organisation.INTER, Aire(departements=("35",), collectivites=(MAIRIE,)), True),
    ],
)
def test_intra_and_union_are_for_the_collectivites_they_name(organisation: Organisation, aire: Aire, saine: bool) -> None:
    session = une_session(stage=un_stage(organisation=organisation), aire=aire)
    assert (domain.anomalies_de_la_session(session) == []) is saine


@pytest.mark.parametrize("autrement", [{"code": "sxm5a"}, {"intitule": ""}, {"duree_jours": 0}, {"duree_heures": -1}])
def test_each_anomaly_of_a_stage_is_one_sentence(autrement: dict[str, object]) -> None:
    assert len(domain.anomalies_du_stage(un_stage(**autrement))) == 1
