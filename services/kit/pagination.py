"""Cursor pagination: a page never repeats nor skips a row when others are added meanwhile."""

import base64
import binascii
import json
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

from pydantic import BaseModel

from services.kit.problems import FieldError, Invalid

T = TypeVar("T")


class Page(BaseModel, Generic[T]):
    """`suivant` is the cursor of the next page, None on the last."""

    elements: list[T]
    suivant: str | None = None


def encode_cursor(*values: str) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def decode_cursor(text: str, length: int) -> list[str]:
    """The `length` values put in a cursor; a problem 422 when it was not made here."""
    try:
        values = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (binascii.Error, ValueError, UnicodeDecodeError, RecursionError):
        values = None
    if not isinstance(values, list) or len(values) != length or not all(isinstance(value, str) for value in values):
        raise no_such_page()
    return values


def encode_moment(at: datetime, row: UUID) -> str:
    """The cursor of a list that goes by the instant, then by the row."""
    return encode_cursor(at.isoformat(), str(row))


def decode_moment(text: str | None) -> tuple[datetime, UUID] | None:
    """Where such a list goes on; None at its beginning, a problem 422 when the cursor was not made here."""
    if not text:
        return None
    at, row = decode_cursor(text, 2)
    try:
        return datetime.fromisoformat(at), UUID(row)
    except ValueError as error:
        raise no_such_page() from error


def no_such_page() -> Invalid:
    message = "Reprenez la valeur « suivant » de la page précédente, ou revenez au début."
    return Invalid("Cette page n’existe pas.", errors=[FieldError(champ="cursor", message=message)])
