"""What identity says: collectivités and agents, as the other services need to know them."""

from typing import ClassVar
from uuid import UUID

from pydantic import Field

from services.contracts.base import Event, Message, Request
from services.contracts.notifications import Gabarit, GabaritCompte


class Personne(Message):
    """Someone to write to. `agent_id` when the person is an agent of the collectivité.

    `interim_de`: the name of the person he stands in for today, if he does.
    """

    nom: str
    prenom: str
    email: str
    agent_id: UUID | None = None
    interim_de: str | None = None

    @property
    def nom_complet(self) -> str:
        return f"{self.prenom} {self.nom}".strip()


class EnCopie(Message):
    """An address that a collectivité wants these messages copied to."""

    nom: str
    email: str
    gabarits: tuple[Gabarit, ...]


class CourrielDemande(Event):
    """Someone is to be written to about his account. What to write, secrets included, is read when the mail leaves."""

    subject_prefix: ClassVar[str] = "identity.v1.courriel.demande"

    courriel_id: UUID
    gabarit: GabaritCompte
    nom: str
    email: str

    @property
    def aggregate_id(self) -> UUID:
        return self.courriel_id


class Courriel(Message):
    """What fills a mail. `lien` is the whole address behind its button; `faits` are named values of its text."""

    gabarit: GabaritCompte
    nom: str
    lien: str
    faits: dict[str, str] = Field(default_factory=dict)


class LireCourriel(Request[Courriel]):
    """Refused (404) when it does not exist, or its link no longer serves: there is nothing left to send."""

    subject: ClassVar[str] = "rpc.identity.v1.courriel.lire"
    reply: ClassVar[type[Message]] = Courriel

    courriel_id: UUID


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
    copies: tuple[EnCopie, ...] = ()
    transferts: tuple[Gabarit, ...] = ()
    """What the supérieur of an agent gets a copy of."""
    etat: str = "operationnelle"
    """`operationnelle`, `suspendue` or `close`: only the first files new requests."""

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
    services: tuple[UUID, ...] = ()
    """The service he works in and those above it, the nearest first."""

    @property
    def aggregate_id(self) -> UUID:
        return self.agent_id
