"""What becomes of a request at its transmission, where seats are given in order of arrival."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from services.contracts.catalogue import ModeAdmission
from services.contracts.inscriptions import Etat
from services.inscriptions.domain.etats import ADMISE_AU_FIL_DE_L_EAU, EN_ATTENTE_AU_FIL_DE_L_EAU
from services.inscriptions.domain.journal import Fait
from services.inscriptions.models import Inscription, Places, Session
from services.inscriptions.service.circuit import inconnue
from services.inscriptions.service.journal import consigner
from services.inscriptions.service.places import appliquer
from services.kit.problems import Conflict

AU_FIL_DE_L_EAU = "Admission au fil de l’eau"


async def admettre_au_fil_de_l_eau(session: AsyncSession, inscription: Inscription, *, le: datetime) -> None:
    """Give a seat to the request just transmitted, else a rank in the waiting list; a problem when the session has none.

    Nothing is done where the conseiller chooses. The transmission holds the ledger: nobody moves it meanwhile.
    """
    demandee = await session.get(Session, inscription.session_id)
    places = await session.get(Places, inscription.session_id)
    if demandee is None or places is None:
        raise inconnue()
    if demandee.mode_admission != ModeAdmission.AU_FIL_DE_L_EAU:
        return
    # Whoever waits already comes first: a seat just freed is his.
    if places.admises < places.capacite and not places.en_attente:
        passage, fait = ADMISE_AU_FIL_DE_L_EAU, Fait.ACCEPTATION
        motif = f"Place {places.admises + 1} sur {places.effectif_attendu}"
    elif demandee.liste_attente:
        passage, fait = EN_ATTENTE_AU_FIL_DE_L_EAU, Fait.LISTE_ATTENTE
        motif = f"Rang {places.en_attente + 1}"
    else:
        raise Conflict(
            "session-complete",
            "Il ne reste aucune place à cette session, qui n’a pas de liste d’attente.",
            detail="La demande n’est pas transmise. Choisissez une autre session du même stage, ou attendez qu’une place se libère.",
        )
    await appliquer(session, inscription, passage, cause=fait, le=le)
    await consigner(session, inscription, fait, le=le, par=AU_FIL_DE_L_EAU, de=Etat.TRANSMISE, vers=passage.vers, motif=motif)
