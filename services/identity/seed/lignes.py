"""One line of each file, checked cell by cell. Messages are French: they are read by who edits the files."""

from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from services.contracts.acteur import Role
from services.identity.domain.connexion import identifiant_normalise
from services.identity.domain.mandats import Objet
from services.identity.domain.roles import ROLES, Organisation
from services.identity.domain.valeurs import Categorie, Civilite, GenreStructure, Nature, Statut
from services.identity.formes import CodeInsee, CodePostal, Courriel, Departement, Siret, siret


def _oui_ou_non(cellule: Any) -> Any:
    if cellule not in {"oui", "non"}:
        raise ValueError("écrivez «\N{NO-BREAK SPACE}oui\N{NO-BREAK SPACE}» ou «\N{NO-BREAK SPACE}non\N{NO-BREAK SPACE}»")
    return cellule == "oui"


def _liste(cellule: str) -> list[str]:
    return [element.strip() for element in cellule.split(",") if element.strip()]


Texte = Annotated[str, Field(min_length=1)]
Facultatif = Annotated[str | None, BeforeValidator(lambda cellule: cellule or None)]
OuiNon = Annotated[bool, BeforeValidator(_oui_ou_non)]
SiretFacultatif = Annotated[str | None, BeforeValidator(lambda cellule: siret(cellule) if cellule else None)]
JourFacultatif = Annotated[date | None, BeforeValidator(lambda cellule: cellule or None)]


class Ligne(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class LigneStructure(Ligne):
    code: Texte
    nom: Texte
    genre: GenreStructure
    departements: Annotated[list[Departement], BeforeValidator(_liste)]
    ville: Texte
    email: Courriel
    valide_du: date
    valide_au: JourFacultatif


class LigneCollectivite(Ligne):
    siret: Siret
    nom: Texte
    nature: Nature
    code_insee: CodeInsee
    departement: Departement
    delegation: Texte
    effectif: Annotated[int, Field(ge=0)]
    adresse: Texte
    code_postal: CodePostal
    ville: Texte
    email: Courriel
    preinscription_agents: OuiNon
    autorite_nom: Texte
    autorite_qualite: Texte

    @model_validator(mode="after")
    def _meme_departement(self) -> "LigneCollectivite":
        if not self.code_insee.startswith(self.departement):
            raise ValueError("le code INSEE et le département ne s’accordent pas")
        return self


class LigneService(Ligne):
    siret: Siret
    code: Texte
    nom: Texte
    parent: Facultatif
    responsable: Facultatif
    suppleant: Facultatif


class LigneAgent(Ligne):
    siret: Siret
    matricule: Texte
    civilite: Civilite
    nom: Texte
    nom_naissance: Facultatif
    prenom: Texte
    date_naissance: date
    email: Courriel
    portable: Facultatif
    statut: Statut
    categorie: Annotated[Categorie | None, BeforeValidator(lambda cellule: cellule or None)]
    filiere: Facultatif
    cadre_emplois: Facultatif
    grade: Facultatif
    fonction: Texte
    service: Facultatif
    superieur: Facultatif
    temps_travail: Annotated[int, Field(ge=1, le=100)]


class LigneCompte(Ligne):
    role: Annotated[list[Role], BeforeValidator(_liste), Field(min_length=1)]
    prenom: Texte
    nom: Texte
    identifiant: Annotated[Texte, AfterValidator(identifiant_normalise)]
    mot_de_passe: Annotated[str, Field(min_length=12)]
    email: Courriel
    collectivite: SiretFacultatif
    structure: Facultatif
    matricule: Facultatif
    presentation: str

    @model_validator(mode="after")
    def _organisation_du_role(self) -> "LigneCompte":
        roles = set(self.role)
        if Role.AGENT in roles and not self.matricule:
            raise ValueError("un agent se reconnaît à son matricule")
        permises = frozenset.intersection(*(ROLES[role].organisations for role in roles))
        if permises == {Organisation.COLLECTIVITE} and not self.collectivite:
            raise ValueError("ce rôle s’exerce dans une collectivité\N{NO-BREAK SPACE}: donnez son SIRET")
        if permises == {Organisation.STRUCTURE} and not self.structure:
            raise ValueError("ce rôle s’exerce dans une structure\N{NO-BREAK SPACE}: donnez son code")
        if self.collectivite and self.structure:
            raise ValueError("un compte a une collectivité ou une structure, pas les deux")
        return self


class LigneMandat(Ligne):
    """A mandate already accepted."""

    mandant: Siret
    mandataire: Siret
    debut: date
    fin: JourFacultatif
    portee: Annotated[list[Objet], BeforeValidator(_liste), Field(min_length=1)]
    propose_par: Texte
    accepte_par: Texte

    @model_validator(mode="after")
    def _deux_collectivites(self) -> "LigneMandat":
        if self.mandant == self.mandataire:
            raise ValueError("nul ne se donne mandat à lui-même")
        return self
