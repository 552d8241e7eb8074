"""What gestionnaires are told of their access."""

from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.contracts.acteur import Acteur
from services.contracts.notifications import GabaritCompte
from services.identity.domain.gestionnaires import role_de_gestion
from services.identity.domain.roles import ROLES
from services.identity.models import Appartenance, Collectivite, Compte
from services.identity.repository.gestionnaires import services_nommes
from services.identity.service.courriels import ecrire


async def prevenir(
    session: AsyncSession, acteur: Acteur, gabarit: GabaritCompte, compte: Compte, appartenance: Appartenance, **faits: str
) -> None:
    """Tell him what he is now. Nothing to whoever has not activated his account yet: his invitation is enough."""
    if not compte.active:
        return
    role = role_de_gestion(appartenance.roles)
    propres = {
        "par": acteur.signature,
        "collectivite": await nom_de_la_collectivite(session, appartenance.collectivite_id),
        "identifiant": compte.identifiant,
        "role": ROLES[role].libelle if role else "",
        "services": ", ".join(await noms_des_services(session, appartenance)) or "tous",
    }
    await ecrire(session, gabarit, nom=compte.nom_complet, email=compte.email, page="/connexion", faits={**propres, **faits})


async def noms_des_services(session: AsyncSession, appartenance: Appartenance) -> list[str]:
    if appartenance.collectivite_id is None:
        return []
    return list((await services_nommes(session, appartenance.collectivite_id, appartenance.services)).values())


async def nom_de_la_collectivite(session: AsyncSession, collectivite_id: UUID | None) -> str:
    collectivite = await session.get(Collectivite, collectivite_id) if collectivite_id else None
    return collectivite.nom if collectivite else ""
