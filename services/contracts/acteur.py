"""Who acts: the claims of the token that identity issues and every service verifies."""

from enum import StrEnum
from uuid import UUID

from services.contracts.base import Message


class Role(StrEnum):
    """What an account may be; its rights are read by each service, its scope is the Acteur's organisation."""

    AGENT = "agent"
    GESTIONNAIRE_PRINCIPAL = "gestionnaire_principal"
    GESTIONNAIRE = "gestionnaire"
    LECTURE = "lecture"
    CONSEILLER = "conseiller"
    ADMINISTRATEUR = "administrateur"


DE_LA_COLLECTIVITE = frozenset({Role.GESTIONNAIRE_PRINCIPAL, Role.GESTIONNAIRE, Role.LECTURE})
QUI_GERENT = frozenset({Role.GESTIONNAIRE_PRINCIPAL, Role.GESTIONNAIRE})
DE_L_ORGANISME = frozenset({Role.CONSEILLER, Role.ADMINISTRATEUR})


class Acteur(Message):
    """The person behind a request.

    `collectivite_id` scopes agents and gestionnaires; `structure` (code of a délégation or institut)
    scopes conseillers; an administrateur has neither and sees the whole organisme.
    """

    compte_id: UUID
    nom: str
    email: str
    roles: frozenset[Role]
    collectivite_id: UUID | None = None
    agent_id: UUID | None = None
    structure: str | None = None

    def est(self, *roles: Role) -> bool:
        return not self.roles.isdisjoint(roles)

    @property
    def gere(self) -> bool:
        """May decide for the agents of his collectivité."""
        return not self.roles.isdisjoint(QUI_GERENT)

    @property
    def lit_la_collectivite(self) -> bool:
        return not self.roles.isdisjoint(DE_LA_COLLECTIVITE)

    @property
    def de_l_organisme(self) -> bool:
        return not self.roles.isdisjoint(DE_L_ORGANISME)
