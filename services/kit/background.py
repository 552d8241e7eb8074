"""What runs beside HTTP until the process stops. What dies is started again, and the service is not ready meanwhile."""

import asyncio
import time
from collections.abc import Awaitable, Callable

from services.kit.logs import get_logger

FIRST_DELAY_SECONDS = 0.5
LONGEST_DELAY_SECONDS = 30.0
STEADY_SECONDS = 60.0
"""A task that ran this long is started again at once when it dies."""

log = get_logger(__name__)


class Background:
    """The background tasks of one process; `names` are all those that must be running for it to be ready."""

    def __init__(self, names: set[str]) -> None:
        self._down = set(names)

    async def check(self) -> None:
        """Raises when a task has not started, or has died and is not started again yet."""
        if self._down:
            raise RuntimeError(", ".join(sorted(self._down)))

    def up(self, name: str) -> None:
        self._down.discard(name)

    async def keep(self, name: str, task: Callable[[], Awaitable[None]]) -> None:
        """Run `task` until it ends or is cancelled, starting it again, later and later, when it dies."""
        delay = FIRST_DELAY_SECONDS
        while True:
            began = time.monotonic()
            try:
                self.up(name)
                # In a task of its own: a TaskGroup that fails leaves, in Python 3.11, the task it was in looking cancelled.
                await asyncio.ensure_future(task())
            except (Exception, asyncio.CancelledError):
                # A library may cancel what we wait for; only our own cancellation ends the task.
                leave_if_cancelled()
                log.exception("background.died", task=name)
            else:
                return
            self._down.add(name)
            if time.monotonic() - began > STEADY_SECONDS:
                delay = FIRST_DELAY_SECONDS
            await asyncio.sleep(delay)
            delay = min(delay * 2, LONGEST_DELAY_SECONDS)


def leave_if_cancelled() -> None:
    """Raise CancelledError when the current task was told to end: an endless loop calls this each time it comes round.

    `asyncio.wait_for`, met in the libraries that send mail and carry messages, swallows in Python 3.11 a cancellation that
    comes together with its result: the loop would go round for ever, and the process never stop.
    """
    current = asyncio.current_task()
    if current is not None and current.cancelling():
        raise asyncio.CancelledError
