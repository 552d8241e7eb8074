"""The demonstration files are sound, and unsound ones are told line by line."""

import shutil
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path

import pytest
from stdnum.fr import siret

from services.contracts import ids
from services.contracts.acteur import Role
from services.identity.domain.valeurs import GenreStructure, Nature
from services.identity.seed.fichiers import Donnees, DonneesRefuseesError, lire
from services.kit.french import NBSP

DEMO = Path("deploy/demo")


@pytest.fixture(scope="module")
def demo() -> Donnees:
    return lire(DEMO)


def test_it_is_as_large_as_promised(demo: Donnees) -> None:
    genres = Counter(structure.genre for structure in demo.structures)
    assert genres == {GenreStructure.DELEGATION: 18, GenreStructure.INSTITUT: 5}
    assert len(demo.collectivites) >= 30
    natures = Counter(collectivite.nature for collectivite in demo.collectivites)
    assert set(natures) == set(Nature)
    assert natures[Nature.CENTRE_DE_GESTION] == 2
    assert len(demo.agents) == 2000
    assert (DEMO / "agents.csv").stat().st_size < 500_000


def test_sirets_are_valid_elsewhere_too(demo: Donnees) -> None:
    assert all(siret.is_valid(collectivite.siret) for collectivite in demo.collectivites)


def test_the_delegation_of_reference_is_that_of_the_departement(demo: Donnees) -> None:
    ressorts = {departement: structure.code for structure in demo.structures for departement in structure.departements}
    assert len(ressorts) == 101
    assert all(ressorts[collectivite.departement] == collectivite.delegation for collectivite in demo.collectivites)


def test_a_grade_has_one_cadre_one_filiere_and_one_categorie(demo: Donnees) -> None:
    places: dict[str, set[tuple[str | None, ...]]] = defaultdict(set)
    for agent in demo.agents:
        if agent.grade:
            places[agent.grade].add((agent.cadre_emplois, agent.filiere))
            assert agent.cadre_emplois
            assert agent.filiere
            assert agent.categorie
    assert {grade for grade, ou in places.items() if len(ou) > 1} == set()


def test_mails_are_unique_and_lead_nowhere(demo: Donnees) -> None:
    mails = [agent.email for agent in demo.agents]
    assert len(set(mails)) == len(mails)
    assert all(mail.endswith(".example") for mail in mails)


def test_every_collectivite_has_someone_to_validate(demo: Donnees) -> None:
    gerees = {compte.collectivite for compte in demo.comptes if Role.GESTIONNAIRE_PRINCIPAL in compte.role}
    assert gerees | {mandat.mandant for mandat in demo.mandats} == {collectivite.siret for collectivite in demo.collectivites}
    assert gerees >= {mandat.mandataire for mandat in demo.mandats}
    assert {role for compte in demo.comptes for role in compte.role} == set(Role) - {Role.SUPERIEUR, Role.CLIENT_API}


def test_the_account_of_an_agent_bears_his_name(demo: Donnees) -> None:
    agents = {(agent.siret, agent.matricule): agent for agent in demo.agents}
    for compte in demo.comptes:
        if compte.collectivite and compte.matricule:
            agent = agents[compte.collectivite, compte.matricule]
            assert (compte.nom, compte.prenom, compte.email) == (agent.nom, agent.prenom, agent.email)


def test_ids_are_the_same_everywhere() -> None:
    assert ids.collectivite_id("213 509 508 00015") == ids.collectivite_id("21350950800015")
    assert ids.session_id("sxm5a001") == ids.session_id("SXM5A 001")
    assert ids.agent_id("21350950800015", "00936") != ids.agent_id("21350950800015", "00937")


Corriger = Callable[[str], str]


def refus(dossier: Path, fichier: str, corriger: Corriger) -> list[str]:
    """The anomalies told when the text of one file is changed."""
    shutil.copytree(DEMO, dossier, dirs_exist_ok=True)
    chemin = dossier / fichier
    chemin.write_text(corriger(chemin.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(DonneesRefuseesError) as erreur:
        lire(dossier)
    return list(erreur.value.anomalies)


@pytest.mark.parametrize(
    ("fichier", "avant", "apres", "attendu"),
    [
        (
            "collectivites.csv",
            "21350950800015",
            "21350950800016",
            "ligne 2, colonne siret : Ce SIRET n’est pas valable",
        ),
        ("collectivites.csv", ";35950;35;", ";29950;35;", "ligne 2 : le code INSEE et le département ne s’accordent pas."),
        ("collectivites.csv", ";BRE;418;", ";BZH;418;", "ligne 2, colonne delegation : BZH n’existe pas."),
        ("collectivites.csv", ";oui;", ";peut-être;", "ligne 2, colonne preinscription_agents : écrivez « oui » ou « non »."),
        ("agents.csv", ";1962-01-01;", ";01/01/1962;", "ligne 2, colonne date_naissance : écrivez la date sous la forme AAAA-MM-JJ."),
        ("agents.csv", ";Cozic;", ";;", "ligne 2, colonne nom : cette cellule est vide ou trop courte."),
        ("agents.csv", ";00395;", ";00392;", "ligne 3 : ce matricule est déjà à la ligne 2."),
        ("agents.csv", ";titulaire;", ";permanent;", "ligne 2, colonne statut : valeur inconnue, choisissez parmi"),
        ("services.csv", ";DG;", ";DIR;", "ligne 3, colonne parent : DG n’existe pas."),
        (
            "comptes.csv",
            "agent;Claire;Le Bris;claire.lebris",
            "agent;Claire;Le Bris;solene.morvan",
            "ligne 3 : cet identifiant est déjà à la ligne 2.",
        ),
        ("comptes.csv", ";00936;", ";;", "ligne 2 : un agent se reconnaît à son matricule."),
        ("mandats.csv", ";28350952900014;", ";21350951600018;", "ligne 2 : nul ne se donne mandat à lui-même."),
        ("mandats.csv", ";demandes,", ";inscriptions,", "ligne 2, colonne portee : valeur inconnue, choisissez parmi"),
        ("structures.csv", "code;nom;", "code;libelle;", "ligne 2, colonne nom : cette colonne manque."),
    ],
)
def test_an_anomaly_is_told_with_its_line(tmp_path: Path, fichier: str, avant: str, apres: str, attendu: str) -> None:
    anomalies = refus(tmp_path, fichier, lambda texte: texte.replace(avant, apres, 1))
    attendu = attendu.replace(" :", f"{NBSP}:").replace("« ", f"«{NBSP}").replace(" »", f"{NBSP}»")
    assert any(anomalie.startswith(f"{fichier}, {attendu}") for anomalie in anomalies), anomalies[:5]


def test_every_anomaly_is_told_at_once(tmp_path: Path) -> None:
    anomalies = refus(tmp_path, "agents.csv", lambda texte: texte.replace(";titulaire;", ";permanent;"))
    assert len(anomalies) > 1000


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DonneesRefuseesError, match=r"comptes\.csv"):
        lire(tmp_path)


def test_a_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    shutil.copytree(DEMO, tmp_path, dirs_exist_ok=True)
    (tmp_path / "comptes.csv").write_text("role;prénom\n", encoding="latin-1")
    with pytest.raises(DonneesRefuseesError, match="UTF-8"):
        lire(tmp_path)
