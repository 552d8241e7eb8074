"""Forms that only our pages can send: a token that the sender's session, or his cookie, vouches for; and the Origin header."""

import hashlib
import hmac
import secrets
from urllib.parse import urlsplit

SEPARATEUR = "."


def nouveau_temoin() -> str:
    """What the cookie of someone who is not logged in holds."""
    return secrets.token_urlsafe(24)


def jeton_du_temoin(temoin: str, cle: bytes) -> str:
    """The token of a form shown to the holder of `temoin`: signed, so that planting a cookie is not enough to forge one."""
    sel = secrets.token_urlsafe(8)
    return f"{sel}{SEPARATEUR}{_sceau(temoin, sel, cle)}"


def temoin_reconnu(jeton: str, temoin: str | None, cle: bytes) -> bool:
    sel, _, sceau = jeton.partition(SEPARATEUR)
    return bool(temoin and sceau) and hmac.compare_digest(sceau.encode(), _sceau(temoin or "", sel, cle).encode())


def session_reconnue(jeton: str, attendu: str) -> bool:
    return hmac.compare_digest(jeton.encode(), attendu.encode())


def origine_reconnue(origine: str | None, hote: str | None) -> bool:
    """Whether the page that sends the form is ours. A browser that says nothing is left to the token."""
    if origine is None:
        return True
    return bool(hote) and urlsplit(origine).netloc == hote


def _sceau(temoin: str, sel: str, cle: bytes) -> str:
    return hmac.new(cle, f"{temoin}{SEPARATEUR}{sel}".encode(), hashlib.sha256).hexdigest()
