"""The life of a request: which decision leads from which state to which, and what it does to the places."""

from dataclasses import dataclass

from services.contracts.inscriptions import Etat, Issue, NatureDecision

VIVANTS = frozenset({Etat.PREINSCRIPTION, Etat.TRANSMISE, Etat.LISTE_ATTENTE, Etat.ACCEPTEE, Etat.CONVOQUEE})
"""States in which a second request of the same agent for the same session is refused."""


class TransitionImpossibleError(Exception):
    """This decision does not apply to a request in this state."""


@dataclass(frozen=True)
class Mouvement:
    """What a transition adds to the figures of the session; a seat taken must be left."""

    recues: int = 0
    admises: int = 0
    en_attente: int = 0

    def __bool__(self) -> bool:
        return bool(self.recues or self.admises or self.en_attente)


@dataclass(frozen=True)
class Transition:
    vers: Etat
    mouvement: Mouvement = Mouvement()


# (decision, issue, state before) → transition. What is not here is impossible.
TRANSITIONS: dict[tuple[NatureDecision, Issue, Etat], Transition] = {
    # An avis advises: it changes no state.
    (NatureDecision.AVIS, Issue.FAVORABLE, Etat.PREINSCRIPTION): Transition(Etat.PREINSCRIPTION),
    (NatureDecision.AVIS, Issue.SOUS_RESERVE, Etat.PREINSCRIPTION): Transition(Etat.PREINSCRIPTION),
    (NatureDecision.AVIS, Issue.DEFAVORABLE, Etat.PREINSCRIPTION): Transition(Etat.PREINSCRIPTION),
    (NatureDecision.VALIDATION, Issue.VALIDER, Etat.PREINSCRIPTION): Transition(Etat.TRANSMISE, Mouvement(recues=1)),
    (NatureDecision.VALIDATION, Issue.REFUSER, Etat.PREINSCRIPTION): Transition(Etat.REFUSEE_COLLECTIVITE),
    (NatureDecision.RETRAIT, Issue.RETIRER, Etat.PREINSCRIPTION): Transition(Etat.RETIREE),
    (NatureDecision.INSTRUCTION, Issue.ACCEPTER, Etat.TRANSMISE): Transition(Etat.ACCEPTEE, Mouvement(admises=1)),
    (NatureDecision.INSTRUCTION, Issue.LISTE_ATTENTE, Etat.TRANSMISE): Transition(Etat.LISTE_ATTENTE, Mouvement(en_attente=1)),
    (NatureDecision.INSTRUCTION, Issue.REFUSER, Etat.TRANSMISE): Transition(Etat.REFUSEE_ORGANISME),
    (NatureDecision.INSTRUCTION, Issue.ACCEPTER, Etat.LISTE_ATTENTE): Transition(Etat.ACCEPTEE, Mouvement(admises=1, en_attente=-1)),
    (NatureDecision.INSTRUCTION, Issue.REFUSER, Etat.LISTE_ATTENTE): Transition(Etat.REFUSEE_ORGANISME, Mouvement(en_attente=-1)),
}

AU_FIL_DE_L_EAU: dict[Etat, Transition] = {
    Etat.ACCEPTEE: Transition(Etat.ACCEPTEE, Mouvement(admises=1)),
    Etat.LISTE_ATTENTE: Transition(Etat.LISTE_ATTENTE, Mouvement(en_attente=1)),
}
"""What may become of a request at its very transmission, where seats are given in order of arrival."""

EXPIRATIONS: dict[Etat, Transition] = {
    Etat.PREINSCRIPTION: Transition(Etat.EXPIREE),
    Etat.TRANSMISE: Transition(Etat.EXPIREE),
    Etat.LISTE_ATTENTE: Transition(Etat.EXPIREE, Mouvement(en_attente=-1)),
}


def transition(nature: NatureDecision, issue: Issue, etat: Etat) -> Transition:
    try:
        return TRANSITIONS[nature, issue, etat]
    except KeyError:
        raise TransitionImpossibleError(f"{nature}/{issue} from {etat}") from None


def expiration(etat: Etat) -> Transition:
    try:
        return EXPIRATIONS[etat]
    except KeyError:
        raise TransitionImpossibleError(f"expiration from {etat}") from None
