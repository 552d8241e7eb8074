"""The table of roles: what each is called, which organisation gives it, what it lets do. Tokens carry the rights.

Read it by line. A right is always within a scope: the collectivité (or some services of it), the structure, the organisme.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from services.contracts.acteur import Droit, Role


class Organisation(StrEnum):
    """Which kind of organisation a role belongs to."""

    COLLECTIVITE = "collectivite"
    STRUCTURE = "structure"
    ORGANISME = "organisme"


@dataclass(frozen=True)
class Definition:
    libelle: str
    organisations: frozenset[Organisation]
    droits: frozenset[Droit]


def _role(libelle: str, organisations: set[Organisation], *droits: Droit) -> Definition:
    return Definition(libelle, frozenset(organisations), frozenset(droits))


_COLLECTIVITE = {Organisation.COLLECTIVITE}
_PARTOUT_DANS_L_ORGANISME = {Organisation.STRUCTURE, Organisation.ORGANISME}

ROLES: dict[Role, Definition] = {
    Role.AGENT: _role("Agent", _COLLECTIVITE, Droit.DEPOSER),
    Role.SUPERIEUR: _role("Supérieur hiérarchique", _COLLECTIVITE),
    Role.LECTURE: _role("Consultation", _COLLECTIVITE, Droit.LIRE_COLLECTIVITE),
    Role.GESTIONNAIRE: _role(
        "Gestionnaire de formation",
        _COLLECTIVITE,
        Droit.LIRE_COLLECTIVITE,
        Droit.GERER_DEMANDES,
        Droit.GERER_AGENTS,
        Droit.LIRE_AMENAGEMENTS,
    ),
    Role.GESTIONNAIRE_PRINCIPAL: _role(
        "Gestionnaire principal",
        _COLLECTIVITE,
        Droit.LIRE_COLLECTIVITE,
        Droit.GERER_DEMANDES,
        Droit.GERER_AGENTS,
        Droit.LIRE_AMENAGEMENTS,
        Droit.REGLER_COLLECTIVITE,
    ),
    Role.CLIENT_API: _role("Logiciel de la collectivité", _COLLECTIVITE, Droit.LIRE_COLLECTIVITE, Droit.GERER_AGENTS),
    Role.CONSEILLER: _role(
        "Conseil en formation",
        {Organisation.STRUCTURE},
        Droit.LIRE_RESSORT,
        Droit.LIRE_TRANSMISES,
        Droit.INSTRUIRE,
        Droit.PUBLIER_SESSIONS,
        Droit.OUVRIR_COLLECTIVITES,
    ),
    Role.ASSISTANT: _role("Assistance de formation", {Organisation.STRUCTURE}, Droit.LIRE_RESSORT, Droit.LIRE_TRANSMISES),
    Role.DIRECTION: _role("Direction", _PARTOUT_DANS_L_ORGANISME, Droit.LIRE_RESSORT, Droit.LIRE_TRANSMISES),
    Role.ADMINISTRATEUR: _role(
        "Administration de l’organisme",
        {Organisation.ORGANISME},
        Droit.LIRE_RESSORT,
        Droit.LIRE_TRANSMISES,
        Droit.INSTRUIRE,
        Droit.PUBLIER_SESSIONS,
        Droit.OUVRIR_COLLECTIVITES,
        Droit.ADMINISTRER,
        Droit.OPERER,
    ),
    Role.OPERATEUR: _role("Exploitation", {Organisation.ORGANISME}, Droit.OPERER),
}


def organisation(collectivite_id: UUID | None, structure: str | None) -> Organisation:
    """The kind of organisation of a membership."""
    if collectivite_id is not None:
        return Organisation.COLLECTIVITE
    return Organisation.ORGANISME if structure is None else Organisation.STRUCTURE


def droits(roles: Collection[Role], organisation: Organisation) -> frozenset[Droit]:
    """All that these roles let do together in such an organisation: a role that it does not give lets nothing be done."""
    return frozenset().union(*(ROLES[role].droits for role in roles if organisation in ROLES[role].organisations))


def roles_qui(droit: Droit) -> frozenset[Role]:
    """The roles that hold this right."""
    return frozenset(role for role, definition in ROLES.items() if droit in definition.droits)
