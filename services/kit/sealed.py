"""Secrets that must be read again, kept encrypted at rest: Fernet, under keys that the process is given."""

import base64
import hashlib
from collections.abc import Sequence

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def seal(text: str, purpose: str, keys: Sequence[str]) -> str:
    """Encrypt with the first key, for one purpose: what is sealed for another does not open."""
    return _box(purpose, keys).encrypt(text.encode()).decode()


def unseal(sealed: str, purpose: str, keys: Sequence[str]) -> str:
    """Decrypt with any of the keys. `cryptography.fernet.InvalidToken` when none opens it."""
    return _box(purpose, keys).decrypt(sealed.encode()).decode()


def _box(purpose: str, keys: Sequence[str]) -> MultiFernet:
    return MultiFernet([Fernet(_derived(purpose, key)) for key in keys])


def _derived(purpose: str, key: str) -> bytes:
    material = HKDF(algorithm=hashes.SHA256(), length=hashlib.sha256().digest_size, salt=None, info=purpose.encode()).derive(key.encode())
    return base64.urlsafe_b64encode(material)
