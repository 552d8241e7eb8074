"""Tables of identity."""

from services.identity.models.adresses import AncienIdentifiant, ChangementEmail, DecisionIdentifiants
from services.identity.models.agents import Agent, Service
from services.identity.models.base import Table
from services.identity.models.comptes import Appartenance, Compte, EchecsConnexion, FamilleJetons, Jeton
from services.identity.models.courriels import Courriel, Lien
from services.identity.models.identites import IdentiteExterne
from services.identity.models.imports import ExportAgents, ImportAgents, LigneImport
from services.identity.models.organisations import Collectivite, Structure
from services.identity.models.ouvertures import DecisionOuverture, FaitOuverture, Ouverture

__all__ = [
    "Agent",
    "AncienIdentifiant",
    "Appartenance",
    "ChangementEmail",
    "Collectivite",
    "Compte",
    "Courriel",
    "DecisionIdentifiants",
    "DecisionOuverture",
    "EchecsConnexion",
    "ExportAgents",
    "FaitOuverture",
    "FamilleJetons",
    "IdentiteExterne",
    "ImportAgents",
    "Jeton",
    "Lien",
    "LigneImport",
    "Ouverture",
    "Service",
    "Structure",
    "Table",
]
