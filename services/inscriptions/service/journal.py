"""Writing the journal: the only way a fact reaches the timeline."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from services.contracts.inscriptions import Etat
from services.inscriptions import repository
from services.inscriptions.domain.journal import ORIGINE, Canal, Entree, Fait
from services.inscriptions.models import EntreeJournal, Inscription

CIRCUIT = "Circuit de validation"


async def consigner(
    session: AsyncSession,
    inscription: Inscription,
    fait: Fait,
    *,
    le: datetime,
    par: str = CIRCUIT,
    pour: str = "",
    canal: Canal = Canal.CIRCUIT,
    de: Etat | None = None,
    vers: Etat | None = None,
    motif: str = "",
) -> None:
    """Add a line to the journal of a request that the caller holds locked."""
    derniere = await repository.derniere_entree(session, inscription.id)
    entree = Entree(
        rang=derniere.rang + 1 if derniere else 1, le=le, fait=fait, par=par, pour=pour, canal=canal, de=de, vers=vers, motif=motif
    )
    session.add(
        EntreeJournal(
            inscription_id=inscription.id,
            rang=entree.rang,
            le=entree.le,
            fait=entree.fait,
            par=entree.par,
            pour=entree.pour,
            canal=entree.canal,
            de=entree.de,
            vers=entree.vers,
            motif=entree.motif,
            empreinte=entree.empreinte(derniere.empreinte if derniere else ORIGINE),
        )
    )
    await session.flush()
