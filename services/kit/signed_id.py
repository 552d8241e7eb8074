"""Links that need no account: the token of a link is an id and its HMAC under a key of ours. Nothing is stored of it."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence
from uuid import UUID

SEAL_BYTES = 16


def sign(purpose: str, identifier: UUID, keys: Sequence[str]) -> str:
    """The token of `identifier` for one purpose, signed with the first key."""
    return f"{_text(identifier.bytes)}.{_text(_seal(purpose, identifier, keys[0]))}"


def read(purpose: str, token: str, keys: Sequence[str]) -> UUID | None:
    """The id of a token signed for this purpose with any of the keys; None when it is not one of ours."""
    written, _, sealed = token.partition(".")
    try:
        identifier = UUID(bytes=_bytes(written))
        received = _bytes(sealed)
    except (ValueError, binascii.Error):
        return None
    if any(hmac.compare_digest(received, _seal(purpose, identifier, key)) for key in keys):
        return identifier
    return None


def claimed(token: str) -> UUID | None:
    """The id that a token says it is of, before anything is verified: to find what its purpose depends on."""
    try:
        return UUID(bytes=_bytes(token.partition(".")[0]))
    except (ValueError, binascii.Error):
        return None


def _seal(purpose: str, identifier: UUID, key: str) -> bytes:
    return hmac.digest(key.encode(), purpose.encode() + b":" + identifier.bytes, hashlib.sha256)[:SEAL_BYTES]


def _text(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
