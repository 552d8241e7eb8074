"""The words of the states of a collectivité."""

from services.kit.french import NBSP
from services.web.modeles_collectivites import EtatCollectivite

ETATS: dict[EtatCollectivite, str] = {
    EtatCollectivite.OPERATIONNELLE: "Opérationnelle",
    EtatCollectivite.SUSPENDUE: "Suspendue",
    EtatCollectivite.CLOSE: "Close",
    EtatCollectivite.EN_OUVERTURE: "En cours d’ouverture",
}

GESTES: dict[EtatCollectivite, str] = {
    EtatCollectivite.OPERATIONNELLE: "Rouvrir le compte",
    EtatCollectivite.SUSPENDUE: "Suspendre le compte",
    EtatCollectivite.CLOSE: "Clore le compte",
}
"""The button that gives each state."""

EFFETS: dict[EtatCollectivite, str] = {
    EtatCollectivite.OPERATIONNELLE: "Chacun retrouve ses droits à sa prochaine connexion, et de nouvelles demandes peuvent être déposées.",
    EtatCollectivite.SUSPENDUE: (
        "Pour un temps. Plus aucune demande n’est déposée, et chacun est déconnecté dans les dix minutes. "
        "Les demandes en cours suivent leur circuit."
    ),
    EtatCollectivite.CLOSE: f"Après une fusion ou une dissolution, avec les mêmes effets{NBSP}: un compte clos ne peut qu’être rouvert.",
}
