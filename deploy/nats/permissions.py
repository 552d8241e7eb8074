"""The users of NATS and their allow-lists: what is not written here is refused.

A service publishes its own events, answers its own requests, asks those it needs, and reads the consumers that the topology
gives it. Its inbox `_INBOX.<user>.>` is its own. `provision` makes streams and consumers; it reads and says nothing else.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from services.contracts.topology import CONSUMERS, DEAD_LETTERS, STREAMS, WEB_SESSIONS, consumers_of

DEAD_LETTERS_PREFIX = "dead-letters-"
DOSSIER = "rpc.inscriptions.v1.dossier.lire"


@dataclass(frozen=True)
class User:
    """A line of the table: `answers` and `asks` are subjects of requests, `buckets` key-value buckets it reads and writes."""

    name: str
    answers: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    buckets: tuple[str, ...] = ()
    administers: bool = False

    @property
    def stream(self) -> str | None:
        """The stream of the events it publishes."""
        return self.name.upper() if self.name.upper() in STREAMS else None


USERS: tuple[User, ...] = (
    User("identity", answers=("rpc.identity.v1.>",), asks=("rpc.circuits.v1.ouverture.>", "rpc.documents.v1.lettre.composer")),
    User("catalogue", answers=("rpc.catalogue.v1.>",)),
    User("inscriptions", answers=("rpc.inscriptions.v1.>",), asks=("rpc.circuits.v1.>",)),
    User("documents", answers=("rpc.documents.v1.>",), asks=(DOSSIER,)),
    User(
        "notifications",
        answers=("rpc.notifications.v1.>",),
        asks=(DOSSIER, "rpc.documents.v1.document.lire", "rpc.identity.v1.courriel.lire"),
    ),
    User("web", buckets=(WEB_SESSIONS,)),
    User(
        "workflows",
        answers=("rpc.circuits.v1.>",),
        asks=("rpc.inscriptions.v1.>", "rpc.documents.v1.>", "rpc.notifications.v1.>", "rpc.identity.v1.ouverture.>"),
    ),
    User("provision", administers=True),
)


def publishes(user: User) -> list[str]:
    """Subjects the user may publish to, beside the replies to what it is asked."""
    if user.administers:
        return ["$JS.API.>"]
    own = [f"{user.name}.v1.>", f"$JS.API.STREAM.INFO.{user.stream}"] if user.stream else []
    return [*own, *user.asks, *_reads(user.name), *_writes(user.buckets)]


def subscribes(user: User) -> list[str]:
    inbox = f"_INBOX.{user.name}.>"
    if user.administers:
        return [inbox]
    # The discovery of nats.micro: everybody's ping, and that of its own name.
    discovery = ["$SRV.*", f"$SRV.*.{user.name}", f"$SRV.*.{user.name}.*"] if user.answers else []
    return [inbox, *user.answers, *discovery]


def _reads(service: str) -> list[str]:
    """On the service's own consumers: pull, acknowledge, fetch the original of a message that was given up, ask for its replay."""
    pairs = [(consumer.stream, consumer.durable) for consumer in consumers_of(service)]
    if not pairs:
        return []
    originals = [f"$JS.API.STREAM.MSG.GET.{stream}" for stream in sorted({stream for stream, _ in pairs})]
    pairs.append((DEAD_LETTERS, dead_letters_durable(service)))
    return [f"rpc.{service}.v1.deadletters.>", *originals] + [
        subject
        for stream, durable in pairs
        for subject in (
            f"$JS.API.CONSUMER.INFO.{stream}.{durable}",
            f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{durable}",
            f"$JS.ACK.{stream}.{durable}.>",
        )
    ]


def _writes(buckets: Sequence[str]) -> list[str]:
    return [
        subject
        for bucket in buckets
        for subject in (
            f"$KV.{bucket}.>",
            f"$JS.API.STREAM.INFO.KV_{bucket}",
            f"$JS.API.STREAM.MSG.GET.KV_{bucket}",
            f"$JS.API.DIRECT.GET.KV_{bucket}",
            f"$JS.API.DIRECT.GET.KV_{bucket}.>",
        )
    ]


def dead_letters_durable(service: str) -> str:
    return DEAD_LETTERS_PREFIX + service


def consuming_services() -> list[str]:
    return sorted({consumer.service for consumer in CONSUMERS})


def authorization(passwords: dict[str, str]) -> dict[str, object]:
    """The `authorization` block of nats-server's configuration."""
    return {
        "users": [
            {
                "user": user.name,
                "password": passwords[user.name],
                "permissions": {
                    "publish": {"allow": publishes(user)},
                    "subscribe": {"allow": subscribes(user)},
                    # The reply to a request goes to the inbox of who asked, which nobody may otherwise write to.
                    "allow_responses": True,
                },
            }
            for user in USERS
        ]
    }
