"""Ids that several services must compute alike, without asking each other: those of what is loaded from files.

What people enter later gets a random id; these are only for rows known by a public code.
"""

from uuid import UUID, uuid5

NAMESPACE = UUID("5b0f5a52-6e0c-5e0e-9a55-8f0c1f2d7c11")


def collectivite_id(siret: str) -> UUID:
    """Id of the collectivité of this SIRET (14 digits; spaces are ignored)."""
    return uuid5(NAMESPACE, f"collectivite:{_sans_espaces(siret)}")


def agent_id(siret: str, matricule: str) -> UUID:
    """Id of the agent of this matricule in the collectivité of this SIRET."""
    return uuid5(NAMESPACE, f"agent:{_sans_espaces(siret)}:{matricule.strip()}")


def session_id(code: str) -> UUID:
    """Id of the session of this code; `SXM5A 012` and `sxm5a012` are the same."""
    return uuid5(NAMESPACE, f"session:{_sans_espaces(code).upper()}")


def _sans_espaces(code: str) -> str:
    return "".join(code.split())
