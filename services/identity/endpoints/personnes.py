"""What a person reads of himself, takes away, asks to correct; and who answers."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from services.identity.domain.fiches import CHAMPS, en_clair
from services.identity.domain.imports.colonnes import PAR_CHAMP
from services.identity.endpoints.base import Qui
from services.identity.endpoints.fiches import changement_public
from services.identity.models import Agent, Correction
from services.identity.repository.personnes import Emploi
from services.identity.schemas.personnes import (
    ChampLu,
    CorrectionATraiter,
    CorrectionDemandee,
    CorrectionPublique,
    DossierPublic,
    EmploiPublic,
    LecturePublique,
    ReponseCorrection,
)
from services.identity.service import personnes
from services.kit.clock import day_of, now
from services.kit.http import IdempotencyKey, Tx
from services.kit.idempotency import once

router = APIRouter()


@router.get("/moi/dossier", summary="Tout ce que la plateforme sait de moi comme agent")
async def dossier(acteur: Qui, tx: Tx) -> DossierPublic:
    return _dossier(await personnes.dossier(tx, acteur))


@router.get("/moi/dossier/export", summary="Emporter son dossier")
async def exporter(acteur: Qui, tx: Tx, response: Response) -> DossierPublic:
    """The same, as a file that other programs read."""
    response.headers["Content-Disposition"] = f'attachment; filename="mon-dossier-{day_of(now()).isoformat()}.json"'
    response.headers["Cache-Control"] = "no-store"
    return _dossier(await personnes.dossier(tx, acteur))


@router.post("/moi/dossier/emplois/{agent_id}", status_code=204, summary="Dire qu’une fiche d’une autre collectivité est la mienne")
async def reunir(agent_id: UUID, acteur: Qui, tx: Tx) -> None:
    await personnes.reunir(tx, acteur, agent_id)


@router.post("/moi/dossier/corrections", status_code=201, summary="Demander une correction de sa fiche")
async def demander(corps: CorrectionDemandee, acteur: Qui, tx: Tx, cle: IdempotencyKey) -> CorrectionPublique:
    async def action() -> CorrectionPublique:
        return CorrectionPublique.model_validate(_correction(await personnes.demander_une_correction(tx, acteur, corps)))

    return await once(tx, key=cle, scope=f"correction:{acteur.compte_id}", request=corps, reply_model=CorrectionPublique, action=action)


@router.get("/corrections", summary="Les corrections que des agents demandent")
async def en_attente(acteur: Qui, tx: Tx) -> list[CorrectionATraiter]:
    return [
        CorrectionATraiter.model_validate({**_correction(correction), "agent": f"{agent.prenom} {agent.nom}"})
        for correction, agent in await personnes.corrections_en_attente(tx, acteur)
    ]


@router.post("/corrections/{correction_id}", summary="Répondre à une demande de correction")
async def repondre(correction_id: UUID, corps: ReponseCorrection, acteur: Qui, tx: Tx) -> CorrectionPublique:
    return CorrectionPublique.model_validate(_correction(await personnes.repondre(tx, acteur, correction_id, corps)))


def _dossier(lu: personnes.Dossier) -> DossierPublic:
    return DossierPublic(
        agent_id=lu.agent.id,
        champs=_champs(lu.agent),
        emplois=[_emploi(emploi) for emploi in lu.emplois],
        autres=[_emploi(emploi) for emploi in lu.autres],
        besoin=lu.besoin,
        lectures=[LecturePublique.model_validate(lecture) for lecture in lu.lectures],
        corrections=[CorrectionPublique.model_validate(_correction(correction)) for correction in lu.corrections],
        changements=[changement_public(changement) for changement in lu.changements],
    )


def _champs(agent: Agent) -> list[ChampLu]:
    valeurs = agent.model_dump(mode="json")
    lus = (en_clair({"champ": champ, "avant": "", "apres": str(valeurs[champ] or "")}) | {"nom": champ} for champ in CHAMPS)
    return [ChampLu(champ=lu["nom"], libelle=lu["champ"], valeur=lu["apres"]) for lu in lus]


def _emploi(emploi: Emploi) -> EmploiPublic:
    agent, collectivite, service = emploi
    return EmploiPublic.model_validate({**agent.model_dump(), "agent_id": agent.id, "collectivite": collectivite.nom, "service": service})


def _correction(correction: Correction) -> dict[str, Any]:
    return {**correction.model_dump(), "libelle": PAR_CHAMP[correction.champ].libelle}
