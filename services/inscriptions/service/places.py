"""A state and its seat change together, in one transaction, and both sides are told."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from services.contracts.inscriptions import Etat, EtatChange, PlacesActualisees
from services.inscriptions import repository
from services.inscriptions.domain.etats import Transition
from services.inscriptions.domain.journal import Fait
from services.inscriptions.models import Collectivite, EtatDemande, Inscription, Places
from services.inscriptions.repository import places as registre
from services.kit.outbox import publish
from services.kit.problems import Conflict


async def appliquer(session: AsyncSession, inscription: Inscription, passage: Transition, *, cause: Fait, le: datetime) -> None:
    """Take the request, held locked, to its new state; a problem `session-complete` when no seat is left."""
    if passage.mouvement:
        places = await registre.mouvoir(
            session, inscription.session_id, passage.mouvement, inscription_id=inscription.id, cause=cause, le=le
        )
        if places is None:
            raise Conflict(
                "session-complete",
                "Il ne reste aucune place à cette session.",
                detail="Inscrivez l’agent sur liste d’attente, ou augmentez l’effectif attendu de la session.",
            )
        await publish(session, chiffres(places, le))
    if inscription.etat != passage.vers:
        await publish(
            session,
            EtatChange(
                survenu_le=le,
                inscription_id=inscription.id,
                collectivite_id=inscription.collectivite_id,
                session_id=inscription.session_id,
                de=Etat(inscription.etat),
                vers=passage.vers,
            ),
        )
    inscription.etat = passage.vers
    inscription.modifiee_le = le
    session.add(inscription)


def chiffres(places: Places, le: datetime) -> PlacesActualisees:
    return PlacesActualisees(
        survenu_le=le,
        session_id=places.session_id,
        version=places.version,
        effectif_attendu=places.effectif_attendu,
        recues=places.recues,
        admises=places.admises,
        en_attente=places.en_attente,
    )


def visa(collectivite: Collectivite) -> str:
    """On whose behalf the collectivité signs: its autorité territoriale, named, whose delegate validates."""
    return f"{collectivite.nom}, par délégation de {collectivite.autorite}" if collectivite.autorite else collectivite.nom


async def fermer_avis(session: AsyncSession, inscription: Inscription, *, raison: str, le: datetime) -> None:
    """Close the avis still awaited, if any: its link will explain."""
    ouverte = await repository.demande_ouverte(session, inscription.id)
    if ouverte is not None:
        ouverte.etat = EtatDemande.CLOSE
        ouverte.raison_cloture = raison
        ouverte.fin_le = le
        session.add(ouverte)
        await session.flush()
