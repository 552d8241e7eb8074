"""Tables of identity."""

from services.identity.models.adresses import AncienIdentifiant, ChangementEmail
from services.identity.models.agents import Agent, Service
from services.identity.models.base import Table
from services.identity.models.comptes import Appartenance, Compte, EchecsConnexion, FamilleJetons, Jeton
from services.identity.models.courriels import Courriel, Lien
from services.identity.models.fiches import Amenagement, Changement, Correction, Interim, JourFait, Lecture
from services.identity.models.identites import IdentiteExterne
from services.identity.models.imports import ExportAgents, ImportAgents, LigneImport
from services.identity.models.mandats import Mandat
from services.identity.models.organisations import ChangementEtat, Collectivite, Structure
from services.identity.models.ouvertures import DecisionOuverture, FaitOuverture, Ouverture
from services.identity.models.parametres import Copie, EtapeDemarrage, Reglage
from services.identity.models.second_facteur import CleAcces, CodeSecours, EpreuveCle, FaitSecondFacteur, Totp

__all__ = [
    "Agent",
    "Amenagement",
    "AncienIdentifiant",
    "Appartenance",
    "Changement",
    "ChangementEmail",
    "ChangementEtat",
    "CleAcces",
    "CodeSecours",
    "Collectivite",
    "Compte",
    "Copie",
    "Correction",
    "Courriel",
    "DecisionOuverture",
    "EchecsConnexion",
    "EpreuveCle",
    "EtapeDemarrage",
    "ExportAgents",
    "FaitOuverture",
    "FaitSecondFacteur",
    "FamilleJetons",
    "IdentiteExterne",
    "ImportAgents",
    "Interim",
    "Jeton",
    "JourFait",
    "Lecture",
    "Lien",
    "LigneImport",
    "Mandat",
    "Ouverture",
    "Reglage",
    "Service",
    "Structure",
    "Table",
    "Totp",
]
