"""A request with all that its page shows, gathered from the services that know it."""

import asyncio
import hashlib
from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from services.contracts.inscriptions import EtapeCourante, Etat, NatureDecision, SensAvis
from services.kit.clock import now
from services.kit.problems import Problem
from services.web.acces import si_encore_connecte
from services.web.client import Api
from services.web.formats import SANS_SUITE
from services.web.modeles import Document, InscriptionDetail, MessageSuivi, Stage

T = TypeVar("T")

EN_MOUVEMENT = timedelta(minutes=2)
VITE_SECONDES = 3
LENTEMENT_SECONDES = 15
MESSAGES_REGLES = frozenset({"envoye", "abandonne"})


@dataclass(frozen=True)
class Dossier:
    """A request as its page shows it. `documents` and `messages` are None when their service is silent."""

    demande: InscriptionDetail
    documents: list[Document] | None
    messages: list[MessageSuivi] | None
    stage: Stage | None
    """With its figures, for who instructs."""
    cadence: int | None
    """Seconds between two looks of the browser; None when nothing moves any more."""

    @property
    def etat_en_bref(self) -> str:
        """Changes when the reader's decisions may have."""
        return "-".join((self.demande.etat, self.demande.etape, *sorted(self.demande.actions)))

    @property
    def empreinte(self) -> str:
        """Changes when anything that is followed does."""
        suivi = [self.demande.model_dump_json(), repr(self.documents), repr(self.messages), repr(self.cadence)]
        return hashlib.sha256("\n".join(suivi).encode()).hexdigest()[:16]

    @property
    def transmise(self) -> bool:
        return any(entree.fait == "transmission" for entree in self.demande.journal)

    @property
    def avis_clos(self) -> bool:
        dernier = self.demande.avis
        return dernier is not None and (dernier.rendu_le is not None or dernier.sens is SensAvis.NON_RENDU)

    @property
    def sans_avis(self) -> bool:
        return not self.demande.tous_les_avis and (self.demande.etape is not EtapeCourante.AVIS)


async def reunir(api: Api, inscription_id: UUID) -> Dossier:
    demande, documents, messages = await asyncio.gather(
        api.inscription(inscription_id), _si_possible(api.documents(inscription_id)), _si_possible(api.messages(inscription_id))
    )
    instruit = NatureDecision.INSTRUCTION in demande.actions
    stage = await _si_possible(api.session(demande.session.id)) if instruit else None
    return Dossier(demande, documents, messages, stage, cadence(demande, messages, now()))


def cadence(demande: InscriptionDetail, messages: list[MessageSuivi] | None, maintenant: datetime) -> int | None:
    """How often the browser looks again: often while things move, seldom while somebody thinks, never once all is done."""
    dernier = max((entree.le for entree in demande.journal), default=demande.depose_le)
    if maintenant - dernier < EN_MOUVEMENT:
        return VITE_SECONDES
    finie = demande.etat in SANS_SUITE or demande.etat is Etat.CONVOQUEE
    regles = messages is not None and all(message.etat in MESSAGES_REGLES for message in messages)
    return None if finie and regles else LENTEMENT_SECONDES


async def _si_possible(appel: Awaitable[T]) -> T | None:
    """The answer, or None when that service is silent or keeps it to itself: the page shows the rest."""
    try:
        return await appel
    except Problem as problem:
        si_encore_connecte(problem)
        return None
