"""The opening of a collectivité's account."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from services.contracts.ouvertures import EtapeOuverture, IssueOuverture
from services.identity.domain.valeurs import Nature
from services.identity.formes import CodeInsee, CodePostal, Courriel, Departement, Siret
from services.identity.schemas.base import Lue

Texte = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(str.strip)]


class OuvertureCreate(BaseModel):
    """What a délégation knows of a collectivité it invites."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "siret": "200 034 528 00014",
                    "nom": "Commune de Kervignac-sur-Aven",
                    "email": "mairie@kervignac.example",
                    "departement": "29",
                    "adresse": "1, place de l’Église",
                    "code_postal": "29930",
                    "ville": "Kervignac-sur-Aven",
                }
            ]
        }
    )

    siret: Siret
    nom: Texte
    email: Courriel
    departement: Departement
    adresse: Texte | None = Field(default=None, description="Où adresser la lettre qui porte le code.")
    code_postal: CodePostal | None = None
    ville: Texte | None = None
    delegation: str | None = Field(default=None, description="Code de la délégation\N{NO-BREAK SPACE}; la sienne pour qui en a une.")


class DecisionCreate(BaseModel):
    model_config = ConfigDict(json_schema_extra={"examples": [{"issue": "valider", "motif": ""}]})

    issue: IssueOuverture
    motif: str = Field(default="", max_length=2000)


class AccesCreate(BaseModel):
    """The code of the letter and the password of the mail."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"code": "29-K7M2-9QXT", "mot_de_passe": "kf3d-9m2p-x7qw"}]})

    code: str = Field(min_length=1, max_length=100)
    mot_de_passe: str = Field(min_length=1, max_length=100)


class GestionnaireDeclare(BaseModel):
    prenom: Texte
    nom: Texte
    email: Courriel


class DossierCreate(BaseModel):
    """The form, whole. The first of `gestionnaires` is the gestionnaire principal."""

    nom: Texte
    nature: Nature
    code_insee: CodeInsee
    effectif: int = Field(ge=1, le=200_000)
    adresse: Texte
    code_postal: CodePostal
    ville: Texte
    email: Courriel
    autorite_nom: Texte
    autorite_qualite: Texte
    gestionnaires: list[GestionnaireDeclare] = Field(min_length=1, max_length=20)
    conditions: str = Field(description="Version des conditions d’utilisation acceptées.")


class FaitPublic(Lue):
    libelle: str
    par: str
    motif: str
    survenu_le: datetime


class OuvertureResume(Lue):
    id: UUID
    siret: str
    nom: str
    email: str
    departement: str
    delegation: str
    etape: EtapeOuverture
    cree_le: datetime
    depose_le: datetime | None


class OuverturePublic(OuvertureResume):
    """As the délégation reads it."""

    code: str
    codes_expirent_le: datetime
    dossier: dict[str, Any]
    conditions: str | None
    conditions_acceptees_le: datetime | None
    faits: list[FaitPublic]


class AccesPublic(BaseModel):
    """`jeton` opens the form of this case until `expire_le`."""

    jeton: str
    expire_le: datetime


class DossierPublic(Lue):
    """As the collectivité reads it. `modifiable`: the form may be filed."""

    siret: str
    nom: str
    etape: EtapeOuverture
    delegation: str
    delegation_nom: str
    codes_expirent_le: datetime
    dossier: dict[str, Any]
    conditions_en_vigueur: str
    conditions_acceptees_le: datetime | None
    modifiable: bool
    faits: list[FaitPublic]
