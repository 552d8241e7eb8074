"""The messages that may be copied to other addresses, as people choose them."""

from services.contracts.notifications import EN_COPIE, Gabarit

LIBELLES: dict[Gabarit, str] = {
    Gabarit.TRANSMISE: "Accusé de transmission",
    Gabarit.RETIREE: "Retrait d’une demande",
    Gabarit.EXPIREE: "Demande expirée",
    Gabarit.LISTE_ATTENTE: "Inscription sur liste d’attente",
    Gabarit.REFUSEE_ORGANISME: "Refus de l’organisme",
    Gabarit.ACCEPTEE: "Demande acceptée",
    Gabarit.CONVOCATION: "Convocation",
}
COPIES_AU_PLUS = 10


def proposables() -> dict[Gabarit, str]:
    return {gabarit: LIBELLES[gabarit] for gabarit in EN_COPIE}


def en_mots(gabarits: list[str]) -> str:
    """`Convocation, Demande acceptée`."""
    return ", ".join(libelle for gabarit, libelle in proposables().items() if gabarit in gabarits)
