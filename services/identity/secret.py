"""Passwords and refresh tokens: how they are made, hashed and compared."""

import asyncio
import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode

from pwdlib import PasswordHash

# Argon2 takes 64 MB and a core for a moment: more at once would only make every login slower.
VERIFICATIONS_A_LA_FOIS = 4

_hachage = PasswordHash.recommended()
_porte = asyncio.Semaphore(VERIFICATIONS_A_LA_FOIS)
_LEURRE = _hachage.hash(secrets.token_urlsafe())


def hacher(mot_de_passe: str) -> str:
    return _hachage.hash(mot_de_passe)


async def hacher_sans_bloquer(mot_de_passe: str) -> str:
    async with _porte:
        return await asyncio.to_thread(_hachage.hash, mot_de_passe)


async def mot_de_passe_juste(mot_de_passe: str, attendu: str | None) -> bool:
    """Compare with the hash `attendu`; an unknown account (None) takes the same time as a known one."""
    async with _porte:
        juste = await asyncio.to_thread(_hachage.verify, mot_de_passe, attendu or _LEURRE)
    return juste and attendu is not None


def nouveau_jeton() -> str:
    return secrets.token_urlsafe(32)


def nouveau_sel() -> str:
    return secrets.token_urlsafe(16)


def jeton_suivant(jeton: str, sel: str) -> str:
    """The successor of `jeton`: the same each time, and unknown to whoever holds only the token or only the database."""
    return urlsafe_b64encode(hmac.digest(sel.encode(), jeton.encode(), "sha256")).decode().rstrip("=")


def empreinte(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
