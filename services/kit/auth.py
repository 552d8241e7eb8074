"""Verification of the access tokens that identity issues: every service does it by itself, with the published keys."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypeVar

import httpx
from fastapi import Header, Request
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from pydantic import BaseModel, ValidationError

from services.kit.logs import get_logger
from services.kit.problems import Unauthenticated, Unavailable

ISSUER = "identity"
AUDIENCE = "iel"
KEYS_LIVE_SECONDS = 300.0
LEEWAY_SECONDS = 30

log = get_logger(__name__)

ClaimT = TypeVar("ClaimT", bound=BaseModel)


class Keys:
    """The public keys of the issuer, fetched when needed and kept a few minutes; kept longer when it does not answer."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._keys: KeySet | None = None
        self._fetched_at = 0.0
        self._lock = asyncio.Lock()

    async def current(self, *, refresh: bool = False) -> KeySet:
        stale = time.monotonic() - self._fetched_at > KEYS_LIVE_SECONDS
        if self._keys is None or stale or refresh:
            async with self._lock:
                await self._fetch()
        if self._keys is None:
            raise Unavailable("L’identification ne répond pas pour le moment.", detail="Réessayez dans quelques instants.")
        return self._keys

    async def _fetch(self) -> None:
        try:
            async with httpx.AsyncClient(timeout=3) as client:
                answer = await client.get(self._url)
                answer.raise_for_status()
        except httpx.HTTPError as error:
            log.warning("auth.keys_unavailable", error=repr(error))
            return
        self._keys = KeySet.import_key_set(answer.json())
        self._fetched_at = time.monotonic()


class Verifier:
    """Turns a token into its claims, or says that one must log in."""

    def __init__(self, jwks_url: str) -> None:
        self._keys = Keys(jwks_url)
        self._refused_at = 0.0

    async def claims(self, token: str) -> dict[str, Any]:
        try:
            return self._decode(token, await self._keys.current())
        except (JoseError, ValueError):
            # The key may be newer than those we hold; one look every few seconds, however many bad tokens come.
            if time.monotonic() - self._refused_at > LEEWAY_SECONDS:
                self._refused_at = time.monotonic()
                try:
                    return self._decode(token, await self._keys.current(refresh=True))
                except (JoseError, ValueError) as error:
                    raise _log_in_again() from error
            raise _log_in_again() from None

    @staticmethod
    def _decode(token: str, keys: KeySet) -> dict[str, Any]:
        decoded = jwt.decode(token, keys, algorithms=["ES256"])
        jwt.JWTClaimsRegistry(
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": ISSUER},
            aud={"essential": True, "value": AUDIENCE},
            exp={"essential": True},
        ).validate(decoded.claims)
        return dict(decoded.claims)


def _log_in_again() -> Unauthenticated:
    return Unauthenticated("Votre connexion a expiré ou n’est pas valable.", detail="Connectez-vous de nouveau.")


def bearer(model: type[ClaimT]) -> Callable[..., Awaitable[ClaimT]]:
    """A FastAPI dependency: the claim `acteur` of the bearer token, as `model`."""

    async def who(request: Request, authorization: Annotated[str | None, Header()] = None) -> ClaimT:
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Unauthenticated("Connectez-vous pour continuer.", detail="La requête ne porte pas de jeton d’accès.")
        verifier: Verifier = request.app.state.verifier
        claims = await verifier.claims(token)
        try:
            return model.model_validate(claims.get("acteur"))
        except ValidationError as error:
            raise _log_in_again() from error

    return who
