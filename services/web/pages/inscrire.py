"""A gestionnaire registers agents for a session: picks them, sees what each becomes, and confirms."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from fastapi import APIRouter, Request, Response
from starlette.datastructures import FormData

from services.kit.problems import FieldError, Invalid, Problem
from services.web.acces import Connecte, Protege, Visiteur, si_encore_connecte
from services.web.rendu import page
from services.web.saisie import VIERGE, Saisie, cle_d_idempotence

router = APIRouter(prefix="/sessions/{session_id}/inscrire")

CHAMPS_AU_PLUS = 2_000
"""Of a form: five hundred agents, each with its rank."""
TOUS, LES_AUTRES = "tous_ou_aucun", "les_autres"


@dataclass(frozen=True)
class Envoi:
    """The form as it was sent: whom to register, in their order of priority."""

    agents: list[str]
    motif: str
    choix: str
    essai: bool
    q: str
    service: str
    cle: str

    @classmethod
    def lire(cls, formulaire: FormData) -> "Envoi":
        coches = dict.fromkeys(str(agent) for agent in formulaire.getlist("agents"))
        return cls(
            agents=sorted(coches, key=lambda agent: _rang(str(formulaire.get(f"rang-{agent}", "")))),
            motif=str(formulaire.get("motif", "")).strip(),
            choix=LES_AUTRES if formulaire.get("choix") == LES_AUTRES else TOUS,
            essai=formulaire.get("action") != "inscrire",
            q=str(formulaire.get("q", "")),
            service=str(formulaire.get("service", "")),
            cle=str(formulaire.get("cle", "")),
        )

    @property
    def cle_d_idempotence(self) -> str:
        return cle_d_idempotence(self.cle, *self.agents, self.motif, self.choix, str(self.essai))


@router.get("")
async def choisir(request: Request, visiteur: Connecte, session_id: UUID, q: str = "", service: str = "", tous: str = "") -> Response:
    return await _choisir(request, visiteur, session_id, VIERGE, q=q.strip(), service=service, tous=bool(tous))


@router.post("")
async def inscrire(request: Request, visiteur: Protege, session_id: UUID) -> Response:
    """Try, or register; when some cannot be, the page says who and asks what to do."""
    envoi = Envoi.lire(await request.form(max_fields=CHAMPS_AU_PLUS))
    try:
        if not envoi.agents:
            raise Invalid("Aucun agent n’est choisi.", errors=[FieldError(champ="agents", message="Cochez les agents à inscrire.")])
        issue = await visiteur.api.inscrire(
            session_id, envoi.agents, envoi.motif, choix=envoi.choix, essai=envoi.essai, cle=envoi.cle_d_idempotence
        )
    except Problem as problem:
        si_encore_connecte(problem)
        saisie = Saisie("inscrire", {"motif": envoi.motif, "cle": envoi.cle}, problem)
        return await _choisir(request, visiteur, session_id, saisie, q=envoi.q, service=envoi.service, coches=envoi.agents)
    stage = await visiteur.api.session(session_id)
    # Nothing was written: what is sent next is another sending, answered by what is then.
    return page(request, "inscrire_issue.html", stage=stage, issue=issue, envoi=envoi, cle=str(uuid4()))


async def _choisir(
    request: Request,
    visiteur: Visiteur,
    session_id: UUID,
    saisie: Saisie,
    *,
    q: str,
    service: str,
    coches: Sequence[str] = (),
    tous: bool = False,
) -> Response:
    stage, candidats = await asyncio.gather(visiteur.api.session(session_id), visiteur.api.candidats(session_id, q=q, service=service))
    return page(
        request,
        "inscrire.html",
        statut=saisie.probleme.status if saisie.probleme else 200,
        stage=stage,
        candidats=candidats,
        q=q,
        service=service,
        coches=frozenset(coches),
        tous=tous,
        saisie=saisie,
    )


def _rang(texte: str) -> int:
    """The priority typed beside an agent; without one he comes last, in the order of the list."""
    return int(texte) if texte.isdecimal() else CHAMPS_AU_PLUS
