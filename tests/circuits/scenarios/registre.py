"""What a scenario is, and the list of all of them."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from services.contracts.base import Message
from services.contracts.inscriptions import Etat
from services.kit.problems import Problem
from tests.circuits.conduite import Conduite, un_plan
from tests.circuits.services_factices import ServicesFactices


@dataclass(frozen=True)
class Scenario:
    jouer: Callable[[Conduite], Awaitable[None]]
    saute_le_temps: bool
    """Needs the time-skipping server: it waits for minutes."""
    plan: dict[str, Any]
    pannes: Mapping[type[Message], Problem]
    a_la_transmission: Etat

    def services(self, depart: datetime) -> ServicesFactices:
        """The services as this path finds them, for a request deposited at `depart`."""
        services = ServicesFactices(un_plan(depart, **self.plan), a_la_transmission=self.a_la_transmission)
        for request, problem in self.pannes.items():
            services.pannes[request] = [problem]
        return services


SCENARIOS: dict[str, Scenario] = {}


Jouer = Callable[[Conduite], Awaitable[None]]


def scenario(
    *,
    saute_le_temps: bool = False,
    pannes: Mapping[type[Message], Problem] = MappingProxyType({}),
    a_la_transmission: Etat = Etat.TRANSMISE,
    **plan: Any,
) -> Callable[[Jouer], Jouer]:
    """Register a path. `plan` says in what its plan differs from the ordinary one, `pannes` what is refused the first time."""

    def noter(jouer: Jouer) -> Jouer:
        SCENARIOS[jouer.__name__] = Scenario(jouer, saute_le_temps, plan, pannes, a_la_transmission)
        return jouer

    return noter
