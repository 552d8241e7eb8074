"""Mandates: what one collectivité lets another do in its name, from when to when, and who may change that.

Read the table of scopes by line: a mandataire never does more than it says, nor more than his own roles let him do.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.contracts.acteur import Droit


class Objet(StrEnum):
    """One thing a mandate may be about."""

    DEMANDES = "demandes"
    AGENTS = "agents"
    REGLAGES = "reglages"


@dataclass(frozen=True)
class Definition:
    libelle: str
    droits: frozenset[Droit]


# What arrangements an agent needs (LIRE_AMENAGEMENTS) is in none of them: it stays with his employer.
PORTEES: dict[Objet, Definition] = {
    Objet.DEMANDES: Definition("les demandes de formation", frozenset({Droit.LIRE_COLLECTIVITE, Droit.GERER_DEMANDES})),
    Objet.AGENTS: Definition("les agents et les services", frozenset({Droit.LIRE_COLLECTIVITE, Droit.GERER_AGENTS})),
    Objet.REGLAGES: Definition("les réglages de la collectivité", frozenset({Droit.LIRE_COLLECTIVITE, Droit.REGLER_COLLECTIVITE})),
}


class Cote(StrEnum):
    """The two sides: who gives the mandate, who acts under it."""

    MANDANT = "mandant"
    MANDATAIRE = "mandataire"

    @property
    def autre(self) -> "Cote":
        return Cote.MANDATAIRE if self is Cote.MANDANT else Cote.MANDANT


class EtatMandat(StrEnum):
    PROPOSE = "propose"
    ACCEPTE = "accepte"
    REFUSE = "refuse"
    RETIRE = "retire"
    REVOQUE = "revoque"
    TERMINE = "termine"
    """Accepted, and its last day has passed: told by its dates, written nowhere."""


class Acte(StrEnum):
    """What a side does to a mandate."""

    ACCEPTER = "accepter"
    REFUSER = "refuser"
    RETIRER = "retirer"
    REVOQUER = "revoquer"


APRES: dict[Acte, EtatMandat] = {
    Acte.ACCEPTER: EtatMandat.ACCEPTE,
    Acte.REFUSER: EtatMandat.REFUSE,
    Acte.RETIRER: EtatMandat.RETIRE,
    Acte.REVOQUER: EtatMandat.REVOQUE,
}
AVEC_MOTIF = frozenset({Acte.REFUSER, Acte.REVOQUER})


def actes_possibles(etat: EtatMandat, *, propose_par: Cote, cote: Cote) -> tuple[Acte, ...]:
    """What this side may do now: one answers what the other proposes, takes back one's own, and either ends what runs."""
    if etat is EtatMandat.PROPOSE:
        return (Acte.RETIRER,) if cote is propose_par else (Acte.ACCEPTER, Acte.REFUSER)
    return (Acte.REVOQUER,) if etat is EtatMandat.ACCEPTE else ()


@dataclass(frozen=True)
class Periode:
    """From `debut`; `fin` is the first day out, None when there is none."""

    debut: date
    fin: date | None = None

    def contient(self, jour: date) -> bool:
        return self.debut <= jour and (self.fin is None or jour < self.fin)

    def finie(self, jour: date) -> bool:
        return self.fin is not None and self.fin <= jour

    def recouvre(self, autre: "Periode") -> bool:
        """Whether some day is in both."""
        premier_jour_commun = max(self.debut, autre.debut)
        return self.contient(premier_jour_commun) and autre.contient(premier_jour_commun)

    def a_partir_de(self, jour: date) -> "Periode":
        """What is left of it that day: nobody acted under a mandate before it was accepted."""
        return Periode(max(self.debut, jour), self.fin)


def etat_au(etat: EtatMandat, periode: Periode, jour: date) -> EtatMandat:
    """The state as people read it that day."""
    return EtatMandat.TERMINE if etat is EtatMandat.ACCEPTE and periode.finie(jour) else etat


def droits_sous_mandat(siens: Collection[Droit], portee: Collection[Objet]) -> frozenset[Droit]:
    """What a mandataire may do for the mandant: what he may do at home, as far as the mandate goes."""
    return frozenset(siens) & frozenset().union(*(PORTEES[objet].droits for objet in portee))


def nom_court(nom: str) -> str:
    """How an organisation signs: by the abbreviation that ends its name, `CDG 35`, if any."""
    sigle = re.search(r"\(([^()]+)\)$", nom.strip())
    return sigle[1] if sigle else nom
