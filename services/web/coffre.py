"""Where sessions are kept for all the instances of the web service: the key-value bucket `web_sessions` of NATS."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

import nats.errors
import nats.js.errors
from nats.js.kv import KeyValue

from services.contracts.topology import WEB_SESSIONS
from services.kit.bus import Bus
from services.kit.logs import get_logger

PATIENCE_SECONDES = 1.0
REPOS_SECONDES = 3.0
"""After a silence of NATS, how long it is left alone: people do not wait at every page."""

log = get_logger(__name__)

T = TypeVar("T")


class CoffreIndisponibleError(Exception):
    """The bucket does not answer for now."""


class Coffre(Protocol):
    """Each raises `CoffreIndisponibleError`; `lire` answers None for an unknown key."""

    async def lire(self, cle: str) -> bytes | None: ...
    async def ecrire(self, cle: str, contenu: bytes) -> None: ...
    async def oublier(self, cle: str) -> None: ...


class CoffreNats:
    """The bucket, on the connection of the process."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._seau: KeyValue | None = None
        self._au_repos_jusqu_a = 0.0

    async def lire(self, cle: str) -> bytes | None:
        async def lecture(seau: KeyValue) -> bytes | None:
            try:
                return (await seau.get(cle)).value
            except nats.js.errors.KeyNotFoundError:
                return None

        return await self._tenter(lecture)

    async def ecrire(self, cle: str, contenu: bytes) -> None:
        await self._tenter(lambda seau: seau.put(cle, contenu))

    async def oublier(self, cle: str) -> None:
        await self._tenter(lambda seau: seau.delete(cle))

    async def _tenter(self, action: Callable[[KeyValue], Awaitable[T]]) -> T:
        if time.monotonic() < self._au_repos_jusqu_a or not self._bus.nc.is_connected:
            raise CoffreIndisponibleError
        try:
            async with asyncio.timeout(PATIENCE_SECONDES):
                if self._seau is None:
                    self._seau = await self._bus.js.key_value(WEB_SESSIONS)
                return await action(self._seau)
        except (nats.errors.Error, TimeoutError, OSError) as erreur:
            log.warning("sessions.bucket_silent", error=repr(erreur))
            self._au_repos_jusqu_a = time.monotonic() + REPOS_SECONDES
            raise CoffreIndisponibleError from erreur
