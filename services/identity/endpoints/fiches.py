"""Keep the records of agents: created, corrected, left and come back; their history; what is kept apart."""

from uuid import UUID

from fastapi import APIRouter, Response

from services.identity.domain.fiches import en_clair
from services.identity.endpoints.base import Curseur, Qui
from services.identity.endpoints.lecture import agent_public
from services.identity.models import Changement
from services.identity.schemas.fiches import AgentSaisi, ChangementPublic, DepartSaisi
from services.identity.schemas.lecture import AgentPublic
from services.identity.schemas.personnes import AmenagementEcrit
from services.identity.service import departs, fiches, histoire, lecture, personnes
from services.kit.etag import IfMatch
from services.kit.http import IdempotencyKey, Tx
from services.kit.idempotency import once
from services.kit.pagination import Page

router = APIRouter()


@router.post("/agents", status_code=201, summary="Enregistrer un agent")
async def creer(corps: AgentSaisi, acteur: Qui, tx: Tx, cle: IdempotencyKey) -> AgentPublic:
    """409 `agent-ressemblant` when somebody looks the same: complete his record, or send again with `confirme`."""

    async def action() -> AgentPublic:
        nouveau = await fiches.creer(tx, acteur, corps)
        return agent_public(await lecture.agent(tx, acteur, nouveau.id))

    return await once(tx, key=cle, scope=f"agent:{acteur.compte_id}", request=corps, reply_model=AgentPublic, action=action)


@router.put("/agents/{identifiant}", summary="Modifier la fiche d’un agent")
async def modifier(identifiant: UUID, corps: AgentSaisi, acteur: Qui, tx: Tx, lue: IfMatch, response: Response) -> AgentPublic:
    """The whole record: a field left out becomes unknown."""
    agent = await fiches.modifier(tx, acteur, identifiant, corps, lue=lue)
    await tx.refresh(agent)
    ecrite = agent_public(await lecture.agent(tx, acteur, agent.id))
    response.headers["ETag"] = ecrite.etiquette
    return ecrite


@router.post("/agents/{identifiant}/depart", summary="Annoncer le départ d’un agent")
async def partir(identifiant: UUID, corps: DepartSaisi, acteur: Qui, tx: Tx) -> AgentPublic:
    agent = await departs.annoncer(tx, acteur, identifiant, corps)
    return agent_public(await lecture.agent(tx, acteur, agent.id))


@router.post("/agents/{identifiant}/retour", summary="Annuler un départ, ou dire qu’un agent revient")
async def revenir(identifiant: UUID, acteur: Qui, tx: Tx) -> AgentPublic:
    agent = await departs.annuler(tx, acteur, identifiant)
    return agent_public(await lecture.agent(tx, acteur, agent.id))


@router.post("/agents/{identifiant}/acces", status_code=204, summary="Ouvrir à un agent l’accès à la plateforme")
async def ouvrir_l_acces(identifiant: UUID, acteur: Qui, tx: Tx) -> None:
    """Sends him the link by which he chooses his password; again if he has not used it."""
    await departs.ouvrir_l_acces(tx, acteur, identifiant)


@router.get("/agents/{identifiant}/changements", summary="Ce qui a changé dans une fiche, le plus récent d’abord")
async def changements(identifiant: UUID, acteur: Qui, tx: Tx, cursor: Curseur = None) -> Page[ChangementPublic]:
    lus, suivant = await histoire.de_l_agent(tx, acteur, identifiant, cursor=cursor)
    return Page(elements=[changement_public(lu) for lu in lus], suivant=suivant)


@router.get("/agents/{identifiant}/amenagement", summary="Ce dont un agent a besoin pour suivre une formation")
async def lire_l_amenagement(identifiant: UUID, acteur: Qui, tx: Tx) -> AmenagementEcrit:
    """Reading is noted, and the agent sees it."""
    return AmenagementEcrit(besoin=await personnes.lire_l_amenagement(tx, acteur, identifiant))


@router.put("/agents/{identifiant}/amenagement", summary="Noter ce dont un agent a besoin")
async def ecrire_l_amenagement(identifiant: UUID, corps: AmenagementEcrit, acteur: Qui, tx: Tx) -> AmenagementEcrit:
    return AmenagementEcrit(besoin=await personnes.ecrire_l_amenagement(tx, acteur, identifiant, corps.besoin))


def changement_public(changement: Changement) -> ChangementPublic:
    return ChangementPublic(
        survenu_le=changement.survenu_le,
        par=changement.par,
        action=changement.action,
        motif=changement.motif,
        details=[en_clair(detail) for detail in changement.details],
    )
