"""What the use cases decide without a database: who sees what, and what a cursor holds."""

from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.catalogue import service
from services.catalogue.domain import Perimetre
from services.catalogue.repository import Position
from services.contracts.acteur import Role
from services.kit.pagination import encode_cursor
from services.kit.problems import Invalid
from tests.acteurs import un_acteur

MAIRIE = UUID(int=10)


@pytest.mark.parametrize("role", [Role.AGENT, Role.GESTIONNAIRE_PRINCIPAL, Role.GESTIONNAIRE, Role.LECTURE])
def test_people_of_a_collectivite_see_what_is_published_for_it(role: Role) -> None:
    assert service.perimetre_de(un_acteur(role, collectivite_id=MAIRIE)) == Perimetre(collectivite_id=MAIRIE)


def test_a_conseiller_sees_his_structure_and_an_administrateur_everything() -> None:
    assert service.perimetre_de(un_acteur(Role.CONSEILLER, structure="BRE")) == Perimetre(structure="BRE")
    assert service.perimetre_de(un_acteur(Role.ADMINISTRATEUR)) == Perimetre(tout=True)


def test_a_scope_without_the_role_that_goes_with_it_shows_nothing() -> None:
    assert service.perimetre_de(un_acteur(Role.AGENT, structure="BRE")) == Perimetre()
    assert service.perimetre_de(un_acteur(Role.CONSEILLER, collectivite_id=MAIRIE)) == Perimetre()
    assert service.perimetre_de(un_acteur()) == Perimetre()


@given(st.builds(Position, pertinence=st.integers(0, 2**31 - 1), debut=st.dates(), id=st.uuids()))
def test_a_cursor_gives_back_the_position_it_was_made_of(position: Position) -> None:
    assert service._position(service._curseur(position)) == position


@pytest.mark.parametrize(
    "curseur",
    [
        "n’importe quoi",
        "e30",
        encode_cursor("1", "2027-03-01"),
        encode_cursor("beaucoup", "2027-03-01", str(MAIRIE)),
        encode_cursor("0", "demain", str(MAIRIE)),
        encode_cursor("0", date(2027, 3, 1).isoformat(), "x"),
        encode_cursor("9" * 30, "2027-03-01", str(MAIRIE)),
    ],
)
def test_a_cursor_made_elsewhere_is_refused_with_its_field(curseur: str) -> None:
    with pytest.raises(Invalid) as refus:
        service._position(curseur)
    assert [erreur.champ for erreur in refus.value.errors] == ["cursor"]
