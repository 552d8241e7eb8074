"""Verification of the access tokens that identity issues: every service does it by itself, with the published keys."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from math import inf
from typing import Annotated, Any, TypeVar

import httpx
from fastapi import Header, Request
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from pydantic import BaseModel, ValidationError

from services.kit.logs import get_logger
from services.kit.problems import Unauthenticated, Unavailable

ISSUER = "identity"
AUDIENCE = "iel"
# As long as the issuer lets its keys be cached; it publishes a new one twice as long before it signs.
KEYS_LIVE_SECONDS = 60.0
LOOK_AGAIN_SECONDS = 2.0
LEEWAY_SECONDS = 30

log = get_logger(__name__)

ClaimT = TypeVar("ClaimT", bound=BaseModel)


class Keys:
    """The public keys of the issuer, fetched when needed and kept a minute; kept longer when it does not answer."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._keys: KeySet | None = None
        self._fetched_at = -inf
        self._tried_at = -inf
        self._lock = asyncio.Lock()

    async def holding(self, kid: str | None) -> KeySet:
        """Keys not too old, with that of `kid` if the issuer has it. One look every few seconds, however many bad tokens come."""
        if self._stale() or not self._knows(kid):
            async with self._lock:
                if (self._stale() or not self._knows(kid)) and time.monotonic() - self._tried_at > LOOK_AGAIN_SECONDS:
                    self._tried_at = time.monotonic()
                    await self._fetch()
        if self._keys is None:
            raise Unavailable("L’identification ne répond pas pour le moment.", detail="Réessayez dans quelques instants.")
        return self._keys

    def _stale(self) -> bool:
        return self._keys is None or time.monotonic() - self._fetched_at > KEYS_LIVE_SECONDS

    def _knows(self, kid: str | None) -> bool:
        return self._keys is not None and any(key.kid == kid for key in self._keys.keys)

    async def _fetch(self) -> None:
        try:
            async with httpx.AsyncClient(timeout=3) as client:
                answer = await client.get(self._url)
                answer.raise_for_status()
            self._keys = KeySet.import_key_set(answer.json())
        except (httpx.HTTPError, JoseError, ValueError, LookupError, TypeError) as error:
            log.warning("auth.keys_unavailable", error=repr(error))
        else:
            self._fetched_at = time.monotonic()


class Verifier:
    """Turns a token into its claims, or says that one must log in."""

    def __init__(self, jwks_url: str) -> None:
        self._keys = Keys(jwks_url)

    async def claims(self, token: str) -> dict[str, Any]:
        try:
            return self._decode(token, await self._keys.holding(_kid(token)))
        except (JoseError, ValueError) as error:
            raise _log_in_again() from error

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


def _kid(token: str) -> str | None:
    """Which key signed this token, as it says itself. ValueError when it is no token."""
    kid = jws.extract_compact(token.encode()).headers().get("kid")
    return kid if isinstance(kid, str) else None


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
