"""Whether events still travel: written and not published, or published and not handled."""

import asyncio
import json

import psycopg

from deploy.local.failures import LaunchError
from deploy.local.probes import http_body
from deploy.local.programs import NotReady
from deploy.nats.permissions import DEAD_LETTERS_PREFIX

POLL_SECONDS = 0.1
CONSUMERS = "/jsz?consumers=true&streams=true&config=false"


class Backlog:
    """`databases` are the addresses of those that have an outbox; `monitor_port` is None when NATS is not ours."""

    def __init__(self, databases: list[str], monitor_port: int | None) -> None:
        self._databases = [url.replace("+psycopg", "") for url in databases]
        self._monitor_port = monitor_port

    async def settled(self, seconds: float) -> None:
        """Return once nothing travels. LaunchError when something still does after `seconds`."""
        left: dict[str, int] = {}
        try:
            async with asyncio.timeout(seconds):
                while left := await self.count():  # noqa: ASYNC110 -- nobody tells; one must look
                    await asyncio.sleep(POLL_SECONDS)
        except TimeoutError as error:
            what = ", ".join(f"{name} ({count})" for name, count in left.items())
            raise LaunchError(f"Des événements attendent encore d’être traités après {seconds:.0f}\u00a0secondes\u00a0: {what}.") from error

    async def count(self) -> dict[str, int]:
        """Events under way, by outbox and by consumer; those that have none are left out."""
        outboxes = {url.rsplit("/", 1)[1]: await self._unpublished(url) for url in self._databases}
        # Outboxes first: an event that leaves one meanwhile is then seen among the consumers.
        return {name: count for name, count in {**outboxes, **await self._unhandled()}.items() if count}

    @staticmethod
    async def _unpublished(url: str) -> int:
        async with await psycopg.AsyncConnection.connect(url) as connection:
            row = await (await connection.execute("select count(*) from outbox where published_at is null")).fetchone()
            return 0 if row is None else int(row[0])

    async def _unhandled(self) -> dict[str, int]:
        if self._monitor_port is None:
            return {}
        try:
            found = json.loads(await http_body(self._monitor_port, CONSUMERS))
        except NotReady:
            return {"nats": 1}
        consumers = [
            consumer
            for account in found.get("account_details", [])
            for stream in account.get("stream_detail", [])
            for consumer in stream.get("consumer_detail", [])
        ]
        return {
            consumer["name"]: consumer["num_pending"] + consumer["num_ack_pending"]
            for consumer in consumers
            if not consumer["name"].startswith(DEAD_LETTERS_PREFIX)
        }
