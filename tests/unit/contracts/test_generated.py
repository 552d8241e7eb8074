"""The committed contracts are those of the code, and the code only extends them."""

import json
from pathlib import Path

import pytest

from services.contracts import asyncapi, generate, index

AGAIN = "run `python -m services.contracts.generate` and commit docs/contracts"


def test_the_code_only_extends_the_committed_contracts() -> None:
    assert generate.all_breaks(generate.FOLDER) == []


@pytest.mark.parametrize("name", sorted(generate.contents()))
def test_a_committed_file_is_what_the_code_says(name: str) -> None:
    path = generate.FOLDER / name
    assert path.is_file(), AGAIN
    assert path.read_text(encoding="utf-8") == generate.contents()[name], AGAIN


def test_no_committed_schema_is_left_over() -> None:
    committed = {f"schemas/{path.name}" for path in (generate.FOLDER / "schemas").iterdir()}
    assert committed == set(generate.contents()) - {"asyncapi.json"}


def test_a_break_is_found_and_nothing_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generate, "FOLDER", tmp_path)
    generate.main()
    path = tmp_path / "schemas" / "SessionEnregistree.json"
    before = json.loads(path.read_text(encoding="utf-8"))
    before["properties"]["disparu"] = {"type": "string"}
    path.write_text(json.dumps(before), encoding="utf-8")
    (tmp_path / "schemas" / "Ancien.json").write_text("{}", encoding="utf-8")
    with pytest.raises(SystemExit) as refused:
        generate.main()
    assert "Ancien: the message is gone" in str(refused.value)
    assert "SessionEnregistree: disparu: the field is gone" in str(refused.value)
    assert "disparu" in path.read_text(encoding="utf-8")


def test_the_catalogue_tells_who_says_and_who_hears() -> None:
    document = asyncapi.document()
    assert document["channels"]["SessionEnregistree"]["address"] == "catalogue.v1.session.enregistree.{id}"
    assert {"catalogue.publishes.SessionEnregistree", "inscriptions.hears.SessionEnregistree"} <= document["operations"].keys()
    assert document["operations"]["workflows.answers.Soumettre"]["reply"]["channel"] == {"$ref": "#/channels/Soumettre.reply"}
    assert set(document["components"]["messages"]) == {message.__name__ for message in index.messages()}


def test_every_reference_of_the_catalogue_leads_somewhere() -> None:
    document = asyncapi.document()
    for reference in _references(document):
        if reference.startswith("#/"):
            target = document
            for step in reference[2:].split("/"):
                target = target[step]
        else:
            assert reference in generate.contents()


def _references(value: object) -> list[str]:
    if isinstance(value, list):
        return [reference for element in value for reference in _references(element)]
    if isinstance(value, dict):
        own = [value["$ref"]] if "$ref" in value else []
        return own + [reference for element in value.values() for reference in _references(element)]
    return []
