"""What becomes of a request at its transmission, where seats are given in order of arrival."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from services.contracts.catalogue import ModeAdmission
from services.contracts.inscriptions import Etat
from services.inscriptions.domain.admission import Accueil
from services.inscriptions.domain.etats import AU_FIL_DE_L_EAU
from services.inscriptions.domain.journal import Fait
from services.inscriptions.domain.places import Chiffres
from services.inscriptions.models import Inscription, Places, Session
from services.inscriptions.service.circuit import inconnue
from services.inscriptions.service.journal import consigner
from services.inscriptions.service.places import appliquer
from services.kit.problems import Conflict

ADMISSION = "Admission au fil de l’eau"
FAITS = {Etat.ACCEPTEE: Fait.ACCEPTATION, Etat.LISTE_ATTENTE: Fait.LISTE_ATTENTE}


def accueil(demandee: Session, places: Places) -> Accueil:
    """How this session takes requests, its ledger being what it is."""
    chiffres = Chiffres(places.effectif_attendu, places.capacite, places.recues, places.admises, places.en_attente)
    return Accueil(mode=ModeAdmission(demandee.mode_admission), liste_attente=demandee.liste_attente, chiffres=chiffres)


async def admettre_au_fil_de_l_eau(session: AsyncSession, inscription: Inscription, *, le: datetime) -> None:
    """Give a seat to the request just transmitted, else a rank in the waiting list; a problem when the session has none.

    Nothing is done where the conseiller chooses. The transmission holds the ledger: nobody moves it meanwhile.
    """
    demandee = await session.get(Session, inscription.session_id)
    places = await session.get(Places, inscription.session_id)
    if demandee is None or places is None:
        raise inconnue()
    (sort,) = accueil(demandee, places).repartir(1)
    if sort is None:
        raise Conflict(
            "session-complete",
            "Il ne reste aucune place à cette session, qui n’a pas de liste d’attente.",
            detail="La demande n’est pas transmise. Choisissez une autre session du même stage, ou attendez qu’une place se libère.",
        )
    if sort.etat is Etat.TRANSMISE:
        return
    fait = FAITS[sort.etat]
    await appliquer(session, inscription, AU_FIL_DE_L_EAU[sort.etat], cause=fait, le=le)
    await consigner(session, inscription, fait, le=le, par=ADMISSION, de=Etat.TRANSMISE, vers=sort.etat, motif=sort.motif)
