"""The servers of the tests, and of the local stack: who may do what there."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

import nats
import nats.errors
import psycopg
import pytest
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js import JetStreamContext
from nats.js.api import AckPolicy

from deploy.nats.permissions import consuming_services
from deploy.provision import ProvisionSettings, main
from services.contracts.topology import CONSUMERS, DEAD_LETTERS, STREAMS, WEB_SESSIONS
from tests.servers import NatsServer, PostgresServer

A_MOMENT = 0.3


@dataclass
class Guest:
    """A user of the allow-lists, connected; what the server refuses is told in `refused`."""

    client: Client
    refused: asyncio.Queue[str]

    @property
    def js(self) -> JetStreamContext:
        return self.client.jetstream()

    async def refusal(self) -> str:
        await self.client.flush()
        return await asyncio.wait_for(self.refused.get(), 2)


Connect = Callable[[str], Awaitable[Guest]]


@pytest.fixture
async def connect(nats_server: NatsServer) -> AsyncIterator[Connect]:
    guests: list[Guest] = []

    async def as_user(user: str) -> Guest:
        refused: asyncio.Queue[str] = asyncio.Queue()

        async def on_error(error: Exception) -> None:
            refused.put_nowait(str(error))

        client = await nats.connect(
            nats_server.url, user=user, password=nats_server.password(user), inbox_prefix=f"_INBOX.{user}".encode(), error_cb=on_error
        )
        guests.append(Guest(client, refused))
        return guests[-1]

    yield as_user
    for guest in guests:
        await guest.client.close()


async def test_a_service_publishes_its_own_events_only(connect: Connect) -> None:
    identity = await connect("identity")
    accepted = await identity.js.publish("identity.v1.agent.enregistre.x", b"{}")
    assert accepted.stream == "IDENTITY"
    await identity.client.publish("inscriptions.v1.bulletin.depose.x", b"{}")
    assert "permissions violation for publish" in (await identity.refusal()).lower()


async def test_a_service_cannot_read_the_inbox_of_another(connect: Connect) -> None:
    catalogue = await connect("catalogue")
    await catalogue.client.subscribe("_INBOX.inscriptions.>")
    assert "permissions violation for subscription" in (await catalogue.refusal()).lower()


async def test_a_service_cannot_listen_to_everything(connect: Connect) -> None:
    web = await connect("web")
    await web.client.subscribe(">")
    assert "permissions violation for subscription" in (await web.refusal()).lower()


async def test_a_request_reaches_who_answers_it_and_nobody_else_may_ask(connect: Connect) -> None:
    inscriptions, documents, identity = [await connect(name) for name in ("inscriptions", "documents", "identity")]
    subject = "rpc.inscriptions.v1.dossier.lire"

    async def answer(message: Msg) -> None:
        await message.respond(b"dossier")

    await inscriptions.client.subscribe(subject, cb=answer)
    await inscriptions.client.flush()
    assert (await documents.client.request(subject, b"", timeout=2)).data == b"dossier"
    with pytest.raises(nats.errors.TimeoutError):
        await identity.client.request(subject, b"", timeout=A_MOMENT)
    assert subject in await identity.refusal()


async def test_a_durable_is_read_by_its_service_and_by_no_other(connect: Connect) -> None:
    inscriptions, workflows, documents = [await connect(name) for name in ("inscriptions", "workflows", "documents")]
    await inscriptions.js.publish("inscriptions.v1.bulletin.depose.y", b"{}")
    mine = await workflows.js.pull_subscribe_bind("workflows-inscriptions", stream="INSCRIPTIONS")
    [message] = await mine.fetch(1, timeout=2)
    await message.ack_sync()
    theirs = await documents.js.pull_subscribe_bind("workflows-inscriptions", stream="INSCRIPTIONS")
    with pytest.raises(nats.errors.TimeoutError):
        await theirs.fetch(1, timeout=A_MOMENT)
    assert "$JS.API.CONSUMER.MSG.NEXT" in (await documents.refusal()).upper()


async def test_the_web_keeps_its_sessions(connect: Connect) -> None:
    web = await connect("web")
    bucket = await web.js.key_value(WEB_SESSIONS)
    await bucket.put("cle", b"valeur")
    assert (await bucket.get("cle")).value == b"valeur"
    await bucket.delete("cle")


async def test_a_message_given_up_reaches_the_dead_letters_of_its_service(connect: Connect) -> None:
    identity, catalogue = await connect("identity"), await connect("catalogue")
    subject = "identity.v1.collectivite.enregistree.z"
    sent = await identity.js.publish(subject, b"poison")
    js = catalogue.js
    durable = await js.pull_subscribe_bind("catalogue-identity", stream="IDENTITY")
    [message] = await durable.fetch(1, timeout=2)
    await message.term()
    letters = await js.pull_subscribe_bind("dead-letters-catalogue", stream=DEAD_LETTERS)
    [advisory] = await letters.fetch(1, timeout=2)
    await advisory.ack()
    assert (await js.get_msg("IDENTITY", sent.seq)).data == b"poison"


async def test_provisioning_twice_changes_nothing(nats_server: NatsServer, connect: Connect) -> None:
    js = (await connect("provision")).js

    async def described() -> dict[str, object]:
        names = [*STREAMS, DEAD_LETTERS]
        found: dict[str, object] = {name: (await js.stream_info(name)).config for name in names}
        for name in names:
            found |= {consumer.name: consumer.config for consumer in await js.consumers_info(name)}
        return found

    before = await described()
    await main(ProvisionSettings.model_validate(nats_server.login("provision").__dict__))
    assert await described() == before
    assert len(before) == len(STREAMS) + 1 + len(CONSUMERS) + len(consuming_services())
    info = await js.consumer_info("INSCRIPTIONS", "workflows-inscriptions")
    assert info.config.ack_policy == AckPolicy.EXPLICIT


async def test_a_message_survives_a_restart_on_the_same_port(nats_server: NatsServer, connect: Connect) -> None:
    identity = await connect("identity")
    sent = await identity.js.publish("identity.v1.agent.enregistre.w", b"{}")
    await nats_server.restart()
    js = (await connect("provision")).js
    assert (await js.stream_info("IDENTITY")).state.last_seq >= sent.seq


def test_databases_are_closed_to_other_roles(postgres: PostgresServer) -> None:
    mine, theirs = postgres.empty_database_for("catalogue"), postgres.empty_database_for("documents")
    with psycopg.connect(mine.replace("+psycopg", "")) as connection:
        row = connection.execute("select unaccent('été'), similarity('stage', 'stages') > 0.5").fetchone()
        assert row == ("ete", True)
    name = theirs.rsplit("/", 1)[1]
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        psycopg.connect(mine.replace("+psycopg", "").rsplit("/", 1)[0] + f"/{name}")


def test_a_wrong_password_is_refused(postgres: PostgresServer) -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(postgres.admin_url, password="devinez")
