"""Mandates between collectivités: found, proposed, decided upon, read."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from services.contracts.acteur import Acteur
from services.identity.domain.mandats import EtatMandat, Objet
from services.identity.endpoints.base import Curseur, Qui, Recherche
from services.identity.models import Mandat
from services.identity.repository.mandats import LigneMandat
from services.identity.schemas.mandats import ActeCreate, CollectiviteTrouvee, FaitMandat, MandatCreate, MandatPublic
from services.identity.service import mandats
from services.kit.http import IdempotencyKey, Tx
from services.kit.idempotency import once
from services.kit.pagination import Page

router = APIRouter(prefix="/mandats")

REPONSES = {EtatMandat.REFUSE: "Refusé", EtatMandat.RETIRE: "Proposition retirée"}


@router.get("", summary="Mandats donnés et reçus")
async def lister(acteur: Qui, tx: Tx, q: Recherche = "", cursor: Curseur = None) -> Page[MandatPublic]:
    lignes, suivant = await mandats.lister(tx, acteur, q=q, cursor=cursor)
    return Page(elements=[_public(ligne, acteur) for ligne in lignes], suivant=suivant)


@router.post("", status_code=201, summary="Proposer un mandat à une autre collectivité")
async def proposer(corps: MandatCreate, acteur: Qui, tx: Tx, cle: IdempotencyKey) -> MandatPublic:
    async def action() -> MandatPublic:
        return _public(await mandats.proposer(tx, acteur, corps), acteur)

    return await once(tx, key=cle, scope=f"mandat:{acteur.compte_id}", request=corps, reply_model=MandatPublic, action=action)


@router.get("/collectivites", summary="Trouver la collectivité à qui proposer un mandat")
async def chercher(
    acteur: Qui, tx: Tx, q: Annotated[str, Query(max_length=200, description="Son SIRET, ou des mots de son nom.")] = ""
) -> list[CollectiviteTrouvee]:
    return [CollectiviteTrouvee.model_validate(trouvee) for trouvee in await mandats.chercher(tx, acteur, q)]


@router.get("/{mandat_id}", summary="Un mandat et ce qui lui est arrivé")
async def lire(mandat_id: UUID, acteur: Qui, tx: Tx) -> MandatPublic:
    return _public(await mandats.lire(tx, acteur, mandat_id), acteur)


@router.post("/{mandat_id}/decision", summary="Accepter, refuser, retirer ou révoquer un mandat")
async def decider(mandat_id: UUID, corps: ActeCreate, acteur: Qui, tx: Tx) -> MandatPublic:
    return _public(await mandats.agir(tx, acteur, mandat_id, corps), acteur)


def _public(ligne: LigneMandat, acteur: Acteur) -> MandatPublic:
    mandat, cote = ligne.mandat, mandats.cote_de(ligne, acteur)
    return MandatPublic(
        id=mandat.id,
        mandant=CollectiviteTrouvee.model_validate(ligne.mandant),
        mandataire=CollectiviteTrouvee.model_validate(ligne.mandataire),
        debut=mandat.debut,
        fin=mandat.fin,
        portee=[Objet(objet) for objet in mandat.portee],
        etat=mandats.etat_du_jour(mandat),
        cote=cote,
        actes=list(mandats.actes(mandat, cote)) if cote and mandats.peut_decider(acteur) else [],
        faits=_faits(mandat),
    )


def _faits(mandat: Mandat) -> list[FaitMandat]:
    faits = [FaitMandat(libelle="Proposé", par=mandat.propose_par, le=mandat.propose_le)]
    if mandat.repondu_par and mandat.repondu_le:
        libelle = REPONSES.get(EtatMandat(mandat.etat), "Accepté")
        faits.append(FaitMandat(libelle=libelle, par=mandat.repondu_par, le=mandat.repondu_le, motif=mandat.motif_reponse))
    if mandat.revoque_par and mandat.revoque_le:
        faits.append(FaitMandat(libelle="Révoqué", par=mandat.revoque_par, le=mandat.revoque_le, motif=mandat.motif_revocation))
    return faits
