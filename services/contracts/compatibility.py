"""What tells an extension from a change of meaning: the JSON Schemas of a message compared, before and after."""

from collections.abc import Iterator, Mapping
from typing import Any

Schema = Mapping[str, Any]

PROSE = frozenset({"title", "description", "default", "examples", "$defs"})
"""Keywords that change nothing to what a message may hold."""
APART = frozenset({"properties", "required", "enum", "const", "items", "additionalProperties", "anyOf", "prefixItems"})
"""Keywords compared one by one; the others say the type and must stay."""


def breaks(before: Schema, after: Schema) -> list[str]:
    """Why `after` is not an extension of `before`, one sentence each; empty when it is.

    A field may be added when it has a default, and a value to an enumeration. Nothing else: no field removed, renamed,
    given another type, newly required, or that may now be missing.
    """
    return list(_compare(_inline(before, before), _inline(after, after), ""))


def _compare(old: Schema, new: Schema, path: str) -> Iterator[str]:
    where = path or "message"
    if _type(old) != _type(new):
        yield f"{where}: the type was {_type(old)} and is {_type(new)}"
        return
    if gone := [str(value) for value in _values(old) if value not in _values(new)]:
        yield f"{where}: values gone: {', '.join(gone)}"
    if _values(new) and not _values(old):
        yield f"{where}: only some values are now allowed"
    yield from _compare_presence(old, new, path)
    for name, child, other in _children(old, new):
        yield from _compare(child, other, f"{path}.{name}".lstrip("."))


def _compare_presence(old: Schema, new: Schema, path: str) -> Iterator[str]:
    was, now = set(old.get("required", ())), set(new.get("required", ()))
    gone = set(old.get("properties", {})) - set(new.get("properties", {}))
    for names, sentence in ((gone, "the field is gone"), (now - was, "newly required"), (was - now - gone, "may now be missing")):
        for name in sorted(names):
            yield f"{path}.{name}".lstrip(".") + f": {sentence}"


def _type(schema: Schema) -> dict[str, Any]:
    """The keywords that say the type, without prose; of alternatives and tuples, how many members."""
    plain = {keyword: value for keyword, value in schema.items() if keyword not in PROSE | APART}
    return plain | {keyword: len(schema[keyword]) for keyword in ("anyOf", "prefixItems") if keyword in schema}


def _values(schema: Schema) -> list[Any]:
    return [schema["const"]] if "const" in schema else list(schema.get("enum", ()))


def _children(old: Schema, new: Schema) -> Iterator[tuple[str, Schema, Schema]]:
    """The schemas inside both, by pairs that go together."""
    fields = new.get("properties", {})
    yield from ((name, child, fields[name]) for name, child in old.get("properties", {}).items() if name in fields)
    for keyword in ("items", "additionalProperties"):
        child, other = old.get(keyword), new.get(keyword)
        if isinstance(child, Mapping) or isinstance(other, Mapping):
            yield keyword, _mapping(child), _mapping(other)
    for keyword in ("anyOf", "prefixItems"):
        for rank, (child, other) in enumerate(zip(old.get(keyword, ()), new.get(keyword, ()), strict=True)):
            yield f"{keyword}[{rank}]", child, other


def _mapping(schema: Any) -> Schema:
    return schema if isinstance(schema, Mapping) else {}


def _inline(schema: Any, root: Schema) -> Any:
    """The same schema with every reference replaced by its definition; what stands beside a reference is prose."""
    if isinstance(schema, list):
        return [_inline(element, root) for element in schema]
    if not isinstance(schema, Mapping):
        return schema
    if "$ref" in schema:
        return _inline(root["$defs"][schema["$ref"].removeprefix("#/$defs/")], root)
    return {keyword: _inline(value, root) for keyword, value in schema.items() if keyword != "$defs"}
