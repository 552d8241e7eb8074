"""Who acts: the claims of the token that identity issues and every service verifies."""

from enum import StrEnum
from uuid import UUID

from services.contracts.base import Message


class Role(StrEnum):
    """What a membership may be. What each lets do stands in one table, `services/identity/domain/roles.py`."""

    AGENT = "agent"
    SUPERIEUR = "superieur"
    GESTIONNAIRE_PRINCIPAL = "gestionnaire_principal"
    GESTIONNAIRE = "gestionnaire"
    LECTURE = "lecture"
    CONSEILLER = "conseiller"
    ASSISTANT = "assistant"
    ADMINISTRATEUR = "administrateur"
    DIRECTION = "direction"
    OPERATEUR = "operateur"
    CLIENT_API = "client_api"


class Droit(StrEnum):
    """What a role lets do, within the scope of the acteur's organisation. The token carries them; services read only them."""

    DEPOSER = "deposer"
    """File préinscriptions of one's own, follow and withdraw them."""
    LIRE_COLLECTIVITE = "lire_collectivite"
    """See the agents, the requests and the settings of the collectivité."""
    GERER_DEMANDES = "gerer_demandes"
    """Validate or refuse for the collectivité."""
    GERER_AGENTS = "gerer_agents"
    """Keep the records of the agents and the tree of services; import and export them."""
    LIRE_AMENAGEMENTS = "lire_amenagements"
    """See and keep what arrangements an agent needs; each reading is noted."""
    REGLER_COLLECTIVITE = "regler_collectivite"
    """Settings, circuit, gestionnaires and mandates of the collectivité."""
    LIRE_RESSORT = "lire_ressort"
    """See the collectivités of one's structure, or all of them for the organisme."""
    LIRE_TRANSMISES = "lire_transmises"
    """See the requests transmitted to one's structure, or to the organisme."""
    INSTRUIRE = "instruire"
    """Accept, waitlist or refuse what was transmitted to one's structure, or to the organisme."""
    PUBLIER_SESSIONS = "publier_sessions"
    """Change the sessions of one's structure, or of the organisme."""
    OUVRIR_COLLECTIVITES = "ouvrir_collectivites"
    """Give codes to the collectivités of one's ressort, validate, suspend, close and reopen their accounts."""
    ADMINISTRER = "administrer"
    """The people of the organisme and its reference data."""
    OPERER = "operer"
    """See the circuits in the operators' UI."""


class Mandat(Message):
    """The mandate under which someone acts for a collectivité that is not his own."""

    id: UUID
    mandataire: str
    """Name of the organisation he belongs to."""
    mandant: str
    """Name of the collectivité he acts for."""


class Acteur(Message):
    """The person behind a request.

    `collectivite_id` scopes what he does for a collectivité: his own, or under a `mandat` the one he acts for. `services`
    narrows it to the agents of those services and of the ones below; empty, all. `autres_fiches` are the agents he was or is
    elsewhere: he reads there what is his, and acts as `agent_id` alone. `structure` (code of a délégation or
    institut) scopes the people of the organisme; without it they see the whole of it.
    """

    compte_id: UUID
    nom: str
    email: str
    roles: frozenset[Role]
    droits: frozenset[Droit] = frozenset()
    collectivite_id: UUID | None = None
    agent_id: UUID | None = None
    services: tuple[UUID, ...] = ()
    autres_fiches: tuple[UUID, ...] = ()
    structure: str | None = None
    mandat: Mandat | None = None
    session_id: UUID | None = None
    """The login this token comes from, among those he has."""
    second_facteur_attendu: bool = False
    """His organisation requires a second factor and he has none: he holds no right until he adds one."""

    def est(self, *roles: Role) -> bool:
        return not self.roles.isdisjoint(roles)

    def peut(self, *droits: Droit) -> bool:
        """Holds each of these rights."""
        return self.droits.issuperset(droits)

    @property
    def fiches(self) -> tuple[UUID, ...]:
        """Every agent he is or was, wherever."""
        return self.autres_fiches if self.agent_id is None else (self.agent_id, *self.autres_fiches)

    @property
    def signature(self) -> str:
        """Who acts, as every trace keeps it: `X (CDG 35) pour Y` under a mandate."""
        if self.mandat is None:
            return self.nom
        return f"{self.nom} ({self.mandat.mandataire}) pour {self.mandat.mandant}"
