"""The words of OAuth 2 and of OpenID Connect, as authlib writes and checks them. Nothing here opens a connection.

authlib's own client for httpx announces that it moves to another library: its parts are used, our httpx carries them.
"""

from dataclasses import dataclass
from typing import Any

from authlib.common.security import generate_token
from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken

from services.identity.oidc.reglages import ReglagesOidc

ECART_D_HORLOGE_SECONDES = 60
LONGUEUR_D_UN_SECRET = 48


@dataclass(frozen=True)
class Depart:
    """Where to send the browser, and what must be kept until it comes back."""

    adresse: str
    etat: str
    nonce: str
    verificateur: str


def depart(autorisation: str, reglages: ReglagesOidc, redirect_uri: str) -> Depart:
    etat, nonce, verificateur = (str(generate_token(LONGUEUR_D_UN_SECRET)) for _ in range(3))
    adresse = prepare_grant_uri(
        autorisation,
        reglages.client_id,
        "code",
        redirect_uri=redirect_uri,
        scope=reglages.scopes,
        state=etat,
        nonce=nonce,
        code_challenge=create_s256_code_challenge(verificateur),
        code_challenge_method="S256",
        acr_values=" ".join(reglages.acr) or None,
    )
    return Depart(str(adresse), etat, nonce, verificateur)


def demande_de_jetons(
    adresse: str, reglages: ReglagesOidc, *, code: str, verificateur: str, redirect_uri: str, methodes: list[str]
) -> tuple[dict[str, str], str]:
    """Headers and body that exchange a code. Basic is what OAuth 2 wants when nothing is said."""
    methode = "client_secret_basic" if "client_secret_basic" in methodes else "client_secret_post"
    corps = prepare_token_request("authorization_code", code=code, redirect_uri=redirect_uri, code_verifier=verificateur)
    entetes = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}
    _, entetes, corps = ClientAuth(reglages.client_id, reglages.secret, methode).prepare("POST", adresse, entetes, corps)
    return dict(entetes), str(corps)


def verifier_le_jeton_d_identite(
    claims: dict[str, Any], header: dict[str, Any], reglages: ReglagesOidc, *, nonce: str, jeton_d_acces: str
) -> None:
    """Issuer, audience, dates, nonce, party and hash of the access token; JoseError when one is not right."""
    options: dict[str, Any] = {
        "iss": {"essential": True, "value": reglages.emetteur},
        "aud": {"essential": True, "value": reglages.client_id},
        "sub": {"essential": True},
        "exp": {"essential": True},
    }
    if reglages.acr:
        options["acr"] = {"essential": True, "values": list(reglages.acr)}
    params = {"nonce": nonce, "client_id": reglages.client_id, "access_token": jeton_d_acces}
    CodeIDToken(claims, header, options, params).validate(leeway=ECART_D_HORLOGE_SECONDES)
