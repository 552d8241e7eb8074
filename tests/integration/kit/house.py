"""A service of the tests' own, on real servers: it knows one event, `Chose`, whose effect is a row."""

import asyncio
import inspect
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

import httpx
import nats
from fastapi import APIRouter, FastAPI
from nats.aio.client import Client
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig
from nats.js.errors import NotFoundError
from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from services.contracts.base import Event
from services.kit import clock
from services.kit.app import build_app
from services.kit.bus import Bus
from services.kit.database import Database
from services.kit.settings import ServiceSettings
from services.kit.tables import KitTable
from tests.servers import NatsServer, PostgresServer

PATIENCE = 15.0
NOWHERE = "http://127.0.0.1:1"


class Chose(Event):
    """Published by identity, heard by catalogue."""

    subject_prefix: ClassVar[str] = "identity.v1.kit.chose"

    nom: str

    @property
    def aggregate_id(self) -> UUID:
        return self.event_id


def une_chose(nom: str) -> Chose:
    return Chose(survenu_le=clock.now(), nom=nom)


@dataclass(frozen=True)
class Listener:
    """A durable consumer of the tests' own, in the shape of the topology's."""

    stream: str = "IDENTITY"
    durable: str = "catalogue-identity"
    filters: str = "identity.v1.kit.>"


async def until(condition: Callable[[], Any], seconds: float = PATIENCE) -> None:
    """Wait for a condition, awaitable or not, with a deadline."""
    async with asyncio.timeout(seconds):
        while True:
            outcome = condition()
            if await outcome if inspect.isawaitable(outcome) else outcome:
                return
            await asyncio.sleep(0.02)


async def remember(session: AsyncSession, chose: Chose) -> None:
    """The usual handler: the effect is a row."""
    await session.execute(text("insert into effects (nom) values (:nom)"), {"nom": chose.nom})


async def make_tables(database: Database) -> None:
    async with database.transaction() as session:
        connection = await session.connection()
        await connection.run_sync(KitTable.metadata.create_all)
        await connection.execute(text("create table effects (nom text)"))


@dataclass
class House:
    """The servers of one test, and shortcuts on them."""

    nats_server: NatsServer
    postgres: PostgresServer
    database: Database

    def settings(self, service: str = "catalogue", *, with_database: bool = True, nats_url: str | None = None) -> ServiceSettings:
        login = self.nats_server.login(service)
        return ServiceSettings(
            service=service,
            port=1,
            database_url=self.database.url if with_database else None,
            nats_url=nats_url or login.nats_url,
            nats_user=login.nats_user,
            nats_password=login.nats_password,
            jwks_url=NOWHERE,
            public_url=NOWHERE,
            log_level="CRITICAL",
        )

    @asynccontextmanager
    async def bus(self, service: str = "catalogue") -> AsyncIterator[Bus]:
        bus = Bus(self.settings(service))
        await bus.connect()
        try:
            yield bus
        finally:
            await bus.close()

    @asynccontextmanager
    async def running(
        self,
        service: str = "catalogue",
        *,
        handler: Callable[..., Awaitable[None]] = remember,
        events: Mapping[Any, Any] | None = None,
        consumers: Sequence[Listener] = (Listener(),),
        with_database: bool = True,
        wait: bool = True,
        **app_options: Any,
    ) -> AsyncIterator[FastAPI]:
        """A service at work, ready unless told not to `wait`."""
        app = build_app(
            self.settings(service, with_database=with_database),
            router=app_options.pop("router", APIRouter()),
            consumers=consumers,
            events=events or {Chose: handler},
            **app_options,
        )
        async with app.router.lifespan_context(app):
            if wait:
                await until(lambda: is_ready(app))
            yield app

    @asynccontextmanager
    async def administrator(self) -> AsyncIterator[JetStreamContext]:
        async with self.connection("provision") as client:
            yield client.jetstream()

    async def publish(self, *events: Chose, **headers: str) -> None:
        """As identity's relay does."""
        async with self.connection("identity") as client:
            for event in events:
                all_headers = {"Nats-Msg-Id": str(event.event_id), **headers}
                await client.jetstream().publish(event.subject, event.model_dump_json().encode(), headers=all_headers)

    async def publish_raw(self, subject: str, data: bytes, headers: dict[str, str] | None = None) -> None:
        async with self.connection(subject.partition(".")[0]) as client:
            await client.jetstream().publish(subject, data, headers=headers)

    async def listen(self, listener: Listener | None = None, *, max_deliver: int = 8, ack_wait: float = 30) -> None:
        """Make the durable anew, on a stream without past."""
        listener = listener or Listener()
        async with self.administrator() as js:
            for stream in (listener.stream, "DEAD_LETTERS"):
                await js.purge_stream(stream)
            with suppress(NotFoundError):
                await js.delete_consumer(listener.stream, listener.durable)
            await js.add_consumer(
                listener.stream,
                ConsumerConfig(
                    durable_name=listener.durable,
                    filter_subject=listener.filters,
                    ack_policy=AckPolicy.EXPLICIT,
                    max_deliver=max_deliver,
                    ack_wait=ack_wait,
                ),
            )

    async def effects(self) -> list[str]:
        return [row.nom for row in await self.rows("select nom from effects order by nom")]

    async def has_effects(self, count: int) -> bool:
        return len(await self.effects()) == count

    async def has_some_effects(self, at_least: int) -> bool:
        return len(await self.effects()) >= at_least

    async def acknowledged(self, stream: str = "IDENTITY", durable: str = "catalogue-identity") -> bool:
        """Whether the durable has nothing more to deliver, nor to hear of what it delivered."""
        async with self.administrator() as js:
            info = await js.consumer_info(stream, durable)
        return (info.num_pending, info.num_ack_pending) == (0, 0)

    async def rows(self, statement: str, **values: Any) -> list[Any]:
        async with self.database.transaction() as session:
            return list(await session.execute(text(statement), values))

    @asynccontextmanager
    async def connection(self, user: str) -> AsyncIterator[Client]:
        """NATS as one of its users, without the kit."""
        login = self.nats_server.login(user)
        client = await nats.connect(
            login.nats_url, user=user, password=login.nats_password, inbox_prefix=f"_INBOX.{user}".encode(), allow_reconnect=False
        )
        try:
            yield client
        finally:
            await client.close()


def client_of(app: FastAPI) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://kit")


async def readiness(app: FastAPI) -> httpx.Response:
    async with client_of(app) as client:
        return await client.get("/health/ready")


async def is_ready(app: FastAPI) -> bool:
    return (await readiness(app)).status_code == httpx.codes.OK
