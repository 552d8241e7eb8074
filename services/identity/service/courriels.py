"""Mails about accounts: identity says who is to be written to and why; notifications comes for the text when it leaves."""

from uuid import uuid4

from sqlmodel.ext.asyncio.session import AsyncSession

from services.contracts.identity import CourrielDemande
from services.contracts.notifications import GabaritCompte
from services.identity.models import Courriel, Lien
from services.kit.clock import now
from services.kit.outbox import publish


async def ecrire(
    session: AsyncSession,
    gabarit: GabaritCompte,
    *,
    nom: str,
    email: str,
    lien: Lien | None = None,
    page: str = "",
    faits: dict[str, str] | None = None,
) -> None:
    """Ask for a mail, if the caller's transaction commits. `page` is the web page of its button; the token of `lien` ends it."""
    courriel = Courriel(
        id=uuid4(),
        gabarit=gabarit,
        nom=nom,
        email=email,
        lien_id=lien.id if lien else None,
        page=page,
        faits=faits or {},
        cree_le=now(),
    )
    session.add(courriel)
    await session.flush()
    await publish(session, CourrielDemande(survenu_le=now(), courriel_id=courriel.id, gabarit=gabarit, nom=nom, email=email))
