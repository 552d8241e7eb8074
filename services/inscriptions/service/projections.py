"""Keeping what others own and this service needs: collectivités, agents, sessions and their capacity."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from services.contracts.catalogue import SessionEnregistree
from services.contracts.identity import AgentEnregistre, CollectiviteEnregistree
from services.inscriptions import repository
from services.inscriptions.models import Agent, Collectivite, Session
from services.inscriptions.repository import places as registre
from services.inscriptions.service.places import chiffres
from services.kit.clock import PARIS, now
from services.kit.outbox import publish


async def retenir_collectivite(session: AsyncSession, event: CollectiviteEnregistree) -> None:
    publies = {"version", "nom", "departement", "email", "autorite", "gestionnaires", "copies", "transferts", "etat"}
    valeurs = event.model_dump(mode="json", include=publies)
    await repository.retenir(
        session, Collectivite, {**valeurs, "id": event.collectivite_id, "preinscription_agents": event.preinscription_agents}
    )


async def retenir_agent(session: AsyncSession, event: AgentEnregistre) -> None:
    champs = {
        "version",
        "civilite",
        "nom",
        "prenom",
        "email",
        "categorie",
        "grade",
        "fonction",
        "service",
        "superieur",
        "suppleant",
        "actif",
    }
    valeurs = event.model_dump(mode="json", include=champs)
    propres = {"id": event.agent_id, "collectivite_id": event.collectivite_id, "services": list(event.services)}
    await repository.retenir(session, Agent, {**valeurs, **propres})


async def retenir_session(session: AsyncSession, event: SessionEnregistree) -> None:
    """Keep a session and open its ledger; its figures go out when its capacity is new."""
    champs = {
        "version",
        "code",
        "intitule",
        "objectifs",
        "structure",
        "structure_nom",
        "lieu",
        "adresse",
        "regroupements",
        "duree_heures",
        "etat",
        "mode_admission",
        "liste_attente",
        "aire",
        "conseiller",
        "conseiller_email",
    }
    valeurs = {
        **event.model_dump(mode="json", include=champs),
        "id": event.session_id,
        "date_limite": event.date_limite,
        "debut": _debut(event),
    }
    if await repository.retenir(session, Session, valeurs):
        maintenant = now()
        places = await registre.fixer_effectif(session, event.session_id, event.effectif_attendu, le=maintenant)
        if places is not None:
            await publish(session, chiffres(places, maintenant))


def _debut(event: SessionEnregistree) -> datetime:
    premier = min(event.regroupements, key=lambda regroupement: regroupement.debut)
    return datetime.combine(premier.debut, premier.heure_debut, PARIS)
