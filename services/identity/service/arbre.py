"""The tree of services: who leads what, and under whom."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.contracts.acteur import Acteur, Droit
from services.identity.domain.fiches import Objet
from services.identity.models import Service
from services.identity.repository import arbre as repository
from services.identity.repository import fiches as repository_fiches
from services.identity.repository.publication import verrouiller
from services.identity.schemas.fiches import ServiceSaisi
from services.identity.service.fiches import sa_collectivite, tracer
from services.identity.service.lecture import portee
from services.identity.service.publication import publier_la_collectivite
from services.kit.etag import etag_of, require_match
from services.kit.french import nombre
from services.kit.problems import Conflict, FieldError, Forbidden, Invalid, NotFound

CHAMPS = {"code": "Code", "nom": "Nom", "parent": "Service de rattachement", "responsable": "Responsable", "suppleant": "Suppléance"}


def etiquette(service: Service) -> str:
    return etag_of(service.model_dump())


async def lister(session: AsyncSession, acteur: Acteur) -> Sequence[repository.Ligne]:
    if not acteur.peut(Droit.LIRE_COLLECTIVITE):
        raise Forbidden("L’organigramme est réservé aux gestionnaires de la collectivité.")
    return await repository.services(session, portee(acteur))


async def lire(session: AsyncSession, acteur: Acteur, service_id: UUID) -> repository.Ligne:
    for ligne in await lister(session, acteur):
        if ligne[0].id == service_id:
            return ligne
    raise NotFound("Ce service n’existe pas, ou ne vous est pas accessible.")


async def creer(session: AsyncSession, acteur: Acteur, saisi: ServiceSaisi) -> Service:
    collectivite_id = sa_collectivite(acteur)
    await verrouiller(session, collectivite_id)
    await _verifier(session, acteur, collectivite_id, saisi, None)
    service = Service(collectivite_id=collectivite_id, **_propre(saisi))
    session.add(service)
    await session.flush()
    apres = await _lisible(session, service)
    tracer(session, acteur, Objet.SERVICE, service.id, "creation", details=_differences(dict.fromkeys(CHAMPS, ""), apres))
    await publier_la_collectivite(session, collectivite_id)
    return service


async def modifier(session: AsyncSession, acteur: Acteur, service_id: UUID, saisi: ServiceSaisi, *, lue: str) -> Service:
    service = await _tenir(session, acteur, service_id)
    require_match(etiquette(service), lue, "Ce service a été modifié entre-temps.")
    await _verifier(session, acteur, service.collectivite_id, saisi, service)
    avant = await _lisible(session, service)
    for champ, valeur in _propre(saisi).items():
        setattr(service, champ, valeur)
    session.add(service)
    await session.flush()
    details = _differences(avant, await _lisible(session, service))
    if details:
        tracer(session, acteur, Objet.SERVICE, service.id, "modification", details=details)
        await publier_la_collectivite(session, service.collectivite_id)
    return service


async def supprimer(session: AsyncSession, acteur: Acteur, service_id: UUID) -> None:
    """Only an empty one, that leaves no trace of anybody."""
    service = await _tenir(session, acteur, service_id)
    agents, dessous = await repository.occupants(session, service.id)
    if agents or dessous:
        contenu = f"{nombre(agents)} agent{'s' if agents > 1 else ''} et {nombre(dessous)} service{'s' if dessous > 1 else ''}"
        raise Conflict(
            "service-occupe",
            f"Ce service compte {contenu}.",
            detail="Rattachez-les à un autre service avant de le supprimer.",
        )
    if await repository.a_eu_un_interim(session, service.id):
        raise Conflict("service-avec-interim", "Un intérim a été assuré à la tête de ce service, qui reste donc dans l’historique.")
    tracer(session, acteur, Objet.SERVICE, service.id, "suppression", details=_differences(await _lisible(session, service), {}))
    await session.delete(service)


async def _tenir(session: AsyncSession, acteur: Acteur, service_id: UUID) -> Service:
    await verrouiller(session, sa_collectivite(acteur))
    service = await repository_fiches.service(session, portee(acteur), service_id)
    if service is None:
        raise NotFound("Ce service n’existe pas, ou ne vous est pas accessible.")
    return service


async def _verifier(session: AsyncSession, acteur: Acteur, collectivite_id: UUID, saisi: ServiceSaisi, connu: Service | None) -> None:
    """Every mistake at once."""
    erreurs: dict[str, str] = {}
    for champ in ("code", "nom"):
        if not getattr(saisi, champ).strip():
            erreurs[champ] = "À renseigner."
    homonyme = await repository.de_ce_code(session, collectivite_id, saisi.code.strip(), connu.id if connu else None)
    if homonyme is not None:
        erreurs["code"] = f"Ce code est celui du service «\N{NO-BREAK SPACE}{homonyme.nom}\N{NO-BREAK SPACE}»."
    if erreur := await _parent_refuse(session, acteur, collectivite_id, saisi.parent_id, connu):
        erreurs["parent_id"] = erreur
    for champ in ("responsable_id", "suppleant_id"):
        identifiant = getattr(saisi, champ)
        if identifiant is not None and await repository_fiches.collegue(session, collectivite_id, identifiant) is None:
            erreurs[champ] = "Choisissez un agent en poste dans votre collectivité."
    if saisi.suppleant_id is not None and saisi.suppleant_id == saisi.responsable_id:
        erreurs["suppleant_id"] = "Choisissez quelqu’un d’autre que le responsable."
    if erreurs:
        raise Invalid("Le service est à corriger.", errors=[FieldError(champ=champ, message=message) for champ, message in erreurs.items()])


async def _parent_refuse(
    session: AsyncSession, acteur: Acteur, collectivite_id: UUID, parent_id: UUID | None, connu: Service | None
) -> str | None:
    if connu is not None and parent_id == connu.parent_id:
        return None
    if parent_id is None:
        return "Choisissez un service que vous gérez." if acteur.services else None
    if await repository_fiches.service(session, portee(acteur), parent_id) is None:
        return "Choisissez un service de votre collectivité."
    parents: Mapping[UUID, UUID | None] = await repository.parents(session, collectivite_id)
    au_dessus: UUID | None = parent_id
    vus: set[UUID] = set()
    while au_dessus is not None and au_dessus not in vus:
        if connu is not None and au_dessus == connu.id:
            return "Un service ne se rattache ni à lui-même ni à l’un de ceux qu’il contient."
        vus.add(au_dessus)
        au_dessus = parents.get(au_dessus)
    return None


def _propre(saisi: ServiceSaisi) -> dict[str, Any]:
    return {**saisi.model_dump(), "code": " ".join(saisi.code.split()), "nom": " ".join(saisi.nom.split())}


async def _lisible(session: AsyncSession, service: Service) -> dict[str, str]:
    chez = service.collectivite_id
    parent = await repository_fiches.nom_du_service(session, chez, service.parent_id) if service.parent_id else None
    responsable = await repository_fiches.nom_de_l_agent(session, chez, service.responsable_id) if service.responsable_id else None
    suppleant = await repository_fiches.nom_de_l_agent(session, chez, service.suppleant_id) if service.suppleant_id else None
    return {
        "code": service.code,
        "nom": service.nom,
        "parent": parent or "",
        "responsable": responsable or "",
        "suppleant": suppleant or "",
    }


def _differences(avant: Mapping[str, str], apres: Mapping[str, str]) -> list[dict[str, str]]:
    return [
        {"champ": libelle, "avant": avant.get(champ, ""), "apres": apres.get(champ, "")}
        for champ, libelle in CHAMPS.items()
        if avant.get(champ, "") != apres.get(champ, "")
    ]
