"""What one may read of identity. The repository takes it in every query, so that a forgotten check shows nothing."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class Portee:
    """Nothing by default.

    `collectivite`: that one is visible, and its agents too with `agents_de_la_collectivite`, but only those of `services` and of
    the services below when there are some. `agent`: one's own file.
    `structure`: the collectivités of that délégation, all of them when it is a national institut.
    `organisme`: every collectivité. Agents are never shown to the organisme here: it knows those who apply, elsewhere.
    """

    collectivite: UUID | None = None
    agents_de_la_collectivite: bool = False
    services: tuple[UUID, ...] = ()
    agent: UUID | None = None
    structure: str | None = None
    organisme: bool = False
