"""Reading of the demonstration files: all sound, or every anomaly where it stands."""

from datetime import date, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.catalogue.seed import Donnees, lundi_de

LUNDI = date(2026, 11, 23)
STRUCTURES = "code;nom\nBRE;Délégation Bretagne\n"
STAGES = (
    "code;intitule;domaine;nature;organisation;duree_jours;duree_heures;objectifs;public\n"
    "SXM5A;Rédiger;Juridique;perfectionnement;inter;2;12;Savoir rédiger;Rédacteurs\n"
)
EN_TETE = (
    "stage;numero;structure;lieu;adresse;regroupements;limite_avant;effectif_attendu;effectif_minimum;"
    "aire_nationale;aire_departements;aire_collectivites;conseiller;conseiller_email\n"
)
SESSION = "SXM5A;001;BRE;Rennes;1 rue X;57-58@09:00-17:00|71-71@09:30-16:30;42;15;8;non;35,56;;A. B.;a@x.example\n"


def lire(dossier: Path, *, structures: str = STRUCTURES, stages: str = STAGES, sessions: str = EN_TETE + SESSION) -> Donnees:
    for nom, contenu in (("structures", structures), ("stages", stages), ("sessions", sessions)):
        (dossier / f"{nom}.csv").write_text(contenu, encoding="utf-8")
    donnees = Donnees(dossier, LUNDI)
    donnees.lire()
    return donnees


def test_dates_are_relative_to_day_zero(tmp_path: Path) -> None:
    donnees = lire(tmp_path)
    assert donnees.anomalies == []
    session = donnees.sessions["SXM5A 001"]
    assert [(r.debut, r.fin) for r in session.regroupements] == [
        (LUNDI + timedelta(days=57), LUNDI + timedelta(days=58)),
        (LUNDI + timedelta(days=71), LUNDI + timedelta(days=71)),
    ]
    assert session.regroupements[1].heure_debut == time(9, 30)
    assert session.date_limite.isoformat() == "2026-12-08T23:59:00+01:00"
    assert session.aire.departements == ("35", "56")


@given(st.dates(date(1990, 1, 1)))
def test_day_zero_is_the_monday_of_the_week(jour: date) -> None:
    lundi = lundi_de(jour)
    assert lundi.weekday() == 0
    assert timedelta(0) <= jour - lundi < timedelta(days=7)


@pytest.mark.parametrize(
    ("avant", "apres", "phrase"),
    [
        (";42;", ";bientôt;", "ligne 2, colonne limite_avant\xa0: «\xa0bientôt\xa0» n’est pas un nombre entier."),
        (";non;", ";peut-être;", "«\xa0peut-être\xa0» n’est pas «\xa0oui\xa0» ou «\xa0non\xa0»."),
        (";Rennes;", ";;", "ligne 2, colonne lieu\xa0: la cellule est vide."),
        ("SXM5A;", "ABCDE;", "colonne stage\xa0: «\xa0ABCDE\xa0» n’est pas le code d’un stage de stages.csv."),
        (";BRE;", ";XXX;", "colonne structure\xa0: «\xa0XXX\xa0» n’est pas le code d’une structure de structures.csv."),
        ("57-58@09:00-17:00", "57-58", "n’est pas une suite de regroupements comme 57-58@09:00-17:00."),
        ("57-58@09:00-17:00", "57-58@29:00-17:00", "n’est pas une suite de regroupements comme 57-58@09:00-17:00."),
        (";8;non", ";80;non", "ligne 2, L’effectif minimum est compris entre zéro et l’effectif attendu."),
        ("a@x.example", "a@x.example;encore", "ligne 2, la ligne a plus de cellules que l’en-tête."),
    ],
)
def test_an_anomaly_tells_file_line_and_column(tmp_path: Path, avant: str, apres: str, phrase: str) -> None:
    assert avant in SESSION
    donnees = lire(tmp_path, sessions=EN_TETE + SESSION.replace(avant, apres, 1))
    assert len(donnees.anomalies) == 1
    assert donnees.anomalies[0].startswith("sessions.csv, ")
    assert phrase in donnees.anomalies[0]


def test_every_anomaly_is_told_at_once(tmp_path: Path) -> None:
    donnees = lire(tmp_path, stages=STAGES.replace(";inter;", ";ailleurs;"), sessions=EN_TETE + SESSION + SESSION)
    assert [anomalie.split(",")[:2] for anomalie in donnees.anomalies] == [
        ["stages.csv", " ligne 2"],
        ["sessions.csv", " ligne 2"],
        ["sessions.csv", " ligne 3"],
    ]


def test_a_code_given_twice_a_missing_column_and_a_missing_file_are_told(tmp_path: Path) -> None:
    assert lire(tmp_path, sessions=EN_TETE + SESSION + SESSION).anomalies == [
        "sessions.csv, ligne 3, le code SXM5A 001 figure déjà plus haut."
    ]
    assert lire(tmp_path, structures="code\nBRE\n", sessions=EN_TETE).anomalies == ["structures.csv\xa0: la colonne nom manque."]
    (tmp_path / "stages.csv").unlink()
    donnees = Donnees(tmp_path, LUNDI)
    donnees.lire()
    assert f"Le fichier {tmp_path / 'stages.csv'} n’existe pas." in donnees.anomalies
