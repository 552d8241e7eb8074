"""Waking a background task when a row is written for it: PostgreSQL's LISTEN, and a regular look besides."""

import asyncio
import contextlib

import psycopg

from services.kit.background import leave_if_cancelled
from services.kit.database import libpq
from services.kit.logs import get_logger

LOOK_AGAIN_SECONDS = 5.0

log = get_logger(__name__)


class Wake:
    """Set at each NOTIFY on `channel`. `url` is `postgresql+psycopg://…`."""

    def __init__(self, url: str, channel: str) -> None:
        self._url = libpq(url)
        self._channel = channel
        self._event = asyncio.Event()

    def clear(self) -> None:
        self._event.clear()

    async def wait(self) -> None:
        """Until the next NOTIFY, or a few seconds at most: a NOTIFY may be lost with its connection."""
        leave_if_cancelled()
        # Not wait_for, which in Python 3.11 swallows a cancellation that arrives together with the wake-up.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LOOK_AGAIN_SECONDS):
                await self._event.wait()

    async def listen(self) -> None:
        """Run until cancelled; a lost connection is made again."""
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(self._url, autocommit=True) as connection:
                    await connection.execute(f"listen {self._channel}")
                    self._event.set()
                    async for _ in connection.notifies():
                        self._event.set()
            except (psycopg.Error, OSError) as error:
                log.warning("wake.listen_lost", channel=self._channel, error=type(error).__name__)
                await asyncio.sleep(1)
