"""The seat ledger as people read it: how each figure of a session came about, movement by movement."""

from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.contracts.acteur import Acteur
from services.inscriptions import libelles
from services.inscriptions.domain.places import Chiffres
from services.inscriptions.models import MouvementPlaces
from services.inscriptions.repository import places as registre
from services.inscriptions.schemas import ChiffresPublic, MouvementPublic
from services.kit.pagination import Page, decode_cursor, encode_cursor, no_such_page
from services.kit.problems import NotFound

PAR_PAGE = 50
RANG_MAXIMAL = 2**31 - 1


async def lire(session: AsyncSession, acteur: Acteur, session_id: UUID, *, cursor: str | None) -> Page[MouvementPublic]:
    """The movements of a session, the newest first, each with the figures it led to."""
    if await registre.session_visible(session, acteur, session_id) is None:
        raise NotFound("Cette session n’existe pas, ou elle ne vous est pas proposée.", slug="session-introuvable")
    lignes = await registre.mouvements(session, acteur, session_id, avant=_rang(cursor), combien=PAR_PAGE + 1)
    page = lignes[:PAR_PAGE]
    chiffres = await registre.chiffres_a(session, session_id, page[0].mouvement.rang if page else 0)
    elements = []
    for ligne in page:
        elements.append(_public(ligne, chiffres))
        chiffres = chiffres.avant(_deltas(ligne.mouvement))
    return Page(elements=elements, suivant=encode_cursor(str(page[-1].mouvement.rang)) if len(lignes) > PAR_PAGE else None)


def _public(ligne: registre.LigneMouvement, apres: Chiffres) -> MouvementPublic:
    mouvement = ligne.mouvement
    return MouvementPublic(
        rang=mouvement.rang,
        le=mouvement.le,
        libelle=libelles.cause(mouvement.cause),
        inscription_id=mouvement.inscription_id if ligne.numero else None,
        numero=ligne.numero,
        qui=_qui(ligne),
        mouvement=_chiffres(_deltas(mouvement)),
        apres=_chiffres(apres),
    )


def _qui(ligne: registre.LigneMouvement) -> str:
    if ligne.mouvement.inscription_id is None:
        return ""
    return f"{ligne.agent}, {ligne.collectivite}" if ligne.numero else "Une demande que vous ne suivez pas"


def _deltas(mouvement: MouvementPlaces) -> Chiffres:
    return Chiffres(mouvement.effectif_attendu, mouvement.capacite, mouvement.recues, mouvement.admises, mouvement.en_attente)


def _chiffres(chiffres: Chiffres) -> ChiffresPublic:
    return ChiffresPublic(**chiffres._asdict(), disponibles=chiffres.disponibles)


def _rang(cursor: str | None) -> int | None:
    if not cursor:
        return None
    (rang,) = decode_cursor(cursor, 1)
    if not rang.isdecimal() or int(rang) > RANG_MAXIMAL:
        raise no_such_page()
    return int(rang)
