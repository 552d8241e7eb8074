"""A dossier as inscriptions gives it, for the tests of those who write papers and mails."""

from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from services.contracts.catalogue import Regroupement
from services.contracts.identity import Personne
from services.contracts.inscriptions import AvisRendu, DemandeAvisOuverte, Dossier, Etat, SensAvis

INSCRIPTION = UUID("6f1d9c1e-8d6a-4a58-9a53-0f7f1d2f5b01")
AGENT = UUID("6f1d9c1e-8d6a-4a58-9a53-0f7f1d2f5b02")
COLLECTIVITE = UUID("6f1d9c1e-8d6a-4a58-9a53-0f7f1d2f5b03")


def dossier(**autrement: Any) -> Dossier:
    """A préinscription whose avis is awaited; `autrement` replaces fields."""
    demande = DemandeAvisOuverte(
        demande_id=UUID("6f1d9c1e-8d6a-4a58-9a53-0f7f1d2f5b05"),
        a=Personne(nom="Morvan", prenom="Yann", email="yann.morvan@commune.example"),
        echeance=datetime(2026, 11, 30, 17, 0, tzinfo=UTC),
        lien="http://localhost:8080/avis/jeton-de-test",
    )
    champs: dict[str, Any] = {
        "inscription_id": INSCRIPTION,
        "numero": "2026-000042",
        "etat": Etat.PREINSCRIPTION,
        "motivation": "Je reprends le suivi des marchés publics.",
        "depose_le": datetime(2026, 11, 23, 8, 30, tzinfo=UTC),
        "collectivite_id": COLLECTIVITE,
        "collectivite": "Commune de Saint-Aubin",
        "collectivite_email": "mairie@commune.example",
        "autorite": "Jeanne Simon, maire",
        "gestionnaires": (
            Personne(nom="Rault", prenom="Éric", email="eric.rault@commune.example"),
            Personne(nom="Kervella", prenom="Soizic", email="soizic.kervella@commune.example"),
        ),
        "agent": Personne(nom="Le Bihan", prenom="Anne", email="anne.lebihan@commune.example", agent_id=AGENT),
        "agent_civilite": "Madame",
        "agent_grade": "Rédacteur",
        "agent_fonction": "gestionnaire des marchés",
        "agent_service": "Commande publique",
        "session_id": UUID("6f1d9c1e-8d6a-4a58-9a53-0f7f1d2f5b04"),
        "session_code": "SXM5A 001",
        "intitule": "Rédiger un acte administratif sûr",
        "objectifs": "Choisir la forme de l’acte, motiver la décision.",
        "structure": "BRE",
        "structure_nom": "Délégation Bretagne",
        "lieu": "Rennes",
        "adresse": "1 rue des Ajoncs, 35000 Rennes",
        "regroupements": (
            Regroupement(debut=date(2027, 3, 1), fin=date(2027, 3, 2), heure_debut=time(9), heure_fin=time(17)),
            Regroupement(debut=date(2027, 4, 5), fin=date(2027, 4, 5), heure_debut=time(9, 30), heure_fin=time(16, 30)),
        ),
        "duree_heures": 18.0,
        "conseiller": "Gwenaëlle Le Goff",
        "conseiller_email": "gwenaelle.legoff@bretagne.organisme.example",
        "avis": (
            AvisRendu(
                sens=SensAvis.SOUS_RESERVE, par="Yann Morvan", le=datetime(2026, 11, 24, 9, 0, tzinfo=UTC), commentaire="Hors clôture."
            ),
        ),
        "demande_avis": demande,
        "derniere_demande_avis": demande,
        "lien": "http://localhost:8080/inscriptions/6f1d9c1e-8d6a-4a58-9a53-0f7f1d2f5b01",
    }
    return Dossier.model_validate(champs | autrement)
