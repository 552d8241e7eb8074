"""A program of the stack, as data: what to run, where it listens, how to know that it is ready."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from signal import SIGTERM, Signals

from deploy.local.accounts import Account
from deploy.local.settings import ROOT

Probe = Callable[[], Awaitable[None]]
"""Returns when the program does its work now; raises NotReady otherwise."""


class NotReady(Exception):  # noqa: N818 -- a state, not an error
    """Why a program cannot be used yet, in a few French words."""


@dataclass(frozen=True)
class Port:
    number: int
    variable: str
    """The environment variable that chooses another."""


def nothing() -> None:
    """Preparation of a program that needs none."""


@dataclass(frozen=True)
class Program:
    """`prepare` makes folders and configuration before the first start; it may take seconds and must be repeatable."""

    name: str
    argv: tuple[str, ...]
    ports: tuple[Port, ...]
    ready: Probe
    env: Mapping[str, str] = field(default_factory=dict)
    prepare: Callable[[], None] = nothing
    account: Account | None = None
    folder: Path = ROOT
    stop_signal: Signals = SIGTERM
    stop_seconds: float = 15
    start_seconds: float = 60

    @property
    def binary(self) -> Path:
        return Path(self.argv[0])
