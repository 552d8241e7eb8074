"""What people read for each state, step and fact."""

from services.contracts.catalogue import EtatSession
from services.contracts.inscriptions import EtapeCourante, Etat, SensAvis
from services.inscriptions.domain.collective import Obstacle
from services.inscriptions.domain.journal import Fait

ETATS: dict[Etat, str] = {
    Etat.PREINSCRIPTION: "Préinscription",
    Etat.TRANSMISE: "Transmise, en instruction",
    Etat.LISTE_ATTENTE: "Sur liste d’attente",
    Etat.ACCEPTEE: "Acceptée",
    Etat.CONVOQUEE: "Convocation envoyée",
    Etat.REFUSEE_COLLECTIVITE: "Refusée par la collectivité",
    Etat.REFUSEE_ORGANISME: "Refusée par l’organisme",
    Etat.RETIREE: "Retirée par l’agent",
    Etat.EXPIREE: "Expirée",
}

AVIS: dict[SensAvis, str] = {
    SensAvis.FAVORABLE: "Favorable",
    SensAvis.SOUS_RESERVE: "Favorable sous réserve",
    SensAvis.DEFAVORABLE: "Défavorable",
    SensAvis.NON_RENDU: "Avis non rendu",
}

FAITS: dict[Fait, str] = {
    Fait.DEPOT: "Préinscription déposée",
    Fait.AVIS_DEMANDE: "Avis demandé",
    Fait.RELANCE: "Relance envoyée",
    Fait.AVIS_RENDU: "Avis rendu",
    Fait.AVIS_NON_RENDU: "Avis non rendu",
    Fait.AUCUN_SUPERIEUR: "Aucun supérieur connu",
    Fait.VALIDATION: "Validée par la collectivité",
    Fait.REFUS_COLLECTIVITE: "Refusée par la collectivité",
    Fait.TRANSMISSION: "Transmise à l’organisme",
    Fait.ACCEPTATION: "Acceptée par l’organisme",
    Fait.LISTE_ATTENTE: "Placée sur liste d’attente",
    Fait.REFUS_ORGANISME: "Refusée par l’organisme",
    Fait.CONVOCATION: "Convocation établie",
    Fait.RETRAIT: "Retirée par l’agent",
    Fait.EXPIRATION: "Expirée",
}

CLOTURES: dict[str, str] = {
    "suppleant": "Le délai étant échu, cet avis est maintenant demandé à la personne qui assure la suppléance.",
    "retrait": "L’agent a retiré sa demande : votre avis n’est plus attendu.",
    "expiree": "La date limite d’inscription est passée : votre avis n’est plus attendu.",
    "delai_echu": "Le délai est échu : la demande est passée au gestionnaire de formation avec la mention « avis non rendu ».",
}
CLOTURE_AUTRE = "La demande a poursuivi son chemin : votre avis n’est plus attendu."


def detenteur(etape: EtapeCourante, a_qui: str | None, collectivite: str, structure: str) -> str | None:
    """Who holds a request at this step; None when nobody has anything to do."""
    match etape:
        case EtapeCourante.AVIS:
            return f"{a_qui}, pour avis" if a_qui else "Circuit de validation"
        case EtapeCourante.VALIDATION:
            return f"Service formation – {collectivite}"
        case EtapeCourante.INSTRUCTION:
            return f"Organisme – {structure}"
        case EtapeCourante.CONVOCATION:
            return "Convocation en préparation"
        case EtapeCourante.TERMINEE:
            return None


SESSION_SANS_DEMANDE: dict[EtatSession, str] = {
    EtatSession.CLOSE: "ne prend plus d’inscription",
    EtatSession.ANNULEE: "est annulée",
    EtatSession.REALISEE: "a eu lieu",
    EtatSession.ARCHIVEE: "a eu lieu",
}

OBSTACLES: dict[Obstacle, str] = {
    Obstacle.INCONNU: "Cet agent ne fait pas partie de ceux que vous gérez.",
    Obstacle.HORS_EFFECTIFS: "Cet agent ne fait plus partie des effectifs.",
    Obstacle.SOI_MEME: "On ne valide pas sa propre demande : une autre personne du service formation vous inscrit.",
    Obstacle.DEJA_INSCRIT: "Cet agent a déjà une demande en cours pour cette session.",
    Obstacle.COMPLETE: "Il ne reste aucune place, et la session n’a pas de liste d’attente.",
}


def cause(mouvement: str) -> str:
    """What moved the seats of a session, in words: a fact of a request, or a change of the session itself."""
    return FAITS[Fait(mouvement)] if mouvement in set(Fait) else "Effectif attendu de la session"
