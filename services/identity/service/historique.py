"""The history of the settings of a collectivité: written by whoever changes one, read page by page."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.contracts.acteur import Acteur, Droit
from services.identity.domain.historique import Sujet, details, en_une_ligne
from services.identity.models import Reglage
from services.identity.repository import parametres as repository
from services.identity.service.lecture import TAILLE_DE_PAGE
from services.kit.clock import now
from services.kit.french import NNBSP, instant_long
from services.kit.pagination import decode_moment, encode_moment
from services.kit.problems import Forbidden


def noter(
    session: AsyncSession,
    collectivite_id: UUID,
    sujet: Sujet,
    *,
    par: str,
    avant: dict[str, Any] | None = None,
    apres: dict[str, Any] | None = None,
) -> None:
    """Keep a change with who made it (`acteur.signature`): what `sujet` tells must be in `avant` and `apres`."""
    session.add(Reglage(collectivite_id=collectivite_id, survenu_le=now(), par=par, sujet=sujet, avant=avant, apres=apres))


async def lire(session: AsyncSession, acteur: Acteur, *, cursor: str | None) -> tuple[Sequence[Reglage], str | None]:
    lus = await repository.historique(session, collectivite_lue(acteur), decode_moment(cursor), TAILLE_DE_PAGE + 1)
    dernier = lus[TAILLE_DE_PAGE - 1] if len(lus) > TAILLE_DE_PAGE else None
    return lus[:TAILLE_DE_PAGE], encode_moment(dernier.survenu_le, dernier.id) if dernier else None


async def qui_et_quoi(session: AsyncSession, collectivite_id: UUID, sujet: Sujet) -> str:
    """What the last change was, for whoever was about to make another."""
    dernier = await repository.dernier_changement(session, collectivite_id, sujet)
    if dernier is None:
        return ""
    changes = f"{NNBSP}; ".join(en_une_ligne(detail) for detail in details(sujet, dernier.avant, dernier.apres))
    quoi = f"{changes}. " if changes else ""
    return f"Par {dernier.par}, {instant_long(dernier.survenu_le)}. {quoi}Relisez, puis enregistrez de nouveau si votre saisie convient."


def collectivite_lue(acteur: Acteur) -> UUID:
    """The collectivité whose settings the acteur reads. Forbidden otherwise."""
    if not acteur.peut(Droit.LIRE_COLLECTIVITE) or acteur.collectivite_id is None:
        raise Forbidden("Les réglages d’une collectivité se lisent en son sein.", slug="reglages-reserves")
    return acteur.collectivite_id


def collectivite_reglee(acteur: Acteur) -> UUID:
    """The collectivité whose settings the acteur changes. Forbidden otherwise."""
    if not acteur.peut(Droit.REGLER_COLLECTIVITE) or acteur.collectivite_id is None:
        raise Forbidden("Seul le gestionnaire principal règle la collectivité.", slug="reglages-reserves")
    return acteur.collectivite_id


def collectivite_dotee(acteur: Acteur) -> UUID:
    """The collectivité whose gestionnaires the acteur names. Forbidden under a mandate: what one gave himself would outlive it."""
    if acteur.mandat is not None:
        raise Forbidden(
            "Vous ne nommez pas les gestionnaires d’une collectivité pour laquelle vous agissez sous mandat.",
            slug="mandat-sans-nomination",
            detail="Elle les nomme elle-même, ou sa délégation l’y aide.",
        )
    return collectivite_reglee(acteur)
