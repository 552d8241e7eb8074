"""Tables of identity."""

from services.identity.models.agents import Agent, Service
from services.identity.models.base import Table
from services.identity.models.comptes import Compte, EchecsConnexion, FamilleJetons, Jeton
from services.identity.models.organisations import Collectivite, Structure

__all__ = [
    "Agent",
    "Collectivite",
    "Compte",
    "EchecsConnexion",
    "FamilleJetons",
    "Jeton",
    "Service",
    "Structure",
    "Table",
]
