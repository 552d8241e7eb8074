"""All the messages there are, found by reading the modules of this package: nothing is listed twice."""

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

import services.contracts
from services.contracts.base import Event, Message, Request


def events() -> list[type[Event]]:
    """Every event, by subject."""
    return sorted((model for model in _messages() if issubclass(model, Event)), key=lambda event: event.subject_prefix)


def requests() -> list[type[Request[Any]]]:
    """Every request, by subject."""
    return sorted((model for model in _messages() if issubclass(model, Request)), key=lambda request: request.subject)


def messages() -> list[type[Message]]:
    """All that travels alone, by name: events, requests and their replies."""
    asked = requests()
    return sorted({*events(), *asked, *(request.reply for request in asked)}, key=lambda message: message.__name__)


def owner_of(subject: str) -> str:
    """The service that publishes this event or answers this request; the circuits answer for the worker `workflows`."""
    service, _, rest = subject.partition(".")
    if service == "rpc":
        service = rest.partition(".")[0]
    return "workflows" if service == "circuits" else service


def _messages() -> Iterator[type[Message]]:
    for module in pkgutil.iter_modules(services.contracts.__path__, services.contracts.__name__ + "."):
        for value in vars(importlib.import_module(module.name)).values():
            if isinstance(value, type) and issubclass(value, Message) and value.__module__ == module.name and _travels(value):
                yield value


def _travels(model: type[Message]) -> bool:
    """Not the bases themselves, nor the parameterised forms that Pydantic makes of them."""
    return hasattr(model, "subject_prefix") or (issubclass(model, Request) and hasattr(model, "subject"))
