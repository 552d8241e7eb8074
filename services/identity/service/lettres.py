"""The letter that carries the code of a collectivité: identity knows what it says, documents makes it."""

from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.contracts.acteur import Acteur
from services.contracts.documents import ComposerLettre
from services.contracts.ouvertures import EtapeOuverture
from services.identity.domain import ouverture as regles
from services.identity.models import Ouverture
from services.identity.repository import ouvertures as repository
from services.identity.service import ouvertures
from services.kit.clock import now
from services.kit.problems import Conflict


async def demander(session: AsyncSession, acteur: Acteur, ouverture_id: UUID) -> ComposerLettre:
    """What documents is to be asked. Refused (409) once the code opens nothing any more: a letter would mislead."""
    ouverture, _ = await ouvertures.lire(session, acteur, ouverture_id)
    maintenant = now()
    if ouverture.etape == EtapeOuverture.ABANDONNEE:
        raise Conflict("codes-expires", "Ces codes ont expiré.", detail="Remettez-en de nouveaux à la collectivité.")
    if ouverture.etape not in regles.EN_ATTENTE_DE_LA_COLLECTIVITE:
        raise Conflict(
            "codes-utilises", "Ces codes ont déjà servi.", detail="Le dossier est déposé\N{NO-BREAK SPACE}: la lettre n’a plus d’objet."
        )
    if ouverture.codes_expirent_le <= maintenant:
        raise Conflict(
            "codes-expires", "Ces codes ont expiré.", detail="Envoyez un nouveau mot de passe\N{NO-BREAK SPACE}: ils serviront de nouveau."
        )
    structure = await repository.structure(session, ouverture.delegation)
    return ComposerLettre(
        delegation=structure.nom,
        delegation_ville=structure.ville,
        delegation_email=structure.email,
        collectivite=ouverture.nom,
        siret=ouverture.siret,
        adresse=_adresse(ouverture),
        email=ouverture.email,
        code=ouverture.code,
        expire_le=ouverture.codes_expirent_le,
        ecrite_le=maintenant,
    )


def _adresse(ouverture: Ouverture) -> tuple[str, ...]:
    """Where the délégation knows the collectivité to be, else where its form says it is."""
    dite = ouverture.model_dump(include={"adresse", "code_postal", "ville"})
    connue = dite if dite["ville"] else {champ: str(ouverture.dossier.get(champ, "")) for champ in dite}
    return tuple(ligne for ligne in (connue["adresse"], f"{connue['code_postal']} {connue['ville']}".strip()) if ligne)
