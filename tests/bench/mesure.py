"""Timing many calls by a few clients, and the rows of `build/bench.json`."""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

Appel = Callable[[], Awaitable[Any]]


@dataclass(frozen=True)
class Mesure:
    """One figure. `ratio` is `value / floor`, both in `unit`, when a floor was measured in the same run."""

    name: str
    unit: str
    clients: int
    value: float
    floor: float | None = None

    @property
    def ratio(self) -> float | None:
        return round(self.value / self.floor, 2) if self.floor else None

    def row(self) -> dict[str, Any]:
        return asdict(self) | {"ratio": self.ratio}


async def chronometrer(appels: Sequence[Appel], clients: int) -> list[float]:
    """The duration of each call in milliseconds, `clients` of them at a time."""
    restants = iter(appels)
    durees: list[float] = []

    async def client() -> None:
        for appel in restants:
            debut = time.perf_counter()
            await appel()
            durees.append((time.perf_counter() - debut) * 1000)

    await asyncio.gather(*(client() for _ in range(clients)))
    return durees


def quantiles(durees: Sequence[float]) -> tuple[float, float]:
    """Median and 95th percentile."""
    return round(statistics.median(durees), 2), round(statistics.quantiles(durees, n=20)[18], 2)


def mesures(nom: str, clients: int, durees: Sequence[float], plancher: float | None = None) -> list[Mesure]:
    p50, p95 = quantiles(durees)
    return [Mesure(f"{nom}, p50", "ms", clients, p50, plancher), Mesure(f"{nom}, p95", "ms", clients, p95, plancher)]
