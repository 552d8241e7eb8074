"""The settings of a collectivité, topic by topic, with their history and the first steps."""

from collections.abc import Sequence

from fastapi import APIRouter, Response

from services.identity.domain.copies import proposables
from services.identity.domain.demarrage import Etape
from services.identity.domain.historique import Sujet, details, phrase
from services.identity.endpoints.base import Curseur, Qui
from services.identity.models import Collectivite, Copie, Reglage
from services.identity.schemas.parametres import (
    CopieSaisie,
    CopiesPubliques,
    CopiesSaisies,
    DemarragePublic,
    DetailPublic,
    EtapeConclue,
    EtapePublique,
    IdentitePublique,
    IdentiteSaisie,
    PreinscriptionPublique,
    PreinscriptionSaisie,
    ReglagePublic,
    TransfertsPublics,
    TransfertsSaisis,
)
from services.identity.service import demarrage, historique, parametres
from services.kit.etag import IfMatch
from services.kit.http import Tx
from services.kit.pagination import Page

router = APIRouter(prefix="/collectivite")


@router.get("/identite", summary="L’identité de sa collectivité")
async def lire_l_identite(acteur: Qui, tx: Tx, response: Response) -> IdentitePublique:
    return _identite(await parametres.lire(tx, acteur), response)


@router.put("/identite", summary="Changer l’identité de sa collectivité")
async def changer_l_identite(corps: IdentiteSaisie, acteur: Qui, tx: Tx, lue: IfMatch, response: Response) -> IdentitePublique:
    return _identite(await parametres.changer_l_identite(tx, acteur, corps, lue=lue), response)


@router.get("/preinscription", summary="Si les agents se préinscrivent eux-mêmes")
async def lire_la_preinscription(acteur: Qui, tx: Tx, response: Response) -> PreinscriptionPublique:
    return _preinscription(await parametres.lire(tx, acteur), response)


@router.put("/preinscription", summary="Permettre ou non aux agents de se préinscrire")
async def changer_la_preinscription(
    corps: PreinscriptionSaisie, acteur: Qui, tx: Tx, lue: IfMatch, response: Response
) -> PreinscriptionPublique:
    change = await parametres.changer_la_preinscription(tx, acteur, permise=corps.preinscription_agents, lue=lue)
    return _preinscription(change, response)


@router.get("/copies", summary="Les adresses qui reçoivent copie de certains messages")
async def lire_les_copies(acteur: Qui, tx: Tx, response: Response) -> CopiesPubliques:
    return _copies(await parametres.copies(tx, acteur), response)


@router.put("/copies", summary="Changer les adresses qui reçoivent des copies")
async def changer_les_copies(corps: CopiesSaisies, acteur: Qui, tx: Tx, lue: IfMatch, response: Response) -> CopiesPubliques:
    return _copies(await parametres.changer_les_copies(tx, acteur, corps, lue=lue), response)


@router.get("/transferts", summary="Ce que le supérieur de chaque agent reçoit d’office")
async def lire_les_transferts(acteur: Qui, tx: Tx, response: Response) -> TransfertsPublics:
    return _transferts(await parametres.lire(tx, acteur), response)


@router.put("/transferts", summary="Changer ce que le supérieur de chaque agent reçoit d’office")
async def changer_les_transferts(corps: TransfertsSaisis, acteur: Qui, tx: Tx, lue: IfMatch, response: Response) -> TransfertsPublics:
    return _transferts(await parametres.changer_les_transferts(tx, acteur, corps.gabarits, lue=lue), response)


@router.get("/historique", summary="Ce qui a changé dans les réglages de sa collectivité, le plus récent d’abord")
async def lire_l_historique(acteur: Qui, tx: Tx, cursor: Curseur = None) -> Page[ReglagePublic]:
    lus, suivant = await historique.lire(tx, acteur, cursor=cursor)
    return Page(elements=[_reglage(lu) for lu in lus], suivant=suivant)


@router.get("/demarrage", summary="Les premiers pas d’une collectivité qui vient d’ouvrir")
async def lire_le_demarrage(acteur: Qui, tx: Tx) -> DemarragePublic:
    return _demarrage(await demarrage.lire(tx, acteur))


@router.put("/demarrage/{etape}", summary="Dire qu’une étape est faite, ou passée")
async def conclure(etape: Etape, corps: EtapeConclue, acteur: Qui, tx: Tx) -> DemarragePublic:
    return _demarrage(await demarrage.conclure(tx, acteur, etape, corps.etat))


def _identite(collectivite: Collectivite, response: Response) -> IdentitePublique:
    etiquette = response.headers["ETag"] = parametres.etiquette_de_l_identite(collectivite)
    return IdentitePublique.model_validate({**collectivite.model_dump(), "etiquette": etiquette})


def _preinscription(collectivite: Collectivite, response: Response) -> PreinscriptionPublique:
    etiquette = response.headers["ETag"] = parametres.etiquette_de_la_preinscription(collectivite)
    return PreinscriptionPublique(preinscription_agents=collectivite.preinscription_agents, etiquette=etiquette)


def _copies(copies: Sequence[Copie], response: Response) -> CopiesPubliques:
    etiquette = response.headers["ETag"] = parametres.etiquette_des_copies(copies)
    lues = [CopieSaisie.model_validate(copie.model_dump()) for copie in copies]
    return CopiesPubliques(copies=lues, messages=proposables(), etiquette=etiquette)


def _transferts(collectivite: Collectivite, response: Response) -> TransfertsPublics:
    etiquette = response.headers["ETag"] = parametres.etiquette_des_transferts(collectivite)
    return TransfertsPublics.model_validate({"gabarits": collectivite.transferts, "messages": proposables(), "etiquette": etiquette})


def _reglage(lu: Reglage) -> ReglagePublic:
    sujet = Sujet(lu.sujet)
    return ReglagePublic(
        id=lu.id,
        survenu_le=lu.survenu_le,
        par=lu.par,
        sujet=sujet,
        phrase=phrase(sujet, lu.avant, lu.apres),
        details=[DetailPublic.model_validate(detail) for detail in details(sujet, lu.avant, lu.apres)],
    )


def _demarrage(etapes: list[demarrage.Avancement]) -> DemarragePublic:
    return DemarragePublic(etapes=[EtapePublique(etape=a.etape, etat=a.etat, par=a.par, le=a.le) for a in etapes])
