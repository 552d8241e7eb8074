"""What a message, a problem or an error is taken for."""

from typing import ClassVar
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError, OperationalError

from services.contracts.base import Event
from services.kit import clock
from services.kit.bus import decode_headers, encode
from services.kit.consumer import Handlers
from services.kit.dead_letters import requests_of
from services.kit.problems import FieldError, NotFound, Problem, ProblemBody, Unavailable
from services.kit.pull import PoisonError, is_outage


class Chose(Event):
    subject_prefix: ClassVar[str] = "essai.v1.chose.faite"

    nom: str


async def on_chose(_session: object, _chose: Chose) -> None: ...


HANDLERS = Handlers({Chose: on_chose})


def test_an_event_finds_its_handler_by_its_subject() -> None:
    chose = Chose(survenu_le=clock.now(), nom="a")
    assert HANDLERS.read(f"essai.v1.chose.faite.{uuid4()}", chose.model_dump_json().encode()) == (chose, on_chose)


def test_a_field_added_later_is_no_poison() -> None:
    chose = Chose(survenu_le=clock.now(), nom="a")
    later = chose.model_dump_json()[:-1] + ',"ajoute": 1}'
    assert HANDLERS.read("essai.v1.chose.faite.x", later.encode())[0] == chose


@pytest.mark.parametrize("subject", ["essai.v1.chose.defaite.x", "essai.v1.chose.faite", "x"])
def test_an_event_without_handler_is_poison(subject: str) -> None:
    with pytest.raises(PoisonError, match="no handler"):
        HANDLERS.read(subject, b"{}")


@given(st.binary())
def test_any_other_data_is_poison_and_its_reason_tells_nothing_of_it(data: bytes) -> None:
    with pytest.raises(PoisonError) as caught:
        HANDLERS.read("essai.v1.chose.faite.x", data)
    assert str(caught.value).startswith("malformed essai.v1.chose.faite: ")


@pytest.mark.parametrize(
    ("error", "outage"),
    [
        (OperationalError("", {}, Exception()), True),
        (Unavailable("Absent."), True),
        (Problem("x", "Loin.", status=503), True),
        (ConnectionRefusedError(), True),
        (TimeoutError(), True),
        (NotFound("Rien."), False),
        (IntegrityError("", {}, Exception()), False),
        (FileNotFoundError(), False),
        (ValueError(), False),
    ],
)
def test_an_outage_is_no_fault_of_the_message(error: Exception, outage: bool) -> None:
    assert is_outage(error) is outage


@given(
    slug=st.text(min_size=1),
    title=st.text(),
    status=st.integers(400, 599),
    detail=st.text(),
    errors=st.lists(st.builds(FieldError, champ=st.text(), message=st.text()), max_size=3),
    retry_after=st.none() | st.integers(0, 100),
)
def test_a_problem_crosses_whole(
    slug: str, title: str, status: int, detail: str, errors: list[FieldError], retry_after: int | None
) -> None:
    problem = Problem(slug, title, status=status, detail=detail, errors=errors, retry_after=retry_after)
    received = Problem.from_body(ProblemBody.model_validate_json(encode(problem.body("ici", "fil"))))
    assert vars(received) == vars(problem)


def test_headers_may_be_absent() -> None:
    assert decode_headers(None) == decode_headers({}) == ""
    assert decode_headers({"Correlation-Id": "fil"}) == "fil"


def test_dead_letters_are_asked_of_one_service() -> None:
    assert [model.subject for model in requests_of("catalogue")] == [
        "rpc.catalogue.v1.deadletters.list",
        "rpc.catalogue.v1.deadletters.replay",
    ]
    assert [model.subject for model in requests_of("x")] == ["rpc.x.v1.deadletters.list", "rpc.x.v1.deadletters.replay"]


def test_the_id_of_an_event_is_its_own() -> None:
    assert isinstance(Chose(survenu_le=clock.now(), nom="a").event_id, UUID)
    assert clock.now().tzinfo is not None
