"""The tree of services, and who stands in for whom."""

from uuid import UUID

from fastapi import APIRouter, Response

from services.identity.endpoints.base import Curseur, Qui
from services.identity.endpoints.fiches import changement_public
from services.identity.repository.arbre import Ligne
from services.identity.repository.interims import Ligne as LigneInterim
from services.identity.schemas.fiches import ChangementPublic, InterimPublic, InterimSaisi, ServicePublic, ServiceSaisi
from services.identity.service import arbre, histoire, interims
from services.kit.clock import day_of, now
from services.kit.etag import IfMatch
from services.kit.http import IdempotencyKey, Tx
from services.kit.idempotency import once
from services.kit.pagination import Page

router = APIRouter()


@router.get("/services", summary="Les services de sa collectivité")
async def lister(acteur: Qui, tx: Tx) -> list[ServicePublic]:
    return [_public(ligne) for ligne in await arbre.lister(tx, acteur)]


@router.post("/services", status_code=201, summary="Créer un service")
async def creer(corps: ServiceSaisi, acteur: Qui, tx: Tx, cle: IdempotencyKey) -> ServicePublic:
    async def action() -> ServicePublic:
        return _public(await arbre.lire(tx, acteur, (await arbre.creer(tx, acteur, corps)).id))

    return await once(tx, key=cle, scope=f"service:{acteur.compte_id}", request=corps, reply_model=ServicePublic, action=action)


@router.get("/services/{service_id}", summary="Un service")
async def lire(service_id: UUID, acteur: Qui, tx: Tx, response: Response) -> ServicePublic:
    return _marque(_public(await arbre.lire(tx, acteur, service_id)), response)


@router.put("/services/{service_id}", summary="Modifier un service")
async def modifier(service_id: UUID, corps: ServiceSaisi, acteur: Qui, tx: Tx, lue: IfMatch, response: Response) -> ServicePublic:
    await arbre.modifier(tx, acteur, service_id, corps, lue=lue)
    return _marque(_public(await arbre.lire(tx, acteur, service_id)), response)


@router.delete("/services/{service_id}", status_code=204, summary="Supprimer un service vide")
async def supprimer(service_id: UUID, acteur: Qui, tx: Tx) -> None:
    await arbre.supprimer(tx, acteur, service_id)


@router.get("/services/{service_id}/changements", summary="Ce qui a changé dans un service, le plus récent d’abord")
async def changements(service_id: UUID, acteur: Qui, tx: Tx, cursor: Curseur = None) -> Page[ChangementPublic]:
    lus, suivant = await histoire.du_service(tx, acteur, service_id, cursor=cursor)
    return Page(elements=[changement_public(lu) for lu in lus], suivant=suivant)


@router.get("/interims", summary="Les intérims de sa collectivité")
async def lister_les_interims(acteur: Qui, tx: Tx) -> list[InterimPublic]:
    return [_interim(ligne) for ligne in await interims.lister(tx, acteur)]


@router.post("/interims", status_code=201, summary="Confier un intérim")
async def confier(corps: InterimSaisi, acteur: Qui, tx: Tx, cle: IdempotencyKey) -> InterimPublic:
    async def action() -> InterimPublic:
        return _interim(await interims.lire(tx, acteur, (await interims.confier(tx, acteur, corps)).id))

    return await once(tx, key=cle, scope=f"interim:{acteur.compte_id}", request=corps, reply_model=InterimPublic, action=action)


@router.post("/interims/{interim_id}/annulation", summary="Mettre fin à un intérim")
async def annuler(interim_id: UUID, acteur: Qui, tx: Tx) -> InterimPublic:
    await interims.annuler(tx, acteur, interim_id)
    return _interim(await interims.lire(tx, acteur, interim_id))


def _marque(service: ServicePublic, response: Response) -> ServicePublic:
    response.headers["ETag"] = service.etiquette
    return service


def _public(ligne: Ligne) -> ServicePublic:
    service, responsable, suppleant, agents = ligne
    faits = {"responsable": responsable, "suppleant": suppleant, "agents": agents, "etiquette": arbre.etiquette(service)}
    return ServicePublic.model_validate({**service.model_dump(), **faits})


def _interim(ligne: LigneInterim) -> InterimPublic:
    interim, de, interimaire = ligne
    faits = {"de": de, "interimaire": interimaire, "etat": interims.etat(interim, day_of(now()))}
    return InterimPublic.model_validate({**interim.model_dump(), **faits})
