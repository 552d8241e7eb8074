"""The connection to NATS, when the server stalls, goes away for good, or comes late."""

import asyncio
import contextlib
import os
import signal
import time
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator

import pytest

from deploy.local.binaries import binary
from deploy.local.settings import free_ports
from services.kit.bus import Bus
from tests.integration.kit.house import House, until


class Server:
    """A NATS of the test's own, whose process can be frozen."""

    def __init__(self) -> None:
        [self.port] = free_ports(1)
        self.process: Process | None = None

    @property
    def url(self) -> str:
        return f"nats://127.0.0.1:{self.port}"

    async def start(self) -> None:
        self.process = await asyncio.create_subprocess_exec(
            binary("nats-server"), "--addr", "127.0.0.1", "--port", str(self.port), stderr=DEVNULL
        )

    async def freeze(self) -> None:
        """Stop it where it stands; back when each of its threads has stopped."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)
        await asyncio.to_thread(os.waitid, os.P_PID, self.process.pid, os.WSTOPPED | os.WNOWAIT)

    def thaw(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGCONT)

    async def stop(self) -> None:
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                self.process.kill()
            await self.process.wait()


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    server = Server()
    yield server
    await server.stop()


@pytest.fixture
async def bus(house: House, server: Server) -> AsyncIterator[Bus]:
    bus = Bus(house.settings("catalogue", nats_url=server.url))
    yield bus
    await bus.close()


async def test_a_service_waits_for_a_server_that_comes_late(bus: Bus, server: Server) -> None:
    connecting = asyncio.create_task(bus.connect())
    with pytest.raises(ConnectionError):
        await bus.ping()
    await server.start()
    async with asyncio.timeout(10):
        await connecting
    await bus.ping()


async def test_a_connection_never_made_can_be_closed(bus: Bus) -> None:
    await bus.close()
    connecting = asyncio.create_task(bus.connect())
    await asyncio.sleep(0)
    connecting.cancel()
    await asyncio.gather(connecting, return_exceptions=True)
    await bus.close()


async def test_a_ping_fails_at_once_when_the_server_is_gone(bus: Bus, server: Server) -> None:
    await server.start()
    await bus.connect()
    await server.stop()
    await until(lambda: not bus.nc.is_connected)
    began = time.monotonic()
    with pytest.raises(ConnectionError):
        await bus.ping()
    assert time.monotonic() - began < 1


async def test_a_late_pong_does_not_break_the_connection(bus: Bus, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.kit.bus.PING_SECONDS", 0.2)
    await server.start()
    await bus.connect()
    await server.freeze()
    with pytest.raises(TimeoutError):
        await bus.ping()
    server.thaw()
    monkeypatch.setattr("services.kit.bus.PING_SECONDS", 5)
    await bus.ping()
    assert bus.nc.stats["reconnects"] == 0


async def test_a_server_that_reads_nothing_does_not_hold_the_process(bus: Bus, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.kit.bus.CLOSE_SECONDS", 0.2)
    await server.start()
    await bus.connect()
    await server.freeze()
    for _ in range(20):
        await bus.nc.publish("lourd", b"x" * 1_000_000)
    async with asyncio.timeout(5):
        await bus.close()


async def test_being_sent_away_for_good_is_noticed(bus: Bus, server: Server) -> None:
    await server.start()
    await bus.connect()
    waiting = asyncio.create_task(bus.until_closed())
    await bus.nc._process_err("'Authorization Violation'")
    async with asyncio.timeout(5):
        await waiting
    with pytest.raises(ConnectionError):
        await bus.ping()
