"""How the people of a collectivité are called when they log in."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from services.identity.domain.identifiants import FormeIdentifiants, Regle
from services.identity.endpoints.base import Qui
from services.identity.schemas.identifiants import ApercuPublic, ApplicationPublique, RegleIdentifiants
from services.identity.service import identifiants
from services.kit.etag import IfMatch
from services.kit.http import Tx

router = APIRouter(prefix="/identifiants")


@router.get("", summary="La forme des identifiants de sa collectivité")
async def lire(acteur: Qui, tx: Tx, response: Response) -> RegleIdentifiants:
    return _publique(await identifiants.lire(tx, acteur), response)


@router.put("", summary="Choisir la forme des identifiants à venir")
async def changer(corps: RegleIdentifiants, acteur: Qui, tx: Tx, lue: IfMatch, response: Response) -> RegleIdentifiants:
    return _publique(await identifiants.changer(tx, acteur, Regle(corps.forme, corps.prefixe), lue=lue), response)


@router.get("/apercu", summary="Ce qu’une forme changerait aux identifiants existants")
async def apercu(acteur: Qui, tx: Tx, forme: FormeIdentifiants, prefixe: Annotated[str, Query(max_length=20)] = "") -> ApercuPublic:
    return ApercuPublic.model_validate(await identifiants.apercu(tx, acteur, Regle(forme, prefixe)))


# Sent twice, it acts once: those who have the form keep their identifiant.
@router.post("/application", summary="Donner cette forme aux identifiants existants, et prévenir chacun")
async def appliquer(acteur: Qui, tx: Tx) -> ApplicationPublique:
    return ApplicationPublique(changes=await identifiants.appliquer(tx, acteur))


def _publique(regle: Regle, response: Response) -> RegleIdentifiants:
    response.headers["ETag"] = identifiants.etiquette(regle)
    return RegleIdentifiants.model_validate(regle)
