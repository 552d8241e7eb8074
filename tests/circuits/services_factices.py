"""The services as a circuit sees them: they answer, remember what they were asked, and fail when told to."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4, uuid5

from asgi_correlation_id import correlation_id
from temporalio import activity

from services.contracts.base import Fait, Message
from services.contracts.documents import DocumentProduit, ProduireConvocation
from services.contracts.inscriptions import (
    AppliquerDecision,
    ConstaterAvisNonRendu,
    DemandeAvis,
    DemanderAvis,
    EffetDecision,
    Etat,
    Expirer,
    Issue,
    NatureDecision,
    OuvrirCircuit,
    PasserEtape,
    PlanCircuit,
    QuiRepond,
)
from services.contracts.notifications import DeposerMessage, Gabarit
from services.kit.clock import now
from services.kit.problems import Conflict, Problem, Unavailable

ETATS = {
    (NatureDecision.VALIDATION, Issue.VALIDER): Etat.TRANSMISE,
    (NatureDecision.VALIDATION, Issue.REFUSER): Etat.REFUSEE_COLLECTIVITE,
    (NatureDecision.INSTRUCTION, Issue.ACCEPTER): Etat.ACCEPTEE,
    (NatureDecision.INSTRUCTION, Issue.LISTE_ATTENTE): Etat.LISTE_ATTENTE,
    (NatureDecision.INSTRUCTION, Issue.REFUSER): Etat.REFUSEE_ORGANISME,
    (NatureDecision.RETRAIT, Issue.RETIRER): Etat.RETIREE,
}

INDISPONIBLE = Unavailable("Un service nécessaire ne répond pas pour le moment.")
MALFORMEE = Problem("requete-malformee", "La requête n’a pas la forme attendue.", status=400)
PLUS_PERSONNE = Conflict("personne-a-qui-demander", "Personne n’est connu pour donner cet avis.")
SESSION_COMPLETE = Conflict("session-complete", "Il n’y a plus de place dans cette session.")


@dataclass
class Courrier:
    gabarit: Gabarit
    cle: str
    document_id: UUID | None
    parti_le: datetime
    rang: int


@dataclass
class ServicesFactices:
    """Stands where the bus stands. `pannes` holds, by request, the problems to answer before answering well."""

    plan: PlanCircuit
    demandes: list[Message] = field(default_factory=list)
    courriers: list[Courrier] = field(default_factory=list)
    correlations: list[tuple[str, str]] = field(default_factory=list)
    decisions: dict[UUID, tuple[NatureDecision, Issue]] = field(default_factory=dict)
    pannes: dict[type[Message], list[Problem]] = field(default_factory=lambda: defaultdict(list))
    document_id: UUID = field(default_factory=uuid4)
    a_la_transmission: Etat = Etat.TRANSMISE
    """What becomes of a validated request: accepted or waitlisted at once where seats go by order of arrival."""

    async def request(self, request: Message, timeout: float = 5.0) -> Message:  # noqa: ASYNC109 -- the shape of the bus
        if self.pannes[type(request)]:
            raise self.pannes[type(request)].pop(0)
        self.correlations.append((type(request).__name__, correlation_id.get() or ""))
        if isinstance(request, DeposerMessage):
            self._noter_courrier(request)
        else:
            self.demandes.append(request)
        return self._repondre(request)

    def _noter_courrier(self, message: DeposerMessage) -> None:
        if not activity.in_activity():  # asked over NATS
            self.courriers.append(Courrier(message.gabarit, message.cle, message.document_id, now(), len(self.courriers)))
            return
        info = activity.info()
        rang = int(info.activity_id)
        self.courriers.append(Courrier(message.gabarit, message.cle, message.document_id, info.scheduled_time, rang))

    def _repondre(self, request: Message) -> Message:
        match request:
            case OuvrirCircuit():
                return self.plan
            case DemanderAvis(rang=rang, a=a):
                return DemandeAvis(demande_id=self.demande_id(a, rang))
            case AppliquerDecision(decision_id=decision_id):
                decision = self.decisions[decision_id]
                etat = ETATS.get(decision, Etat.PREINSCRIPTION)
                return EffetDecision(etat=self.a_la_transmission if etat is Etat.TRANSMISE else etat, issue=decision[1])
            case Expirer():
                return EffetDecision(etat=Etat.EXPIREE, issue=Issue.REFUSER)
            case ProduireConvocation():
                return DocumentProduit(document_id=self.document_id, reference="CONV-2035-000001")
            case _:
                return Fait()

    def demande_id(self, a: QuiRepond = QuiRepond.SUPERIEUR, rang: int = 0) -> UUID:
        return uuid5(self.plan.inscription_id, f"{rang}:{a}")

    @property
    def gabarits(self) -> list[Gabarit]:
        """The mails, in the order in which the circuit posted them."""
        return [courrier.gabarit for courrier in sorted(self.courriers, key=lambda courrier: courrier.rang)]

    def parti_le(self, gabarit: Gabarit) -> list[datetime]:
        return [courrier.parti_le for courrier in sorted(self.courriers, key=lambda c: c.rang) if courrier.gabarit is gabarit]

    @property
    def effets(self) -> list[str]:
        """What was done, in order, a word or two for each."""
        return [_resume(demande) for demande in self.demandes]

    def recues(self, kind: type[Any]) -> list[Any]:
        return [demande for demande in self.demandes if isinstance(demande, kind)]


def _resume(demande: Message) -> str:
    match demande:
        case DemanderAvis(a=a, rang=rang):
            return f"DemanderAvis {a} {rang}"
        case PasserEtape(etape=etape):
            return f"PasserEtape {etape}"
        case ConstaterAvisNonRendu(motif=motif):
            return f"ConstaterAvisNonRendu {motif}"
        case _:
            return type(demande).__name__
