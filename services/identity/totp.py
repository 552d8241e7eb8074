"""Codes of authenticator applications (RFC 6238): six digits, a new one every thirty seconds."""

import hmac
from datetime import datetime

import pyotp

PAS_SECONDES = 30
TOLERANCE = 1
"""Steps before and after the present one that are accepted: clocks differ, and people type slowly."""
EMETTEUR = "Inscription en ligne"


def nouveau_secret() -> str:
    return pyotp.random_base32()


def adresse(secret: str, identifiant: str) -> str:
    """What the QR code says."""
    return pyotp.TOTP(secret).provisioning_uri(name=identifiant, issuer_name=EMETTEUR)


def pas_du_code(secret: str, code: str, maintenant: datetime, dernier_pas: int | None) -> int | None:
    """The step this code is of; None when it is not right, or its step or a later one has already served."""
    present = int(maintenant.timestamp()) // PAS_SECONDES
    otp = pyotp.HOTP(secret)
    possibles = range(present - TOLERANCE, present + TOLERANCE + 1)
    justes = [pas for pas in possibles if hmac.compare_digest(otp.at(pas).encode(), code.encode())]
    return next((pas for pas in justes if dernier_pas is None or pas > dernier_pas), None)
