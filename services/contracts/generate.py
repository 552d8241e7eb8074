"""Write what the contracts are, for who does not read Python: `python -m services.contracts.generate`.

JSON Schemas in docs/contracts/schemas/, the AsyncAPI catalogue beside them. Refuses a change that is not an extension: the
files written before are what others rely on.
"""

import json
import sys
from pathlib import Path
from typing import Any

from services.contracts import asyncapi, index
from services.contracts.compatibility import breaks

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "contracts"


def contents() -> dict[str, str]:
    """What the folder must hold, by path inside it."""
    schemas = {f"schemas/{message.__name__}.json": _json(message.model_json_schema()) for message in index.messages()}
    return schemas | {"asyncapi.json": _json(asyncapi.document())}


def all_breaks(folder: Path) -> list[str]:
    """What the models changed otherwise than by extension since the schemas of `folder` were written."""
    schemas = {f"{message.__name__}.json": message.model_json_schema() for message in index.messages()}
    found = []
    for path in sorted(folder.glob("schemas/*.json")):
        if path.name not in schemas:
            found.append(f"{path.stem}: the message is gone")
        else:
            found += [f"{path.stem}: {sentence}" for sentence in breaks(json.loads(path.read_text(encoding="utf-8")), schemas[path.name])]
    return found


def write(folder: Path) -> None:
    for name, content in contents().items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")


def _json(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def main() -> None:
    if found := all_breaks(FOLDER):
        sys.exit("Contracts are only ever extended; a changed meaning is a v2.\n" + "\n".join(found))
    write(FOLDER)


if __name__ == "__main__":
    main()
