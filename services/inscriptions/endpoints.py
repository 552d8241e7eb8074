"""HTTP of the service: parse, authorise, call the use case, answer."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Query, Response

from services.contracts.acteur import Acteur
from services.contracts.circuits import Soumettre
from services.contracts.inscriptions import Etat
from services.inscriptions.schemas import (
    AvisCreate,
    CircuitPublic,
    CircuitUpdate,
    DemandeAvisPublic,
    InscriptionCreate,
    InscriptionDetail,
    InscriptionPublic,
    InstructionCreate,
    RetraitCreate,
    ValidationCreate,
)
from services.inscriptions.service import circuits, decisions, depot, lecture
from services.inscriptions.settings import Settings
from services.kit.auth import bearer
from services.kit.context import Context
from services.kit.http import Ctx, IdempotencyKey, Tx
from services.kit.idempotency import once
from services.kit.pagination import Page
from services.kit.problems import Problem

router = APIRouter(prefix="/api/inscriptions/v1", tags=["inscriptions"])

Qui = Annotated[Acteur, Depends(bearer(Acteur))]


def _settings(context: Ctx) -> Settings:
    return context.settings_as(Settings)


Reglages = Annotated[Settings, Depends(_settings)]


@router.post("/inscriptions", status_code=201)
async def deposer(corps: InscriptionCreate, acteur: Qui, tx: Tx, cle: IdempotencyKey) -> InscriptionDetail:
    """File a préinscription. Answers as soon as it is kept: its circuit starts by itself."""

    async def action() -> InscriptionDetail:
        inscription = await depot.deposer(tx, acteur, corps)
        return await lecture.lire(tx, acteur, inscription.id)

    return await once(tx, key=cle, scope=f"depot:{acteur.compte_id}", request=corps, reply_model=InscriptionDetail, action=action)


@router.get("/inscriptions")
async def lister(
    acteur: Qui,
    tx: Tx,
    etat: Etat | None = None,
    a_traiter: Annotated[bool, Query(description="Seulement ce qui attend une décision de moi")] = False,
    cursor: str | None = None,
) -> Page[InscriptionPublic]:
    return await lecture.lister(tx, acteur, etat=etat, en_attente_de_lui=a_traiter, cursor=cursor)


@router.get("/inscriptions/{inscription_id}")
async def lire(inscription_id: UUID, acteur: Qui, tx: Tx) -> InscriptionDetail:
    return await lecture.lire(tx, acteur, inscription_id)


@router.post("/inscriptions/{inscription_id}/validation")
async def valider(inscription_id: UUID, corps: ValidationCreate, acteur: Qui, context: Ctx, cle: IdempotencyKey) -> InscriptionDetail:
    async with context.database.transaction() as session:
        soumission = await decisions.proposer_validation(session, acteur, inscription_id, corps, cle)
    return await _decider(context, acteur, soumission)


@router.post("/inscriptions/{inscription_id}/instruction")
async def instruire(inscription_id: UUID, corps: InstructionCreate, acteur: Qui, context: Ctx, cle: IdempotencyKey) -> InscriptionDetail:
    async with context.database.transaction() as session:
        soumission = await decisions.proposer_instruction(session, acteur, inscription_id, corps, cle)
    return await _decider(context, acteur, soumission)


@router.post("/inscriptions/{inscription_id}/retrait")
async def retirer(inscription_id: UUID, corps: RetraitCreate, acteur: Qui, context: Ctx, cle: IdempotencyKey) -> InscriptionDetail:
    async with context.database.transaction() as session:
        soumission = await decisions.proposer_retrait(session, acteur, inscription_id, corps, cle)
    return await _decider(context, acteur, soumission)


async def _decider(context: Context, acteur: Acteur, soumission: Soumettre) -> InscriptionDetail:
    """No transaction is held while the circuit decides."""
    await decisions.soumettre(context, soumission)
    async with context.database.transaction() as session:
        return await lecture.lire(session, acteur, soumission.inscription_id)


@router.get("/avis/{jeton}")
async def lire_avis(jeton: str, tx: Tx, reglages: Reglages) -> DemandeAvisPublic:
    """What is asked of the holder of the link. Reading changes nothing: mail scanners open links."""
    return await lecture.lire_demande(tx, await lecture.demande_du_lien(tx, jeton, reglages.cles_avis))


@router.post("/avis/{jeton}")
async def donner_avis(jeton: str, corps: AvisCreate, context: Ctx, reglages: Reglages) -> DemandeAvisPublic:
    async with context.database.transaction() as session:
        demande = await lecture.demande_du_lien(session, jeton, reglages.cles_avis)
        soumission = await decisions.proposer_avis(session, demande, corps)
    await decisions.soumettre(context, soumission)
    async with context.database.transaction() as session:
        return await lecture.lire_demande(session, await lecture.demande_du_lien(session, jeton, reglages.cles_avis))


@router.get("/circuit")
async def lire_circuit(acteur: Qui, tx: Tx, response: Response) -> CircuitPublic:
    circuit = await circuits.lire(tx, acteur)
    response.headers["ETag"] = f'"{circuit.version}"'
    return circuit


@router.get("/circuit/versions")
async def lire_les_versions(acteur: Qui, tx: Tx) -> list[CircuitPublic]:
    return await circuits.versions(tx, acteur)


@router.put("/circuit")
async def changer_circuit(
    corps: CircuitUpdate,
    acteur: Qui,
    tx: Tx,
    reglages: Reglages,
    response: Response,
    if_match: Annotated[str | None, Header()] = None,
) -> CircuitPublic:
    """Change the circuit for the requests to come; `If-Match` carries the `ETag` that was read."""
    circuit = await circuits.changer(tx, acteur, corps, depuis=_version(if_match), delais_courts=reglages.delais_courts)
    response.headers["ETag"] = f'"{circuit.version}"'
    return circuit


def _version(if_match: str | None) -> int:
    etiquette = (if_match or "").strip('"')
    if not etiquette.isdigit():
        raise Problem(
            "if-match-absent",
            "L’en-tête If-Match est obligatoire pour changer le circuit.",
            status=428,
            detail="Renvoyez l’en-tête ETag reçu à la lecture.",
        )
    return int(etiquette)
