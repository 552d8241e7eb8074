"""What a file of agents would change: cells, columns, lines, then properties of any file."""

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.identity.domain.imports.analyse import Action, Connu, Effectif, Ligne, Verdict, analyser, cellule_ecrite
from services.identity.domain.imports.cellules import contient_un_nir, jour, jour_ecrit, nettoyer, neutraliser, proteger, retablir
from services.identity.domain.imports.colonnes import CHAMPS, EnteteInvalideError, reconnaitre
from services.identity.domain.imports.controles import portable, temps_de_travail

AUJOURD_HUI = date(2026, 11, 23)
SERVICES = {"POP": "Population et état civil", "EVP": "Espaces verts", "EV2": "Espaces verts"}
CLAIRE = {
    "matricule": "00936",
    "civilite": "Mme",
    "nom": "Le Bris",
    "prenom": "Claire",
    "date_naissance": "1985-03-01",
    "email": "claire.lebris@rochebrune.example",
    "statut": "titulaire",
    "fonction": "Officière d’état civil",
    "service": "POP",
    "temps_travail": "100",
}
NOUVEAU = {
    "matricule": "01000",
    "civilite": "Monsieur",
    "nom": "Morvan",
    "prenom": "Yann",
    "date_naissance": "12/07/1990",
    "email": "yann.morvan@rochebrune.example",
    "statut": "Contractuel de droit public",
    "fonction": "Jardinier",
}
EFFECTIF = Effectif(SERVICES, [Connu("id-claire", CLAIRE)])


def lu(*lignes: dict[str, str]) -> list[Verdict]:
    return analyser([Ligne(n, cellules) for n, cellules in enumerate(lignes, 2)], EFFECTIF, AUJOURD_HUI)


def dit(verdict: Verdict) -> str:
    return " ".join(f"{message.champ}: {message.texte}" for message in verdict.messages)


def test_a_known_matricule_updates_and_a_blank_cell_keeps() -> None:
    (verdict,) = lu({"matricule": "00936", "fonction": "Cheffe de service"})
    assert (verdict.action, verdict.agent_id, verdict.valeurs) == (Action.MODIFIER, "id-claire", {"fonction": "Cheffe de service"})


def test_an_unknown_matricule_creates() -> None:
    (verdict,) = lu(NOUVEAU)
    assert verdict.action is Action.CREER
    assert verdict.valeurs["date_naissance"] == "1990-07-12"
    assert verdict.valeurs["statut"] == "contractuel_droit_public"


def test_an_agent_without_birth_date_looks_like_nobody() -> None:
    sans_date = {champ: valeur for champ, valeur in CLAIRE.items() if champ not in {"date_naissance", "matricule"}}
    (verdict,) = analyser([Ligne(2, NOUVEAU)], Effectif(SERVICES, [Connu("id-claire", sans_date)]), AUJOURD_HUI)
    assert (verdict.action, verdict.averti) == (Action.CREER, False)


def test_a_new_agent_needs_its_values() -> None:
    (verdict,) = lu({"matricule": "01000", "nom": "Morvan"})
    assert verdict.action is Action.ERREUR
    assert {message.champ for message in verdict.messages} == {"civilite", "prenom", "date_naissance", "email", "statut", "fonction"}


def test_the_same_matricule_twice_refuses_both() -> None:
    premier, second = lu(NOUVEAU, NOUVEAU)
    assert premier.action is second.action is Action.ERREUR
    assert "ligne 3" in dit(premier)
    assert "ligne 2" in dit(second)


def test_a_service_by_code_or_by_name_and_its_homonyms() -> None:
    assert lu({**NOUVEAU, "service": "population et ETAT civil"})[0].valeurs["service"] == "POP"
    assert "EV2, EVP" in dit(lu({**NOUVEAU, "service": "Espaces verts"})[0])
    assert "n’existe pas" in dit(lu({**NOUVEAU, "service": "Piscine"})[0])


