"""Who gives the avis on an agent's request, and who replaces that person."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True)
class NoeudService:
    """A service in the tree of its collectivité. `interimaire` stands in for its responsable today."""

    parent: UUID | None
    responsable: UUID | None
    suppleant: UUID | None
    interimaire: UUID | None = None


@dataclass(frozen=True)
class Arbre:
    """The services of a collectivité as they are led today. `interims`: who stands in for whom, wherever he is asked."""

    services: Mapping[UUID, NoeudService]
    actifs: Collection[UUID]
    """Who may be asked: nobody who has left is."""
    interims: Mapping[UUID, UUID] = field(default_factory=dict)


@dataclass(frozen=True)
class Encadrement:
    """Who to ask for an avis, then who to ask instead. None: nobody is known, and somebody must solve it.

    `interim_de`: the person the supérieur stands in for today, if he does.
    """

    superieur: UUID | None
    suppleant: UUID | None
    interim_de: UUID | None = None


def encadrement(agent: UUID, *, superieur_propre: UUID | None, service: UUID | None, arbre: Arbre) -> Encadrement:
    """The supérieur and the suppléant of `agent`.

    The supérieur is the agent's own if he has one, else the responsable of his service, else of the first service above
    that has another responsable than himself. Whoever stands in for one of them today is asked in his place. The suppléant
    is the first found in the same way that is none of them. Nobody is his own supérieur.
    """
    ascendants = [arbre.services[noeud] for noeud in chemin(service, arbre.services)]
    for repondant, absent in _repondants(superieur_propre, ascendants, arbre):
        if repondant in arbre.actifs and repondant != agent:
            suppleants = (noeud.suppleant for noeud in ascendants)
            return Encadrement(repondant, _premier(suppleants, arbre, sauf={agent, repondant, absent}), absent)
    return Encadrement(None, None)


def _repondants(propre: UUID | None, ascendants: list[NoeudService], arbre: Arbre) -> Iterator[tuple[UUID, UUID | None]]:
    """Who may be asked, the best first, each with the person he stands in for."""
    places = [(propre, None), *((noeud.responsable, noeud.interimaire) for noeud in ascendants)]
    for titulaire, interimaire in places:
        remplacant = interimaire or (arbre.interims.get(titulaire) if titulaire else None)
        if remplacant in arbre.actifs and remplacant is not None and remplacant != titulaire:
            yield remplacant, titulaire
        elif titulaire is not None:
            yield titulaire, None


def chemin(service: UUID | None, services: Mapping[UUID, NoeudService]) -> Iterator[UUID]:
    """The service and those above it, nearest first. A loop in the data ends the climb."""
    vus: set[UUID] = set()
    while service is not None and service in services and service not in vus:
        vus.add(service)
        yield service
        service = services[service].parent


def _premier(candidats: Iterator[UUID | None], arbre: Arbre, *, sauf: set[UUID | None]) -> UUID | None:
    """Neither one of `sauf`, nor someone away: who stands in for him was asked already, or leads elsewhere."""
    return next((candidat for candidat in candidats if candidat in arbre.actifs and candidat not in {*sauf, *arbre.interims}), None)
