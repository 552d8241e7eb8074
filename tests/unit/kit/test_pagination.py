"""Cursors: what was given comes back, anything else is refused."""

import base64
import json
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.kit.pagination import Page, decode_cursor, decode_moment, encode_cursor, encode_moment
from services.kit.problems import Invalid


@given(st.lists(st.text(), min_size=1, max_size=4))
def test_a_cursor_gives_back_what_it_was_made_of(values: list[str]) -> None:
    cursor = encode_cursor(*values)
    assert decode_cursor(cursor, len(values)) == values
    assert cursor == "".join(c for c in cursor if c.isalnum() or c in "-_"), "it stands in an address as it is"


@given(st.datetimes(timezones=st.just(UTC)), st.uuids())
def test_a_moment_comes_back(at: datetime, row: UUID) -> None:
    assert decode_moment(encode_moment(at, row)) == (at, row)


@pytest.mark.parametrize("nothing", [None, ""])
def test_a_list_begins_without_a_cursor(nothing: str | None) -> None:
    assert decode_moment(nothing) is None


@pytest.mark.parametrize("values", [("hier", str(UUID(int=1))), ("2026-11-24T10:00:00+00:00", "une ligne")])
def test_what_is_no_moment_is_refused(values: tuple[str, str]) -> None:
    with pytest.raises(Invalid) as caught:
        decode_moment(encode_cursor(*values))
    assert (caught.value.status, caught.value.errors[0].champ) == (422, "cursor")


@given(st.text())
def test_garbage_is_refused(garbage: str) -> None:
    with pytest.raises(Invalid) as caught:
        decode_cursor(garbage, 2)
    assert (caught.value.status, caught.value.errors[0].champ) == (422, "cursor")


@given(st.binary())
def test_any_bytes_are_refused(garbage: bytes) -> None:
    with pytest.raises(Invalid):
        decode_cursor(base64.urlsafe_b64encode(garbage).decode(), 2)


@pytest.mark.parametrize("value", [{}, "ab", 3, None, [1, 2], ["a", None], ["a"], ["a", "b", "c"], [["a"], "b"]])
def test_other_json_is_refused(value: object) -> None:
    with pytest.raises(Invalid):
        decode_cursor(base64.urlsafe_b64encode(json.dumps(value).encode()).decode(), 2)


def test_json_nested_without_end_is_refused() -> None:
    with pytest.raises(Invalid):
        decode_cursor(base64.urlsafe_b64encode(b"[" * 40_000).decode(), 2)


def test_the_last_page_says_so() -> None:
    assert Page[int](elements=[1]).model_dump() == {"elements": [1], "suivant": None}