def test_a_superieur_may_be_another_line_unless_that_one_is_wrong() -> None:
    chef = {**NOUVEAU, "matricule": "01001", "prenom": "Anne"}
    assert [v.action for v in lu({**NOUVEAU, "superieur": "01001"}, chef)] == [Action.CREER, Action.CREER]
    sous, moyen, haut = lu({**NOUVEAU, "superieur": "01001"}, {**chef, "superieur": "01002"}, {**chef, "matricule": "01002", "email": "x"})
    assert sous.action is moyen.action is haut.action is Action.ERREUR
    assert "propre supérieur" in dit(lu({**NOUVEAU, "superieur": "01000"})[0])
    assert "Aucun agent" in dit(lu({**NOUVEAU, "superieur": "99999"})[0])


def test_a_look_alike_is_a_warning() -> None:
    (verdict,) = lu({**NOUVEAU, "nom": "LE BRIS", "prenom": "claire", "date_naissance": "01/03/1985"})
    assert verdict.action is Action.CREER
    assert verdict.averti
    assert "00936" in dit(verdict)


def test_one_leaves_after_he_came() -> None:
    assert "suivre" in dit(lu({**NOUVEAU, "entree_le": "01/09/2020", "sortie_le": "31/08/2020"})[0])


def test_a_nir_is_refused_and_not_echoed() -> None:
    ligne = Ligne(2, {champ: valeur for champ, valeur in NOUVEAU.items() if champ != "matricule"}, nirs=("matricule",))
    (verdict,) = analyser([ligne], EFFECTIF, AUJOURD_HUI)
    assert verdict.action is Action.ERREUR
    assert "sécurité sociale" in dit(verdict)


@pytest.mark.parametrize("nir", ["1850578006084", "1 85 05 78 006 084 36", "285052A123456", "N° 2.85.05.99.123.456.12"])
def test_a_nir_is_recognised(nir: str) -> None:
    assert contient_un_nir(nir)


@pytest.mark.parametrize("texte", ["06 39 98 09 90", "21350950800015", "00936", "01/03/1985", "+33 6 39 98 09 90", "Adjoint 2e classe"])
def test_what_is_no_nir(texte: str) -> None:
    assert not contient_un_nir(texte)


@pytest.mark.parametrize("ecrit", ["01/03/1985", "1/3/1985", "1985-03-01", "01.03.1985", "31107", "31107.0", "1985-03-01 00:00:00"])
def test_dates_of_people_and_of_spreadsheets(ecrit: str) -> None:
    assert jour(ecrit) == date(1985, 3, 1)


@pytest.mark.parametrize("ecrit", ["31/02/1985", "01/03/85", "hier", "12", "1985"])
def test_dates_that_are_none(ecrit: str) -> None:
    with pytest.raises(ValueError, match="Écrivez une date"):
        jour(ecrit)


def test_telephones_and_percentages_as_spreadsheets_leave_them() -> None:
    assert portable("639980990.0") == portable("+33 6 39 98 09 90") == "06 39 98 09 90"
    assert temps_de_travail("80 %") == temps_de_travail("0,8") == temps_de_travail("80.0") == "80"


def test_columns_in_any_order_under_their_usual_names() -> None:
    entete = reconnaitre(["Mél", "PRENOM", "Nom d'usage", "N° matricule", "Couleur", "Date naissance"])
    assert entete.places == {"email": 0, "prenom": 1, "nom": 2, "matricule": 3, "date_naissance": 5}
    assert entete.ignorees == ("Couleur",)


def test_a_missing_column_is_named_and_a_double_one_too() -> None:
    with pytest.raises(EnteteInvalideError, match=r"Matricule.*Prénom"):
        reconnaitre(["Nom", "E-mail"])
    with pytest.raises(EnteteInvalideError, match="deux fois"):
        reconnaitre(["Matricule", "Nom", "Nom d’usage", "Prénom", "E-mail"])


TEXTES = st.text(min_size=1, max_size=40).filter(lambda texte: bool(nettoyer(texte)))


