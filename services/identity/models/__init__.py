"""Tables of identity."""

from services.identity.models.agents import Agent, Service
from services.identity.models.base import Table
from services.identity.models.comptes import Appartenance, Compte, EchecsConnexion, FamilleJetons, Jeton
from services.identity.models.courriels import Courriel, Lien
from services.identity.models.imports import ExportAgents, ImportAgents, LigneImport
from services.identity.models.organisations import Collectivite, Structure
from services.identity.models.ouvertures import DecisionOuverture, FaitOuverture, Ouverture
from services.identity.models.second_facteur import CleAcces, CodeSecours, EpreuveCle, FaitSecondFacteur, Totp

__all__ = [
    "Agent",
    "Appartenance",
    "CleAcces",
    "CodeSecours",
    "Collectivite",
    "Compte",
    "Courriel",
    "DecisionOuverture",
    "EchecsConnexion",
    "EpreuveCle",
    "ExportAgents",
    "FaitOuverture",
    "FaitSecondFacteur",
    "FamilleJetons",
    "ImportAgents",
    "Jeton",
    "Lien",
    "LigneImport",
    "Ouverture",
    "Service",
    "Structure",
    "Table",
    "Totp",
]
