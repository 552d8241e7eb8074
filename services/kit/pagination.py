"""Cursor pagination: a page never repeats nor skips a row when others are added meanwhile."""

import base64
import binascii
import json
from typing import Generic, TypeVar

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
        raise Invalid(
            "Cette page n’existe pas.",
            errors=[FieldError(champ="cursor", message="Reprenez la valeur « suivant » de la page précédente, ou revenez au début.")],
        )
    return values
