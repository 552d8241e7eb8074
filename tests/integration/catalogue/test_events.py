"""The catalogue on a real NATS: it hears collectivités and places, and says its sessions."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from uuid import UUID, uuid4

import nats
import pytest
from nats.aio.client import Client as NatsClient

from services.catalogue import domain
from services.catalogue.main import create
from services.catalogue.settings import Settings
from services.contracts.base import Event
from services.contracts.catalogue import SessionEnregistree
from services.contracts.inscriptions import PlacesActualisees
from services.kit import clock
from tests.integration.catalogue.conftest import Catalogue, agent_de, une_collectivite
from tests.servers import NatsServer
from tests.unit.catalogue.fabrique import une_session

DEMAIN = clock.now().date() + timedelta(days=60)
PATIENCE = 10.0

Say = Callable[[Event], Awaitable[None]]


@pytest.fixture
async def running(catalogue: Catalogue, nats_server: NatsServer) -> AsyncIterator[Catalogue]:
    """The real service at work on this catalogue."""
    login = nats_server.login("catalogue").__dict__
    settings = Settings(database_url=catalogue.database.url, jwks_url="http://127.0.0.1:1", public_url="http://localhost", **login)
    app = create(settings)
    async with app.router.lifespan_context(app):
        yield catalogue


@pytest.fixture
async def say(nats_server: NatsServer) -> AsyncIterator[Say]:
    """Publish an event as the service that owns it."""
    clients: dict[str, NatsClient] = {}

    async def as_its_service(event: Event) -> None:
        user = event.subject.partition(".")[0]
        if user not in clients:
            clients[user] = await nats.connect(
                nats_server.url, user=user, password=nats_server.password(user), inbox_prefix=f"_INBOX.{user}".encode()
            )
        headers = {"Nats-Msg-Id": str(event.event_id)}
        await clients[user].jetstream().publish(event.subject, event.model_dump_json().encode(), headers=headers)

    yield as_its_service
    for client in clients.values():
        await client.close()


def des_places(session_id: UUID, version: int, admises: int) -> PlacesActualisees:
    return PlacesActualisees(
        survenu_le=clock.now(), session_id=session_id, version=version, effectif_attendu=15, recues=12, admises=admises, en_attente=1
    )


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not await condition():  # noqa: ASYNC110 -- the change is made by another process
            await asyncio.sleep(0.05)


async def test_figures_follow_the_ledger_and_an_older_version_is_ignored(running: Catalogue, say: Say) -> None:
    session, temoin = une_session("001", debut=DEMAIN), une_session("002", debut=DEMAIN)
    await running.charge(session, temoin)
    agent = agent_de(uuid4())

    async def admises(s: domain.Session) -> int:
        return (await running.lit(agent, s.id)).places.admises

    async def shows(s: domain.Session, figure: int) -> bool:
        return await admises(s) == figure

    await say(des_places(session.id, version=2, admises=9))
    await until(lambda: shows(session, 9))
    assert (await running.lit(agent, session.id)).disponibles == 6
    late = des_places(session.id, version=1, admises=3)
    for event in (late, late, des_places(session.id, version=2, admises=4), des_places(temoin.id, version=1, admises=1)):
        await say(event)
    await until(lambda: shows(temoin, 1))
    assert await admises(session) == 9
    await say(des_places(session.id, version=3, admises=15))
    await until(lambda: shows(session, 15))
    assert (await running.lit(agent, session.id)).disponibles == 0


async def test_a_collectivite_sees_its_sessions_once_identity_has_told_its_departement(running: Catalogue, say: Say) -> None:
    nouvelle = uuid4()
    await running.charge(
        une_session("001", debut=DEMAIN, aire=domain.Aire(departements=("44",))),
        une_session("002", debut=DEMAIN, aire=domain.Aire(departements=("85",))),
    )

    async def sees(*codes: str) -> bool:
        return await running.codes(agent_de(nouvelle)) == list(codes)

    assert await sees()
    await say(une_collectivite(nouvelle, "44"))
    await until(lambda: sees("SXM5A 001"))
    await say(une_collectivite(nouvelle, "85", version=2))
    await until(lambda: sees("SXM5A 002"))


async def test_sessions_loaded_reach_the_stream(running: Catalogue, nats_server: NatsServer) -> None:
    listener = await nats.connect(
        nats_server.url, user="inscriptions", password=nats_server.password("inscriptions"), inbox_prefix=b"_INBOX.inscriptions"
    )
    try:
        durable = await listener.jetstream().pull_subscribe_bind("inscriptions-catalogue", stream="CATALOGUE")
        sessions = [une_session(f"{n:03}", debut=DEMAIN) for n in range(100, 130)]
        await running.charge(*sessions)
        heard: dict[UUID, SessionEnregistree] = {}
        async with asyncio.timeout(PATIENCE):
            while not {s.id for s in sessions} <= heard.keys():
                for message in await durable.fetch(50, timeout=PATIENCE):
                    event = SessionEnregistree.model_validate_json(message.data)
                    heard[event.session_id] = event
                    await message.ack()
    finally:
        await listener.close()
    assert [heard[s.id].code for s in sessions] == [s.code for s in sessions]
