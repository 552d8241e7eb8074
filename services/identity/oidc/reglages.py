"""What the configuration says of the provider."""

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True)
class ReglagesOidc:
    """`nom` is read on the button. `acr`: the levels of authentication asked for, any of which is enough; none, any.

    `adresses_verifiees`: the provider vouches for every address that it gives without saying whether it was verified.
    """

    emetteur: str
    client_id: str
    secret: str
    nom: str
    scopes: str
    acr: tuple[str, ...]
    adresses_verifiees: bool


def transport_sur(adresse: str) -> bool:
    """HTTPS, or this very machine."""
    morceaux = urlsplit(adresse)
    if morceaux.scheme == "https":
        return bool(morceaux.hostname)
    if morceaux.scheme != "http" or not morceaux.hostname:
        return False
    try:
        return ipaddress.ip_address(morceaux.hostname).is_loopback
    except ValueError:
        return morceaux.hostname == "localhost"
