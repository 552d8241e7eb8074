"""Streams, durable consumers, buckets and search attributes, as the topology says: `python -m deploy.provision`.

Idempotent: what exists is brought to its description. Reads IEL_NATS_URL, IEL_NATS_USER and IEL_NATS_PASSWORD (user
`provision`), and IEL_TEMPORAL_ADDRESS and IEL_TEMPORAL_NAMESPACE when Temporal is to be provisioned too.
"""

import asyncio
import os
import sys

import nats
import nats.errors
import nats.js.errors
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy, KeyValueConfig, StorageType, StreamConfig
from nats.js.client import KV_STREAM_TEMPLATE
from pydantic_settings import BaseSettings, SettingsConfigDict
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest, ListSearchAttributesRequest
from temporalio.client import Client

from deploy.nats.permissions import consuming_services, dead_letters_durable
from deploy.search_attributes import SEARCH_ATTRIBUTES
from services.contracts.topology import CONSUMERS, DEAD_LETTERS, STREAMS, WEB_SESSIONS, consumers_of

HOUR = 3600.0
DUPLICATE_WINDOW = HOUR
DEAD_LETTERS_LIVE = 90 * 24 * HOUR
WEB_SESSIONS_LIVE = 12 * HOUR
ADVISORY = "$JS.EVENT.ADVISORY.CONSUMER"
ADVISORIES = ("MAX_DELIVERIES", "MSG_TERMINATED")


class ProvisionSettings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="IEL_", extra="ignore", env_ignore_empty=True)

    nats_url: str
    nats_user: str | None = None
    nats_password: str | None = None
    temporal_address: str | None = None
    temporal_namespace: str = "default"


def streams() -> list[StreamConfig]:
    """One stream a publishing service, and that of the advisories."""
    events = [
        StreamConfig(name=name, subjects=list(subjects), storage=StorageType.FILE, duplicate_window=DUPLICATE_WINDOW)
        for name, subjects in STREAMS.items()
    ]
    advisories = [f"{ADVISORY}.{kind}.>" for kind in ADVISORIES]
    return [*events, StreamConfig(name=DEAD_LETTERS, subjects=advisories, storage=StorageType.FILE, max_age=DEAD_LETTERS_LIVE)]


def consumers() -> list[tuple[str, ConsumerConfig]]:
    """Every durable with its stream: those of the topology, and one a consuming service for what it gave up."""
    declared = [
        (
            consumer.stream,
            ConsumerConfig(
                durable_name=consumer.durable,
                filter_subjects=list(consumer.filters),
                ack_policy=AckPolicy.EXPLICIT,
                deliver_policy=DeliverPolicy.ALL,
                max_deliver=consumer.max_deliver,
                ack_wait=consumer.ack_wait_seconds,
            ),
        )
        for consumer in CONSUMERS
    ]
    return [*declared, *((DEAD_LETTERS, _dead_letters_of(service)) for service in consuming_services())]


def _dead_letters_of(service: str) -> ConsumerConfig:
    filters = [f"{ADVISORY}.{kind}.{consumer.stream}.{consumer.durable}" for consumer in consumers_of(service) for kind in ADVISORIES]
    return ConsumerConfig(durable_name=dead_letters_durable(service), filter_subjects=filters, ack_policy=AckPolicy.EXPLICIT)


async def provision(js: JetStreamContext) -> None:
    """Bring JetStream to its description."""
    for stream in streams():
        await _apply_stream(js, stream)
    for stream_name, consumer in consumers():
        await js.add_consumer(stream_name, consumer)
    await _apply_bucket(js)


async def _apply_stream(js: JetStreamContext, config: StreamConfig) -> None:
    try:
        await js.stream_info(config.name or "")
    except nats.js.errors.NotFoundError:
        await js.add_stream(config)
    else:
        await js.update_stream(config)


async def _apply_bucket(js: JetStreamContext) -> None:
    bucket = KeyValueConfig(bucket=WEB_SESSIONS, ttl=WEB_SESSIONS_LIVE, storage=StorageType.FILE)
    try:
        info = await js.stream_info(KV_STREAM_TEMPLATE.format(bucket=WEB_SESSIONS))
    except nats.js.errors.NotFoundError:
        await js.create_key_value(bucket)
    else:
        await js.update_stream(info.config.evolve(max_age=bucket.ttl))


async def register_search_attributes(address: str, namespace: str) -> None:
    """Add those that the namespace lacks. RuntimeError when Temporal does not answer or has one of another type."""
    client = await Client.connect(address, namespace=namespace)
    known = await client.operator_service.list_search_attributes(ListSearchAttributesRequest(namespace=namespace))
    wanted = {name: IndexedValueType.Value(f"INDEXED_VALUE_TYPE_{kind.upper()}") for name, kind in SEARCH_ATTRIBUTES.items()}
    conflicting = [name for name, kind in wanted.items() if known.custom_attributes.get(name, kind) != kind]
    if conflicting:
        raise RuntimeError(f"attributs de recherche d’un autre type dans Temporal\u00a0: {', '.join(conflicting)}")
    missing = {name: kind for name, kind in wanted.items() if name not in known.custom_attributes}
    if missing:
        await client.operator_service.add_search_attributes(AddSearchAttributesRequest(namespace=namespace, search_attributes=missing))


async def main(settings: ProvisionSettings) -> None:
    connection = await nats.connect(
        settings.nats_url,
        user=settings.nats_user,
        password=settings.nats_password,
        inbox_prefix=f"_INBOX.{settings.nats_user}".encode() if settings.nats_user else b"_INBOX",
        allow_reconnect=False,
    )
    try:
        await provision(connection.jetstream())
    finally:
        await connection.close()
    if settings.temporal_address:
        await register_search_attributes(settings.temporal_address, settings.temporal_namespace)


if __name__ == "__main__":
    try:
        asyncio.run(main(ProvisionSettings()))
    except (nats.errors.Error, nats.js.errors.Error, OSError, RuntimeError) as error:
        sys.exit(f"Les flux et les consommateurs n’ont pas pu être créés\u00a0: {error}")
    # Temporal's client keeps native threads that may touch Python while the interpreter is being dismantled, and crash it
    # after the work is done: leave without dismantling.
    os._exit(0)
