"""The opening of a collectivité's account: the délégation's side, then the collectivité's, which has no account yet."""

import base64
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Response

from services.contracts.documents import DocumentLu
from services.contracts.ouvertures import EtapeOuverture
from services.identity.domain import ouverture as regles
from services.identity.endpoints.base import Curseur, Qui, Reglages
from services.identity.models import Ouverture
from services.identity.schemas.ouvertures import (
    AccesCreate,
    AccesPublic,
    DecisionCreate,
    DossierCreate,
    DossierPublic,
    FaitPublic,
    OuvertureCreate,
    OuverturePublic,
    OuvertureResume,
)
from services.identity.service import dossiers, lettres, ouvertures
from services.kit.http import Ctx, IdempotencyKey, Tx
from services.kit.idempotency import once
from services.kit.pagination import Page
from services.kit.problems import Problem

router = APIRouter(prefix="/ouvertures")

PDF: dict[int | str, dict[str, Any]] = {200: {"content": {"application/pdf": {}}, "description": "La lettre, d’une page"}}

# In a header, not in the address: addresses are kept in logs.
Acces = Annotated[str, Header(alias="X-Acces-Ouverture", max_length=200)]


@router.post("", status_code=201, summary="Remettre ses codes à une collectivité")
async def remettre(corps: OuvertureCreate, acteur: Qui, tx: Tx, cle: IdempotencyKey) -> OuverturePublic:
    async def action() -> OuverturePublic:
        ouverture = await ouvertures.remettre_les_codes(tx, acteur, corps)
        return await _publique(tx, acteur, ouverture.id)

    return await once(tx, key=cle, scope=f"ouverture:{acteur.compte_id}", request=corps, reply_model=OuverturePublic, action=action)


@router.get("", summary="Ouvertures de son ressort")
async def lister(acteur: Qui, tx: Tx, etape: EtapeOuverture | None = None, cursor: Curseur = None) -> Page[OuvertureResume]:
    lignes, suivant = await ouvertures.lister(tx, acteur, etape=etape, cursor=cursor)
    return Page(elements=[OuvertureResume.model_validate(ligne) for ligne in lignes], suivant=suivant)


@router.get("/{ouverture_id}", summary="Une ouverture et ce qui lui est arrivé")
async def lire(ouverture_id: UUID, acteur: Qui, tx: Tx) -> OuverturePublic:
    return await _publique(tx, acteur, ouverture_id)


@router.get("/{ouverture_id}/lettre", summary="La lettre qui porte le code", response_class=Response, responses=PDF)
async def lettre(ouverture_id: UUID, acteur: Qui, context: Ctx) -> Response:
    async with context.database.transaction() as session:
        demande = await lettres.demander(session, acteur, ouverture_id)
    # No transaction is held while the letter is made.
    lu: DocumentLu = await context.bus.request(demande, timeout=10)
    # It carries a secret: neither browsers nor what stands between keep it.
    entetes = {"Content-Disposition": f'inline; filename="{lu.nom_fichier}"', "Cache-Control": "no-store"}
    return Response(base64.b64decode(lu.contenu_base64), media_type=lu.type_mime, headers=entetes)


@router.post("/{ouverture_id}/mot-de-passe", summary="Envoyer un nouveau mot de passe provisoire")
async def renvoyer(ouverture_id: UUID, acteur: Qui, tx: Tx) -> OuverturePublic:
    await ouvertures.renvoyer_le_mot_de_passe(tx, acteur, ouverture_id)
    return await _publique(tx, acteur, ouverture_id)


@router.post("/{ouverture_id}/decision", summary="Valider une collectivité, ou lui rendre son dossier")
async def decider(ouverture_id: UUID, corps: DecisionCreate, acteur: Qui, context: Ctx) -> OuverturePublic:
    async with context.database.transaction() as session:
        soumission = await ouvertures.proposer_une_decision(session, acteur, ouverture_id, corps)
    # No transaction is held while the workflow decides.
    await ouvertures.decider(context, soumission)
    async with context.database.transaction() as session:
        return await _publique(session, acteur, ouverture_id)


# A refusal writes too (a failure counted), and must be committed.
@router.post("/acces", summary="Ouvrir son dossier avec le code et le mot de passe provisoire")
async def ouvrir_l_acces(corps: AccesCreate, context: Ctx, reglages: Reglages) -> AccesPublic:
    async with context.database.transaction() as session:
        issue = await dossiers.ouvrir_l_acces(session, code=corps.code, mot_de_passe_donne=corps.mot_de_passe, cles=reglages.cles_des_liens)
    if isinstance(issue, Problem):
        raise issue
    jeton, expire_le = issue
    return AccesPublic(jeton=jeton, expire_le=expire_le)


@router.get("/acces/dossier", summary="Le dossier de sa collectivité")
async def lire_le_dossier(acces: Acces, tx: Tx) -> DossierPublic:
    return await _dossier(tx, acces)


@router.post("/acces/dossier", summary="Déposer le dossier de sa collectivité")
async def deposer_le_dossier(corps: DossierCreate, acces: Acces, tx: Tx) -> DossierPublic:
    await dossiers.deposer(tx, acces, corps)
    return await _dossier(tx, acces)


async def _publique(tx: Tx, acteur: Qui, ouverture_id: UUID) -> OuverturePublic:
    ouverture, faits = await ouvertures.lire(tx, acteur, ouverture_id)
    return OuverturePublic.model_validate({**ouverture.model_dump(), "faits": [FaitPublic.model_validate(fait) for fait in faits]})


async def _dossier(tx: Tx, acces: str) -> DossierPublic:
    ouverture, faits, delegation_nom = await dossiers.lire(tx, acces)
    return DossierPublic.model_validate(
        {
            **ouverture.model_dump(),
            "delegation_nom": delegation_nom,
            "conditions_en_vigueur": regles.CONDITIONS,
            "modifiable": _modifiable(ouverture),
            "faits": [FaitPublic.model_validate(fait) for fait in faits],
        }
    )


def _modifiable(ouverture: Ouverture) -> bool:
    return ouverture.etape in regles.EN_ATTENTE_DE_LA_COLLECTIVITE
