"""The names people log in with."""

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.identity.domain.adresses import identifiant_apres
from services.identity.domain.identifiants import FormeIdentifiants, Regle, Titulaire, attribuer, deja_conforme

PRENOM_NOM, EMAIL = Regle(), Regle(FormeIdentifiants.EMAIL)
MATRICULE = Regle(FormeIdentifiants.MATRICULE, "roc-")
AUTRE = uuid4()


def quelqu_un(
    prenom: str = "Claire", nom: str = "Le Bris", actuel: str = "", email: str = "Claire@Mairie.example", matricule: str | None = "00936"
) -> Titulaire:
    return Titulaire(uuid4(), actuel, prenom, nom, email, matricule)


def nouveau(regle: Regle, qui: Titulaire, *pris: str) -> str | None:
    return attribuer(regle, [qui], dict.fromkeys(pris, AUTRE)).get(qui.compte_id)


@pytest.mark.parametrize(
    ("regle", "qui", "attendu"),
    [
        (PRENOM_NOM, quelqu_un(), "claire.lebris"),
        (PRENOM_NOM, quelqu_un("Anne-Marie", "Guéguen d’Œuvre"), "anne-marie.gueguendoeuvre"),
        (MATRICULE, quelqu_un(), "roc-00936"),
        (MATRICULE, quelqu_un(matricule="AB 12/3"), "roc-ab123"),
        (MATRICULE, quelqu_un(matricule=None), "claire.lebris"),
        (EMAIL, quelqu_un(), "claire@mairie.example"),
    ],
)
def test_each_form(regle: Regle, qui: Titulaire, attendu: str) -> None:
    assert nouveau(regle, qui) == attendu


def test_a_name_taken_is_numbered() -> None:
    assert nouveau(PRENOM_NOM, quelqu_un(), "claire.lebris", "claire.lebris2") == "claire.lebris3"
    assert nouveau(MATRICULE, quelqu_un(), "roc-00936") == "roc-00936-2"
    # Nobody is given an address that is not his.
    assert nouveau(EMAIL, quelqu_un(), "claire@mairie.example") == "claire.lebris"
    assert nouveau(EMAIL, quelqu_un(), "claire@mairie.example", "claire.lebris") == "claire.lebris2"


@pytest.mark.parametrize(
    ("regle", "actuel"),
    [(PRENOM_NOM, "claire.lebris"), (PRENOM_NOM, "claire.lebris7"), (MATRICULE, "roc-00936-2"), (EMAIL, "claire@mairie.example")],
)
def test_who_has_the_form_keeps_his(regle: Regle, actuel: str) -> None:
    assert nouveau(regle, quelqu_un(actuel=actuel)) is None


def test_a_number_is_not_taken_for_another_matricule() -> None:
    assert not deja_conforme(MATRICULE, quelqu_un(actuel="roc-009362"))


def test_one_finds_back_the_name_one_had() -> None:
    qui = quelqu_un(actuel="roc-00936")
    assert attribuer(PRENOM_NOM, [qui], {"claire.lebris": qui.compte_id}) == {qui.compte_id: "claire.lebris"}


gens = st.lists(
    st.builds(
        Titulaire,
        compte_id=st.uuids(),
        actuel=st.text("ab.2", min_size=1, max_size=4),
        prenom=st.sampled_from(["Ana", "Éva", "Ana-Lou"]),
        nom=st.sampled_from(["Riou", "Le Goff"]),
        email=st.sampled_from(["a@x.example", "B@x.example", "ana.riou"]),
        matricule=st.sampled_from([None, "1", "12", "1-2", "°"]),
    ),
    max_size=8,
    unique_by=(lambda t: t.compte_id, lambda t: t.actuel),
)


@given(gens=gens, regle=st.sampled_from([PRENOM_NOM, MATRICULE, EMAIL]), pris=st.sets(st.sampled_from(["ana.riou", "ana.riou2", "roc-1"])))
def test_nobody_shares_a_name_and_twice_is_once(gens: list[Titulaire], regle: Regle, pris: set[str]) -> None:
    a_qui: dict[str, UUID] = dict.fromkeys(pris, AUTRE) | {qui.actuel: qui.compte_id for qui in gens}
    nouveaux = attribuer(regle, gens, a_qui)
    assert len(set(nouveaux.values())) == len(nouveaux)
    assert all(a_qui.get(nom, compte_id) == compte_id for compte_id, nom in nouveaux.items())
    apres = [Titulaire(q.compte_id, nouveaux.get(q.compte_id, q.actuel), q.prenom, q.nom, q.email, q.matricule) for q in gens]
    a_qui |= {nom: compte_id for compte_id, nom in nouveaux.items()}
    assert attribuer(regle, apres, a_qui) == {}


@pytest.mark.parametrize(
    ("identifiant", "attendu"), [("claire.lebris", "claire.lebris"), ("claire@avant.example", "claire@apres.example"), ("avant", "avant")]
)
def test_an_identifiant_that_was_the_address_follows_it(identifiant: str, attendu: str) -> None:
    assert identifiant_apres(identifiant, "Claire@Avant.example", "Claire@Apres.example") == attendu
