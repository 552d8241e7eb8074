"""Subjects: unique, well-formed, each with an owner who may use it on NATS."""

import re
from collections import Counter

import pytest

from deploy.nats.permissions import USERS, publishes, subscribes
from services.contracts import index
from services.contracts.base import Event
from services.contracts.topology import CONSUMERS, STREAMS, Consumer

WORD = r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*"
EVENT = re.compile(rf"(?P<service>{WORD})\.v[1-9]\d*\.{WORD}\.{WORD}")
REQUEST = re.compile(rf"rpc\.(?P<service>{WORD})\.v[1-9]\d*\.{WORD}\.{WORD}")
BY_NAME = {user.name: user for user in USERS}


def covers(pattern: str, subject: str) -> bool:
    """Whether a NATS pattern matches a subject."""
    tokens, words = pattern.split("."), subject.split(".")
    if tokens[-1] == ">":
        tokens, words = tokens[:-1], words[: len(tokens) - 1] if len(words) >= len(tokens) else []
    return len(tokens) == len(words) and all(token in {"*", word} for token, word in zip(tokens, words, strict=True))


def allowed(patterns: list[str], subject: str) -> bool:
    return any(covers(pattern, subject) for pattern in patterns)


@pytest.mark.parametrize(
    ("pattern", "subject", "expected"),
    [
        ("a.b", "a.b", True),
        ("a.*", "a.b", True),
        ("a.>", "a.b.c", True),
        (">", "a", True),
        ("a.>", "a", False),
        ("a.*", "a.b.c", False),
        ("a.b", "a.c", False),
    ],
)
def test_patterns_match_as_in_nats(pattern: str, subject: str, expected: bool) -> None:
    assert covers(pattern, subject) is expected


def test_there_are_messages() -> None:
    assert {event.__name__ for event in index.events()} >= {"SessionEnregistree", "CollectiviteEnregistree", "PlacesActualisees"}
    assert {request.__name__ for request in index.requests()} >= {"Soumettre", "LireDossier", "ProduireConvocation"}


def test_every_name_and_subject_is_unique() -> None:
    subjects = [event.subject_prefix for event in index.events()] + [request.subject for request in index.requests()]
    names = [message.__name__ for message in index.messages()]
    assert [value for value, times in Counter(subjects + names).items() if times > 1] == []


@pytest.mark.parametrize("event", index.events(), ids=lambda event: event.subject_prefix)
def test_an_event_has_a_subject_a_stream_and_one_publisher(event: type[Event]) -> None:
    form = EVENT.fullmatch(event.subject_prefix)
    assert form is not None
    subject = f"{event.subject_prefix}.5f0c2a34-6f3e-5a55-9a0e-0c7d6b1f2e11"
    assert [stream for stream, patterns in STREAMS.items() if allowed(list(patterns), subject)] == [form["service"].upper()]
    assert [user.name for user in USERS if allowed(publishes(user), subject)] == [form["service"]]


@pytest.mark.parametrize("subject", [request.subject for request in index.requests()])
def test_a_request_has_a_subject_one_who_answers_and_others_who_may_ask(subject: str) -> None:
    assert REQUEST.fullmatch(subject)
    assert [user.name for user in USERS if allowed(subscribes(user), subject)] == [index.owner_of(subject)]
    assert [user.name for user in USERS if user.name != index.owner_of(subject) and allowed(publishes(user), subject)]


@pytest.mark.parametrize("consumer", CONSUMERS, ids=lambda consumer: consumer.durable)
def test_a_consumer_reads_events_that_exist_and_has_the_right_to(consumer: Consumer) -> None:
    prefixes = {event.subject_prefix for event in index.events()}
    assert {pattern.removesuffix(".*") for pattern in consumer.filters} <= prefixes
    assert all(allowed(list(STREAMS[consumer.stream]), pattern) for pattern in consumer.filters)
    rights = publishes(BY_NAME[consumer.service])
    for subject in (
        f"$JS.API.CONSUMER.INFO.{consumer.stream}.{consumer.durable}",
        f"$JS.API.CONSUMER.MSG.NEXT.{consumer.stream}.{consumer.durable}",
        f"$JS.ACK.{consumer.stream}.{consumer.durable}.1.1.1.1.1",
    ):
        assert allowed(rights, subject)


def test_durables_are_unique() -> None:
    assert len({consumer.durable for consumer in CONSUMERS}) == len(CONSUMERS)
