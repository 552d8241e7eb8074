"""What identity says: collectivités and agents, as the other services need to know them."""

from typing import ClassVar
from uuid import UUID

from services.contracts.base import Event, Message


class Personne(Message):
    """Someone to write to. `agent_id` when the person is an agent of the collectivité."""

    nom: str
    prenom: str
    email: str
    agent_id: UUID | None = None

    @property
    def nom_complet(self) -> str:
        return f"{self.prenom} {self.nom}"


class CollectiviteEnregistree(Event):
    """A collectivité was created or changed. `version` grows by one at each change."""

    subject_prefix: ClassVar[str] = "identity.v1.collectivite.enregistree"

    collectivite_id: UUID
    version: int
    nom: str
    nature: str
    siret: str
    departement: str
    delegation: str
    email: str
    preinscription_agents: bool
    gestionnaires: tuple[Personne, ...] = ()
    autorite: str = ""
    """Name and qualité of the autorité territoriale or its delegate, who signs what is transmitted."""

    @property
    def aggregate_id(self) -> UUID:
        return self.collectivite_id


class AgentEnregistre(Event):
    """An agent was created or changed. `superieur` gives the avis, `suppleant` replaces him."""

    subject_prefix: ClassVar[str] = "identity.v1.agent.enregistre"

    agent_id: UUID
    version: int
    collectivite_id: UUID
    civilite: str
    nom: str
    prenom: str
    matricule: str | None
    email: str
    statut: str
    categorie: str | None
    filiere: str | None
    cadre_emplois: str | None
    grade: str | None
    fonction: str
    service: str
    superieur: Personne | None
    suppleant: Personne | None
    actif: bool = True

    @property
    def aggregate_id(self) -> UUID:
        return self.agent_id
