"""The envelope every event shares, and the base of every message."""

from typing import ClassVar, Generic, TypeVar
from uuid import UUID, uuid4

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field


class Message(BaseModel):
    """A value that crosses a service boundary: immutable, tolerant of fields added later."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Event(Message):
    """A fact, published once its transaction is committed.

    `subject_prefix` is `<service>.v1.<aggregate>.<event>`; the full subject adds the aggregate's id.
    """

    subject_prefix: ClassVar[str]

    event_id: UUID = Field(default_factory=uuid4)
    survenu_le: AwareDatetime

    @property
    def aggregate_id(self) -> UUID:
        """The id that ends the subject."""
        raise LookupError(f"{type(self).__name__} names no aggregate")

    @property
    def subject(self) -> str:
        return f"{self.subject_prefix}.{self.aggregate_id}"


Reply = TypeVar("Reply", bound=Message)


class Request(Message, Generic[Reply]):
    """A question to the service that owns the data, answered within milliseconds over NATS."""

    subject: ClassVar[str]
    reply: ClassVar[type[Message]]


class Fait(Message):
    """The answer of a request that only does: `deja_fait` when the same request had been carried out before."""

    deja_fait: bool = False
