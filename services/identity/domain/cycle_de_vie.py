"""The life of a collectivité after its opening: which change of state is possible, and what an impossible one is told."""

from services.identity.domain.valeurs import EtatCollectivite as Etat

PASSAGES: dict[Etat, tuple[Etat, ...]] = {
    Etat.EN_OUVERTURE: (),
    Etat.OPERATIONNELLE: (Etat.SUSPENDUE, Etat.CLOSE),
    Etat.SUSPENDUE: (Etat.OPERATIONNELLE, Etat.CLOSE),
    Etat.CLOSE: (Etat.OPERATIONNELLE,),
}
"""From each state, those it may pass to. Only its opening makes a collectivité work for the first time."""

EN_MOTS: dict[Etat, str] = {
    Etat.EN_OUVERTURE: "en cours d’ouverture",
    Etat.OPERATIONNELLE: "opérationnelle",
    Etat.SUSPENDUE: "suspendue",
    Etat.CLOSE: "close",
}


def refus(depuis: Etat, vers: Etat) -> str:
    """Why a collectivité cannot pass from one state to another; empty when it can."""
    if vers in PASSAGES[depuis]:
        return ""
    if depuis is vers:
        return f"Cette collectivité est déjà {EN_MOTS[vers]}."
    if depuis is Etat.EN_OUVERTURE:
        return "Le compte de cette collectivité n’est pas encore ouvert."
    return f"Une collectivité {EN_MOTS[depuis]} ne peut pas devenir {EN_MOTS[vers]}."


def retire_les_droits(vers: Etat) -> bool:
    """Whether the people of a collectivité may no longer work in it."""
    return vers is not Etat.OPERATIONNELLE
