"""`ETag` and `If-Match`: what two people may edit is written only by who has read it as it is."""

import hashlib
import json
from typing import Annotated, Any

from fastapi import Depends, Header

from services.kit.problems import Problem


def etag_of(*values: Any) -> str:
    """A mark that changes when one of these values does."""
    return f'"{hashlib.sha256(json.dumps(values, default=str).encode()).hexdigest()[:20]}"'


def _if_match(if_match: Annotated[str | None, Header(description="L’en-tête ETag reçu à la lecture.")] = None) -> str:
    if not if_match:
        raise Problem(
            "if-match-absent",
            "L’en-tête If-Match est obligatoire pour modifier.",
            status=428,
            detail="Renvoyez l’en-tête ETag reçu à la lecture.",
        )
    return if_match


IfMatch = Annotated[str, Depends(_if_match)]


def require_match(current: str, read: str, title: str, detail: str = "") -> None:
    """412 when what was read is no longer what is kept."""
    if current != read:
        raise Problem("modifie-entre-temps", title, status=412, detail=detail or "Relisez, puis reprenez votre modification.")