@given(st.text())
def test_a_cell_comes_back_from_an_export_as_it_was(texte: str) -> None:
    assert retablir(neutraliser(texte)) == texte
    assert retablir(proteger(texte)) == texte or texte[:1] in set("=+-@\t\r")
    assert neutraliser(texte)[:1] not in {"=", "+", "-", "@", "\t", "\r"}


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2099, 12, 31)))
def test_a_date_is_read_as_it_is_written(valeur: date) -> None:
    assert jour(jour_ecrit(valeur)) == jour(valeur.isoformat()) == valeur


@st.composite
def effectifs(draw: st.DrawFn) -> Effectif:
    """Any collectivité, also with values that the rules of today would refuse."""
    matricules = draw(st.lists(TEXTES.map(nettoyer), unique=True, min_size=1, max_size=6))
    agents = []
    for rang, matricule in enumerate(matricules):
        libres = {champ: draw(TEXTES) for champ in ("nom", "prenom", "grade", "fonction", "email", "portable", "filiere")}
        dates = {champ: draw(st.dates()).isoformat() for champ in ("date_naissance", "entree_le", "sortie_le")}
        superieur = draw(st.sampled_from(matricules))
        autres = {"statut": draw(st.sampled_from(["titulaire", "inconnu"])), "service": "POP", "superieur": superieur}
        agents.append(Connu(str(rang), {"matricule": matricule, **libres, **dates, **autres}))
    return Effectif(SERVICES, agents)


def exportees(effectif: Effectif) -> list[Ligne]:
    """The file that the export writes, read again."""
    lignes = []
    for numero, agent in enumerate(effectif.agents, 2):
        ecrites = {champ: nettoyer(neutraliser(cellule_ecrite(champ, agent.valeurs.get(champ, "")))) for champ in CHAMPS}
        lignes.append(Ligne(numero, {champ: cellule for champ, cellule in ecrites.items() if cellule}))
    return lignes


# Stored before cells were cleaned: what follows its apostrophe is not what the export puts to sleep.
@example(Effectif(SERVICES, [Connu("id-claire", {**CLAIRE, "fonction": "'\t0"})]))
@given(effectifs())
def test_importing_the_export_changes_nothing(effectif: Effectif) -> None:
    verdicts = analyser(exportees(effectif), effectif, AUJOURD_HUI)
    assert all(not verdict.valeurs and verdict.action is not Action.CREER for verdict in verdicts), verdicts


FICHIERS = st.lists(
    st.dictionaries(
        st.sampled_from(CHAMPS),
        st.sampled_from(["00936", "01000", "01001", "M.", "Mme", "12/07/1990", "POP", "a@b.fr", "stagiaire", "80", "0612345678", "B"]),
        max_size=12,
    ).map(lambda cellules: {**NOUVEAU, **cellules}),
    max_size=5,
)


@given(FICHIERS)
def test_importing_twice_changes_nothing_the_second_time(lignes: list[dict[str, str]]) -> None:
    fichier = [Ligne(n, cellules) for n, cellules in enumerate(lignes, 2)]
    premiers = analyser(fichier, EFFECTIF, AUJOURD_HUI)
    seconds = analyser(fichier, applique(EFFECTIF, premiers), AUJOURD_HUI)
    for premier, second in zip(premiers, seconds, strict=True):
        attendue = Action.ERREUR if premier.action is Action.ERREUR else Action.INCHANGEE
        assert second.action is attendue, (premier, second)


def applique(effectif: Effectif, verdicts: list[Verdict]) -> Effectif:
    agents = {agent.id: agent for agent in effectif.agents}
    for verdict in verdicts:
        if verdict.action in {Action.CREER, Action.MODIFIER}:
            identifiant = verdict.agent_id or f"nouveau-{verdict.matricule}"
            anciennes = agents[identifiant].valeurs if identifiant in agents else {}
            agents[identifiant] = Connu(identifiant, {**anciennes, **verdict.valeurs, "matricule": verdict.matricule})
    return Effectif(effectif.services, list(agents.values()))
