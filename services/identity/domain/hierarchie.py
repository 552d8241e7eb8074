"""Who gives the avis on an agent's request, and who replaces that person."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class NoeudService:
    """A service in the tree of its collectivité."""

    parent: UUID | None
    responsable: UUID | None
    suppleant: UUID | None


@dataclass(frozen=True)
class Encadrement:
    """Who to ask for an avis, then who to ask instead. None: nobody is known, and somebody must solve it."""

    superieur: UUID | None
    suppleant: UUID | None


def encadrement(
    agent: UUID,
    *,
    superieur_propre: UUID | None,
    service: UUID | None,
    services: Mapping[UUID, NoeudService],
    actifs: Collection[UUID],
) -> Encadrement:
    """The supérieur and the suppléant of `agent`.

    The supérieur is the agent's own if he has one, else the responsable of his service, else of the first service above
    that has another responsable than himself. The suppléant is the first found in the same way that is neither of them.
    Nobody is his own supérieur, and only persons in `actifs` are asked.
    """
    superieur: UUID | None = None
    if superieur_propre in actifs and superieur_propre != agent:
        superieur = superieur_propre
    ascendants = list(_ascendants(service, services))
    if superieur is None:
        superieur = _premier((noeud.responsable for noeud in ascendants), actifs, sauf={agent})
    if superieur is None:
        return Encadrement(None, None)
    return Encadrement(superieur, _premier((noeud.suppleant for noeud in ascendants), actifs, sauf={agent, superieur}))


def _ascendants(service: UUID | None, services: Mapping[UUID, NoeudService]) -> Iterator[NoeudService]:
    """The service and those above it, nearest first. A loop in the data ends the climb."""
    vus: set[UUID] = set()
    while service is not None and service in services and service not in vus:
        vus.add(service)
        yield services[service]
        service = services[service].parent


def _premier(candidats: Iterator[UUID | None], actifs: Collection[UUID], *, sauf: set[UUID]) -> UUID | None:
    return next((candidat for candidat in candidats if candidat in actifs and candidat not in sauf), None)
