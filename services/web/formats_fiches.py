"""How the pages name what stands in records, and what happened to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services.web.modeles_fiches import AgentFiche, ServiceFiche

CIVILITES = {"Mme": "Madame", "M.": "Monsieur"}
STATUTS = {
    "titulaire": "Titulaire",
    "stagiaire": "Stagiaire",
    "contractuel_droit_public": "Contractuel de droit public",
    "contractuel_droit_prive": "Contractuel de droit privé",
    "apprenti": "Apprenti",
    "assistant_maternel": "Assistant maternel",
    "emploi_aide": "Emploi aidé",
}
CATEGORIES = {valeur: valeur for valeur in ("A+", "A", "B", "C")}
FILIERES = {
    valeur: valeur.capitalize()
    for valeur in (
        "administrative",
        "technique",
        "culturelle",
        "sportive",
        "médico-sociale",
        "médico-technique",
        "police municipale",
        "animation",
        "sapeurs-pompiers",
    )
}
ACTIONS = {
    "creation": "Fiche créée",
    "modification": "Fiche modifiée",
    "depart": "Départ annoncé",
    "retour": "Départ annulé",
    "acces": "Accès ouvert",
    "amenagement": "Besoin d’aménagement mis à jour",
    "interim": "Intérim confié",
    "fin_interim": "Intérim annulé",
    "reunion": "Fiches d’une même personne réunies",
    "anonymisation": "Fiche anonymisée",
    "suppression": "Supprimé",
}
ETATS_INTERIM = {"a_venir": "À venir", "en_cours": "En cours", "termine": "Terminé", "annule": "Annulé"}
ETATS_CORRECTION = {"demandee": "En attente", "faite": "Faite", "refusee": "Refusée"}
ACCES = {"aucun": "Aucun", "invite": "Invitation envoyée", "ouvert": "Ouvert"}


@dataclass(frozen=True)
class Noeud:
    """A service at its depth in the tree."""

    service: ServiceFiche
    niveau: int


def arbre(services: Sequence[ServiceFiche]) -> list[Noeud]:
    """The services as a tree is read: each under the one it belongs to. Those whose parent is not seen stand at the top."""
    connus = {service.id for service in services}
    enfants: dict[UUID | None, list[ServiceFiche]] = {}
    for service in services:
        enfants.setdefault(service.parent_id if service.parent_id in connus else None, []).append(service)
    lus: list[Noeud] = []
    a_lire = [(service, 0) for service in reversed(enfants.get(None, []))]
    while a_lire:
        service, niveau = a_lire.pop()
        lus.append(Noeud(service, niveau))
        a_lire += [(enfant, niveau + 1) for enfant in reversed(enfants.get(service.id, []))]
    return lus


def saisie_de(agent: AgentFiche) -> dict[str, str]:
    """The record as its form shows it."""
    valeurs = {nom: "" if valeur is None else str(valeur) for nom, valeur in agent.model_dump(mode="json").items() if nom in CHAMPS}
    for champ in ("date_naissance", "entree_le", "sortie_le"):
        jour = getattr(agent, champ)
        valeurs[champ] = f"{jour:%d/%m/%Y}" if jour else ""
    return valeurs


CHAMPS = (
    "matricule",
    "civilite",
    "nom",
    "nom_naissance",
    "prenom",
    "date_naissance",
    "email",
    "portable",
    "statut",
    "categorie",
    "filiere",
    "cadre_emplois",
    "grade",
    "fonction",
    "temps_travail",
    "niveau_diplome",
    "entree_le",
    "sortie_le",
    "service_id",
)
"""What is typed or chosen in the form of a record, the supérieur apart."""
