"""The settings of a collectivité, its gestionnaires and its first steps, as the API tells them."""

from datetime import date
from uuid import UUID

from pydantic import AwareDatetime

from services.contracts.base import Message


class Identite(Message):
    nom: str
    siret: str
    adresse: str
    code_postal: str
    ville: str
    email: str
    effectif: int
    autorite_nom: str
    autorite_qualite: str
    etiquette: str


class Preinscription(Message):
    preinscription_agents: bool
    etiquette: str


class Copie(Message):
    nom: str
    email: str
    gabarits: list[str]


class Copies(Message):
    """`messages` names those that may be copied."""

    copies: list[Copie]
    messages: dict[str, str]
    etiquette: str


class Transferts(Message):
    """`messages` names those that may be passed on."""

    gabarits: list[str]
    messages: dict[str, str]
    etiquette: str


class Detail(Message):
    champ: str
    avant: str
    apres: str


class Reglage(Message):
    survenu_le: AwareDatetime
    par: str
    phrase: str
    details: list[Detail]


class ServiceNomme(Message):
    id: UUID
    nom: str


class Gestionnaire(Message):
    """`etat`: actif, invite or termine."""

    id: UUID
    nom: str
    prenom: str
    identifiant: str
    email: str
    role: str
    role_libelle: str
    services: list[ServiceNomme]
    etat: str
    derniere_connexion: AwareDatetime | None
    debut: date
    fin: date | None
    motif_fin: str | None
    fin_par: str | None

    @property
    def nom_complet(self) -> str:
        return f"{self.prenom} {self.nom}"


class GestionnaireDetail(Gestionnaire):
    """`dirige`: services and agents he leads. `agent`: he has an agent's access too. `second_facteur`: he has one."""

    dirige: list[str]
    agent: bool
    second_facteur: bool
    etiquette: str


class Etape(Message):
    """`etat`: a_faire, faite or passee."""

    etape: str
    etat: str
    par: str | None
    le: AwareDatetime | None


class Demarrage(Message):
    etapes: list[Etape]

    @property
    def restantes(self) -> list[Etape]:
        return [etape for etape in self.etapes if etape.etat == "a_faire"]
