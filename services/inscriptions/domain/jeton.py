"""The link that gives an avis without an account: the id of the demande and its HMAC. Nothing is stored of it."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence
from uuid import UUID

TAILLE_SCEAU = 16


def jeton(demande_id: UUID, cles: Sequence[str]) -> str:
    """The token of a demande, signed with the first key."""
    return f"{_texte(demande_id.bytes)}.{_texte(_sceau(demande_id, cles[0]))}"


def lire(jeton: str, cles: Sequence[str]) -> UUID | None:
    """The demande of a token signed with any of the keys; None when it is not one of ours."""
    identifiant, _, sceau = jeton.partition(".")
    try:
        demande_id = UUID(bytes=_octets(identifiant))
        recu = _octets(sceau)
    except (ValueError, binascii.Error):
        return None
    if any(hmac.compare_digest(recu, _sceau(demande_id, cle)) for cle in cles):
        return demande_id
    return None


def _sceau(demande_id: UUID, cle: str) -> bytes:
    return hmac.digest(cle.encode(), b"avis:" + demande_id.bytes, hashlib.sha256)[:TAILLE_SCEAU]


def _texte(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).decode().rstrip("=")


def _octets(texte: str) -> bytes:
    return base64.b64decode(texte + "=" * (-len(texte) % 4), altchars=b"-_", validate=True)
