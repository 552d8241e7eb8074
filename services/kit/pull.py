"""Pulling from JetStream: each message as soon as it is there, answered once it is dealt with.

nats-py's own `fetch` keeps a message back while it hopes for a full batch (seconds), and loses those in its hands when the
server answers with an error. Here a worker asks for one message at a time, and several workers run side by side.
"""

import asyncio
import json
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from http import HTTPStatus

import nats.errors
import nats.js.errors
from asgi_correlation_id import correlation_id
from nats.aio.client import Client
from nats.aio.msg import Msg

from services.kit.background import leave_if_cancelled
from services.kit.bus import Bus, decode_headers
from services.kit.database import OUTAGES
from services.kit.logs import get_logger
from services.kit.problems import Problem

EXPIRES_SECONDS = 30.0
# Its absence tells that the server has forgotten the pull: it was restarted, or replaced.
HEARTBEAT_SECONDS = 2.0
SILENCE_SECONDS = 5.0
FIRST_DELAY_SECONDS = 0.5
LONGEST_DELAY_SECONDS = 60.0
# Below the ack_wait of every consumer: a message that waits for a database is not delivered to another.
LONGEST_HOLD_SECONDS = 10.0
NANOSECONDS = 1_000_000_000

log = get_logger(__name__)

Work = Callable[[Msg], Awaitable[None]]


class PoisonError(Exception):
    """This message can never be handled: no use in delivering it again."""


async def work(bus: Bus, *, stream: str, durable: str, do: Work, at_once: int) -> None:
    """Hand each message of a durable to `do`, `at_once` side by side, until cancelled and through restarts of NATS.

    Done: acknowledged. PoisonError: terminated, with its reason. A database or a service that does not answer: the message
    is held until it does, which costs it no try. Anything else: delivered again after a growing delay.
    """
    async with asyncio.TaskGroup() as group:
        for _ in range(at_once):
            group.create_task(_worker(bus, stream, durable, do))


async def _worker(bus: Bus, stream: str, durable: str, do: Work) -> None:
    while True:
        try:
            async with aclosing(_pull(bus.nc, stream, durable)) as messages:
                async for message in messages:
                    await _settle(message, durable, do)
                    leave_if_cancelled()
        except (nats.errors.Error, nats.js.errors.Error, OSError) as error:
            if bus.nc.is_connected:
                log.warning("pull.lost", consumer=durable, error=repr(error))
        await asyncio.sleep(FIRST_DELAY_SECONDS)


async def _pull(nc: Client, stream: str, durable: str) -> AsyncGenerator[Msg, None]:
    wish = {"batch": 1, "expires": int(EXPIRES_SECONDS * NANOSECONDS), "idle_heartbeat": int(HEARTBEAT_SECONDS * NANOSECONDS)}
    arrived: asyncio.Queue[Msg] = asyncio.Queue()
    subscription = await nc.subscribe(nc.new_inbox(), cb=arrived.put)
    try:
        while True:
            await nc.publish(f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{durable}", json.dumps(wish).encode(), reply=subscription.subject)
            message = await _next(arrived)
            if message is not None:
                yield message
    finally:
        if not nc.is_closed:
            await subscription.unsubscribe()
        while not arrived.empty():
            message = arrived.get_nowait()
            if _status(message) is None:
                await _answer(message, durable, b"-NAK")


async def _next(arrived: asyncio.Queue[Msg]) -> Msg | None:
    """The next message; None when one must ask again. A subscription outlives a reconnection, what was asked does not."""
    while True:
        try:
            async with asyncio.timeout(SILENCE_SECONDS):
                message = await arrived.get()
        except TimeoutError:
            return None
        status = _status(message)
        if status is None:
            return message
        if status in {"404", "408"}:
            return None
        if status == "503":
            raise nats.errors.NoRespondersError
        if status != "100":
            raise nats.js.errors.APIError.from_msg(message)


def _status(message: Msg) -> str | None:
    """Of what the server says itself: 100 is a heartbeat, 404 and 408 that nothing came; None for a message."""
    return (message.headers or {}).get("Status")


async def _settle(message: Msg, durable: str, do: Work) -> None:
    correlation_id.set(decode_headers(message.headers))
    try:
        await _through_outages(message, durable, do)
    except PoisonError as error:
        log.error("pull.poison", consumer=durable, subject=message.subject, reason=str(error))  # noqa: TRY400 -- no trace to show
        await _answer(message, durable, b"+TERM " + str(error).encode())
    except asyncio.CancelledError:
        # The process stops: another takes the message over at once, not after the ack_wait.
        await _answer(message, durable, b"-NAK")
        raise
    except Exception:
        tries = message.metadata.num_delivered
        delay = min(FIRST_DELAY_SECONDS * 2 ** (tries - 1), LONGEST_DELAY_SECONDS)
        log.exception("pull.retry", consumer=durable, subject=message.subject, tries=tries, delay=delay)
        await _answer(message, durable, b"-NAK " + json.dumps({"delay": int(delay * NANOSECONDS)}).encode())
    else:
        await _answer(message, durable, b"+ACK")


async def _through_outages(message: Msg, durable: str, do: Work) -> None:
    delay = FIRST_DELAY_SECONDS
    while True:
        try:
            await do(message)
        except Exception as error:
            if not is_outage(error):
                raise
            leave_if_cancelled()
            log.warning("pull.held", consumer=durable, subject=message.subject, error=type(error).__name__)
            await _answer(message, durable, b"+WPI")
            await asyncio.sleep(delay)
            delay = min(delay * 2, LONGEST_HOLD_SECONDS)
        else:
            return


def is_outage(error: Exception) -> bool:
    """Whether something that the message needs is away: no fault of the message."""
    if isinstance(error, Problem):
        return error.status == HTTPStatus.SERVICE_UNAVAILABLE
    return isinstance(error, (*OUTAGES, ConnectionError, TimeoutError))


async def _answer(message: Msg, durable: str, word: bytes) -> None:
    """Tell NATS; if it cannot be told, it delivers the message again and the inbox drops what was done."""
    try:
        await message._client.publish(message.reply, word)  # noqa: SLF001 -- nats-py's `term` takes no reason
    except (nats.errors.Error, OSError) as error:
        log.warning("pull.unanswered", consumer=durable, subject=message.subject, error=repr(error))
