"""HTTP of the catalogue: the sessions that the caller may see, with the figures of the état du stage."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from services.catalogue import service
from services.catalogue.domain import EtatDuStage
from services.catalogue.schemas import AccueilUpdate, ChangementPublic, SessionPublic
from services.contracts.acteur import Acteur
from services.kit import clock
from services.kit.auth import bearer
from services.kit.etag import IfMatch
from services.kit.http import Tx
from services.kit.pagination import Page
from services.kit.problems import ProblemBody

router = APIRouter(
    prefix="/api/catalogue/v1",
    tags=["Sessions"],
    responses={401: {"model": ProblemBody}, 422: {"model": ProblemBody}, 503: {"model": ProblemBody}},
)

Qui = Annotated[Acteur, Depends(bearer(Acteur))]


@router.get("/sessions", summary="Les sessions publiées pour vous")
async def lister(
    session: Tx,
    qui: Qui,
    *,
    q: Annotated[str, Query(max_length=200, description="Mots cherchés, avec ou sans accents\N{NARROW NO-BREAK SPACE}; ou un code")] = "",
    structure: Annotated[str | None, Query(max_length=40, description="Code d’une délégation ou d’un institut")] = None,
    fermees: Annotated[bool, Query(description="Montrer aussi les sessions qui ne prennent plus d’inscription")] = False,
    cursor: Annotated[
        str | None, Query(max_length=400, description="Valeur «\N{NO-BREAK SPACE}suivant\N{NO-BREAK SPACE}» de la page précédente")
    ] = None,
) -> Page[SessionPublic]:
    page = await service.lister_sessions(session, qui, texte=q, structure=structure, fermees=fermees, curseur=cursor)
    maintenant = clock.now()
    return Page(elements=[SessionPublic.de(etat, maintenant) for etat in page.etats], suivant=page.suivant)


@router.get("/sessions/{session_id}", summary="L’état d’un stage", responses={404: {"model": ProblemBody}})
async def lire(session: Tx, qui: Qui, session_id: UUID, response: Response) -> SessionPublic:
    return _rendre(await service.lire_session(session, qui, session_id), response)


@router.put(
    "/sessions/{session_id}/accueil",
    summary="Changer l’effectif attendu et le mode d’admission d’une session",
    responses={403: {"model": ProblemBody}, 404: {"model": ProblemBody}, 412: {"model": ProblemBody}, 428: {"model": ProblemBody}},
)
async def regler_l_accueil(
    session: Tx, qui: Qui, session_id: UUID, corps: AccueilUpdate, lue: IfMatch, response: Response
) -> SessionPublic:
    etat = await service.regler_l_accueil(session, qui, session_id, corps.accueil, motif=corps.motif, lue=lue)
    return _rendre(etat, response)


@router.get(
    "/sessions/{session_id}/changements",
    summary="Qui a changé une session, quand et pourquoi",
    responses={403: {"model": ProblemBody}, 404: {"model": ProblemBody}},
)
async def lire_les_changements(session: Tx, qui: Qui, session_id: UUID) -> list[ChangementPublic]:
    return [ChangementPublic.de(changement) for changement in await service.lire_les_changements(session, qui, session_id)]


def _rendre(etat: EtatDuStage, response: Response) -> SessionPublic:
    response.headers["ETag"] = etat.session.etiquette
    return SessionPublic.de(etat, clock.now())
