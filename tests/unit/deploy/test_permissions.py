"""The allow-lists of NATS, as a table one may trust."""

import pytest

from deploy.nats.permissions import USERS, User, authorization, publishes, subscribes
from services.contracts.topology import CONSUMERS, STREAMS

SERVICES = [user for user in USERS if not user.administers]


@pytest.mark.parametrize("user", SERVICES, ids=lambda user: user.name)
def test_nobody_publishes_the_events_of_another(user: User) -> None:
    events = {subject for subjects in STREAMS.values() for subject in subjects}
    assert events & set(publishes(user)) <= {f"{user.name}.v1.>"}


@pytest.mark.parametrize("user", USERS, ids=lambda user: user.name)
def test_an_inbox_is_its_owner_s(user: User) -> None:
    assert [subject for subject in subscribes(user) if subject.startswith("_INBOX")] == [f"_INBOX.{user.name}.>"]


def test_no_allow_list_opens_everything() -> None:
    assert not {">", "*", "$JS.>", "_INBOX.>"} & {subject for user in USERS for subject in (*publishes(user), *subscribes(user))}


def test_each_consumer_of_the_topology_may_be_read_by_its_service_alone() -> None:
    for consumer in CONSUMERS:
        pull = f"$JS.API.CONSUMER.MSG.NEXT.{consumer.stream}.{consumer.durable}"
        assert [user.name for user in SERVICES if pull in publishes(user)] == [consumer.service]


def test_what_is_asked_is_answered_by_somebody() -> None:
    answered = [subject.removesuffix(">") for user in USERS for subject in user.answers]
    for user in USERS:
        for asked in user.asks:
            assert any(asked.startswith(prefix) for prefix in answered), f"nobody answers {asked}, asked by {user.name}"


def test_every_user_has_a_password() -> None:
    passwords = {user.name: f"secret-{user.name}" for user in USERS}
    users = authorization(passwords)["users"]
    assert isinstance(users, list)
    assert {user["user"]: user["password"] for user in users} == passwords
