"""The settings of a collectivité, its gestionnaires, its first steps."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.contracts.acteur import Role
from services.contracts.notifications import Gabarit
from services.identity.domain.copies import COPIES_AU_PLUS
from services.identity.domain.demarrage import Etape, EtatEtape
from services.identity.domain.gestionnaires import EtatGestionnaire
from services.identity.domain.historique import Sujet
from services.identity.formes import CodePostal, Courriel
from services.identity.schemas.base import Lue

Texte = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class IdentiteSaisie(BaseModel):
    """What a collectivité says of itself. Its name, SIRET and nature are changed by its délégation."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "adresse": "1 place de la Mairie",
                    "code_postal": "29950",
                    "ville": "Kervignac-sur-Aven",
                    "email": "mairie@kervignac.example",
                    "effectif": 6,
                    "autorite_nom": "Jeanne Le Gall",
                    "autorite_qualite": "maire",
                }
            ]
        }
    )

    adresse: Texte
    code_postal: CodePostal
    ville: Texte
    email: Courriel
    effectif: int = Field(ge=1, le=200_000)
    autorite_nom: Texte
    autorite_qualite: Texte


class IdentitePublique(Lue):
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


class PreinscriptionSaisie(BaseModel):
    preinscription_agents: bool = Field(description="Les agents peuvent déposer eux-mêmes une préinscription.")


class PreinscriptionPublique(PreinscriptionSaisie):
    etiquette: str


class CopieSaisie(BaseModel):
    nom: Texte
    email: Courriel
    gabarits: list[Gabarit] = Field(min_length=1, description="Les messages à copier à cette adresse.")


class CopiesSaisies(BaseModel):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"copies": [{"nom": "Accueil", "email": "accueil@kervignac.example", "gabarits": ["convocation"]}]}]
        }
    )

    copies: list[CopieSaisie] = Field(max_length=COPIES_AU_PLUS)


class CopiesPubliques(BaseModel):
    """`messages` names those that may be copied."""

    copies: list[CopieSaisie]
    messages: dict[Gabarit, str]
    etiquette: str


class TransfertsSaisis(BaseModel):
    model_config = ConfigDict(json_schema_extra={"examples": [{"gabarits": ["convocation", "acceptee"]}]})

    gabarits: list[Gabarit] = Field(description="Les messages que le supérieur de chaque agent reçoit aussi.")


class TransfertsPublics(TransfertsSaisis):
    """`messages` names those that may be passed on."""

    messages: dict[Gabarit, str]
    etiquette: str


class DetailPublic(Lue):
    champ: str
    avant: str
    apres: str


class ReglagePublic(BaseModel):
    """`phrase` says what `par` did."""

    id: UUID
    survenu_le: datetime
    par: str
    sujet: Sujet
    phrase: str
    details: list[DetailPublic]


class ServiceNomme(BaseModel):
    id: UUID
    nom: str


class GestionnaireModifie(BaseModel):
    """`services` narrows what he sees; empty, all of them."""

    role: Role
    services: list[UUID] = Field(default_factory=list, max_length=200)


class GestionnaireInvite(GestionnaireModifie):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"prenom": "Anne", "nom": "Le Bihan", "email": "anne.lebihan@kervignac.example", "role": "gestionnaire"}]
        }
    )

    prenom: Texte
    nom: Texte
    email: Courriel


class Renvoi(BaseModel):
    """The activation link of this person, sent again."""

    gestionnaire_id: UUID


class FinSaisie(BaseModel):
    """`repreneur_id`, another gestionnaire, takes over his services; `successeur_id`, an agent, whom and what he leads.

    `reste_agent`: who is an agent too keeps his access to his own file.
    """

    motif: Texte
    repreneur_id: UUID | None = None
    successeur_id: UUID | None = None
    reste_agent: bool = True


class GestionnairePublic(BaseModel):
    id: UUID
    nom: str
    prenom: str
    identifiant: str
    email: str
    role: Role
    role_libelle: str
    services: list[ServiceNomme]
    etat: EtatGestionnaire
    derniere_connexion: datetime | None
    debut: date
    fin: date | None
    motif_fin: str | None
    fin_par: str | None


class GestionnaireDetail(GestionnairePublic):
    """`dirige`: the services and agents he leads. `agent`: he has an agent's access too, that he may keep."""

    dirige: list[str]
    agent: bool
    second_facteur: bool
    etiquette: str


class EtapePublique(BaseModel):
    etape: Etape
    etat: EtatEtape
    par: str | None
    le: datetime | None


class DemarragePublic(BaseModel):
    """The first steps, in order; none for a collectivité that opened before there were any."""

    etapes: list[EtapePublique]


class EtapeConclue(BaseModel):
    etat: EtatEtape
