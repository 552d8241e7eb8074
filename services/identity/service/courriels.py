"""Mails about accounts: identity says who is to be written to and why; notifications comes for the text when it leaves."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlmodel.ext.asyncio.session import AsyncSession

from services.contracts.identity import Courriel as Contenu
from services.contracts.identity import CourrielDemande, LireCourriel
from services.contracts.notifications import GabaritCompte
from services.identity.domain.ouverture import mot_de_passe_provisoire
from services.identity.models import Courriel, Lien, Ouverture
from services.kit.clock import now
from services.kit.outbox import publish, publish_many
from services.kit.problems import NotFound
from services.kit.signed_id import sign


async def lire(session: AsyncSession, demande: LireCourriel, *, public_url: str, cles: Sequence[str]) -> Contenu:
    """What the mail says, its secrets included: they are made now, and kept nowhere."""
    courriel = await session.get(Courriel, demande.courriel_id)
    if courriel is None:
        raise NotFound("Ce message n’existe pas.")
    jeton = await _jeton(session, courriel.lien_id, cles) if courriel.lien_id else ""
    faits: dict[str, str] = dict(courriel.faits)
    if courriel.gabarit == GabaritCompte.OUVERTURE_MOT_DE_PASSE:
        faits["mot_de_passe"] = await _mot_de_passe_provisoire(session, UUID(faits["ouverture"]), int(faits["envoi"]), cles)
    return Contenu(gabarit=GabaritCompte(courriel.gabarit), nom=courriel.nom, lien=f"{public_url}{courriel.page}{jeton}", faits=faits)


async def _jeton(session: AsyncSession, lien_id: UUID, cles: Sequence[str]) -> str:
    lien = await session.get(Lien, lien_id)
    if lien is None or lien.utilise_le or lien.annule_le or lien.expire_le <= now():
        raise NotFound("Ce lien ne sert plus.")
    return "/" + sign(lien.usage, lien.id, cles)


async def _mot_de_passe_provisoire(session: AsyncSession, ouverture_id: UUID, envoi: int, cles: Sequence[str]) -> str:
    ouverture = await session.get(Ouverture, ouverture_id)
    if ouverture is None or ouverture.envois != envoi:
        raise NotFound("Ce mot de passe a été remplacé.")
    return mot_de_passe_provisoire(ouverture.id, ouverture.envois, cles[0])


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


@dataclass(frozen=True)
class Lettre:
    nom: str
    email: str
    faits: dict[str, str]


async def ecrire_a_tous(session: AsyncSession, gabarit: GabaritCompte, lettres: Sequence[Lettre], *, page: str) -> None:
    """Ask for the same mail to many, in a few statements whatever their number."""
    maintenant = now()
    courriels = [
        Courriel(id=uuid4(), gabarit=gabarit, nom=lettre.nom, email=lettre.email, page=page, faits=lettre.faits, cree_le=maintenant)
        for lettre in lettres
    ]
    session.add_all(courriels)
    await session.flush()
    await publish_many(
        session,
        [CourrielDemande(survenu_le=maintenant, courriel_id=c.id, gabarit=gabarit, nom=c.nom, email=c.email) for c in courriels],
    )
