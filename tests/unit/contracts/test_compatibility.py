"""What counts as an extension of a message, and what does not."""

from enum import StrEnum
from typing import Any
from uuid import UUID

import pytest
from pydantic import BaseModel, create_model

from services.contracts import index
from services.contracts.base import Message
from services.contracts.compatibility import breaks


class Couleur(StrEnum):
    BLEU = "bleu"
    VERT = "vert"


class CouleurDePlus(StrEnum):
    BLEU = "bleu"
    VERT = "vert"
    ROUGE = "rouge"


class CouleurDeMoins(StrEnum):
    BLEU = "bleu"


class Interieur(BaseModel):
    a: int


class InterieurEtendu(BaseModel):
    a: int
    b: str = ""


class InterieurChange(BaseModel):
    a: str


BASE: dict[str, Any] = {
    "id": (UUID, ...),
    "nom": (str, "sans"),
    "couleur": (Couleur, ...),
    "dedans": (Interieur, ...),
    "liste": (tuple[Interieur, ...], ()),
    "peut_etre": (Interieur | None, None),
    "table": (dict[str, Interieur], {}),
}


def breaks_with(**changes: Any) -> list[str]:
    """What breaks when these fields change; None removes one."""
    fields = {name: field for name, field in (BASE | changes).items() if field is not None}
    return breaks(create_model("Avant", **BASE).model_json_schema(), create_model("Apres", **fields).model_json_schema())


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"de_plus": (str, "")},
        {"de_plus": (InterieurChange | None, None)},
        {"nom": (str, "autre valeur par défaut")},
        {"couleur": (CouleurDePlus, ...)},
        {"dedans": (InterieurEtendu, ...)},
        {"liste": (tuple[InterieurEtendu, ...], ())},
        {"peut_etre": (InterieurEtendu | None, None)},
        {"table": (dict[str, InterieurEtendu], {})},
    ],
)
def test_extensions_are_accepted(changes: dict[str, Any]) -> None:
    assert breaks_with(**changes) == []


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"nom": None}, "nom: the field is gone"),
        ({"id": None}, "id: the field is gone"),
        ({"de_plus": (str, ...)}, "de_plus: newly required"),
        ({"nom": (str, ...)}, "nom: newly required"),
        ({"id": (UUID, UUID(int=0))}, "id: may now be missing"),
        ({"couleur": (CouleurDeMoins, ...)}, "couleur: values gone: vert"),
        ({"nom": (Couleur, Couleur.BLEU)}, "nom: only some values are now allowed"),
        ({"couleur": (str, ...)}, "couleur: values gone: bleu, vert"),
    ],
)
def test_other_changes_are_told(changes: dict[str, Any], sentence: str) -> None:
    assert breaks_with(**changes) == [sentence]


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"nom": (int, 0)}, "nom"),
        ({"id": (str, ...)}, "id"),
        ({"nom": (str | None, None)}, "nom"),
        ({"dedans": (InterieurChange, ...)}, "dedans.a"),
        ({"liste": (tuple[InterieurChange, ...], ())}, "liste.items.a"),
        ({"liste": (tuple[int, ...], ())}, "liste.items"),
        ({"peut_etre": (InterieurChange | None, None)}, "peut_etre.anyOf[0].a"),
        ({"table": (dict[str, InterieurChange], {})}, "table.additionalProperties.a"),
    ],
)
def test_a_changed_type_is_told_where_it_is(changes: dict[str, Any], where: str) -> None:
    [sentence] = breaks_with(**changes)
    assert sentence.startswith(f"{where}: the type was ")


@pytest.mark.parametrize("message", index.messages(), ids=lambda message: message.__name__)
def test_a_message_is_an_extension_of_itself_and_not_of_less(message: type[Message]) -> None:
    schema = message.model_json_schema()
    assert breaks(schema, schema) == []
    for name in schema["properties"]:
        without = {key: value for key, value in schema["properties"].items() if key != name}
        smaller = schema | {"properties": without, "required": [field for field in schema.get("required", ()) if field != name]}
        assert breaks(schema, smaller) == [f"{name}: the field is gone"]
        assert (breaks(smaller, schema) == []) is (name not in schema.get("required", ()))
