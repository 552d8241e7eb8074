"""What the other services must know of collectivités and agents, told when it changes and only then."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.contracts.acteur import Droit
from services.contracts.base import Event
from services.contracts.identity import AgentEnregistre, CollectiviteEnregistree, Personne
from services.identity.domain.hierarchie import NoeudService, encadrement
from services.identity.domain.roles import roles_qui
from services.identity.models import Agent, Collectivite, Service
from services.identity.repository import mandats as repository_mandats
from services.identity.repository import publication as repository
from services.kit.clock import day_of, now
from services.kit.outbox import publish_many


async def publier_les_changements(session: AsyncSession) -> int:
    """Publish every collectivité and agent whose public facts differ from those last published, one version up.

    A change may come from elsewhere than the row itself: a new head of service changes all his agents, a new account
    changes the gestionnaires. So facts are compared, not rows. Answers the number of events.
    """
    collectivites = await repository.collectivites_a_publier(session)
    gestionnaires: dict[UUID, list[Personne]] = defaultdict(list)
    roles, jour = roles_qui(Droit.GERER_DEMANDES), day_of(now())
    for collectivite_id, compte, agent_id in await repository.gestionnaires(session, roles, jour):
        gestionnaires[collectivite_id].append(Personne(nom=compte.nom, prenom=compte.prenom, email=compte.email, agent_id=agent_id))
    for collectivite_id, compte in await repository_mandats.gestionnaires_sous_mandat(
        session, roles_qui(Droit.GERER_DEMANDES), day_of(now())
    ):
        gestionnaires[collectivite_id].append(Personne(nom=compte.nom, prenom=compte.prenom, email=compte.email))
    services = {service.id: service for service in await repository.services(session)}
    agents = await repository.agents_a_publier(session)

    evenements: list[Event] = []
    for collectivite in collectivites:
        _ajouter(evenements, collectivite, _collectivite_enregistree(collectivite, gestionnaires[collectivite.id]))
    for agent, evenement in zip(agents, _agents_enregistres(agents, services), strict=True):
        _ajouter(evenements, agent, evenement)
    await session.flush()
    await publish_many(session, evenements)
    return len(evenements)


def _ajouter(evenements: list[Event], ligne: Collectivite | Agent, evenement: CollectiviteEnregistree | AgentEnregistre) -> None:
    faits = evenement.model_dump_json(exclude={"event_id", "survenu_le", "version"})
    empreinte = hashlib.sha256(faits.encode()).hexdigest()
    if ligne.empreinte != empreinte:
        ligne.empreinte = empreinte
        ligne.version = evenement.version
        evenements.append(evenement)


def _collectivite_enregistree(collectivite: Collectivite, gestionnaires: Sequence[Personne]) -> CollectiviteEnregistree:
    return CollectiviteEnregistree(
        survenu_le=now(),
        collectivite_id=collectivite.id,
        version=collectivite.version + 1,
        nom=collectivite.nom,
        nature=collectivite.nature,
        siret=collectivite.siret,
        departement=collectivite.departement,
        delegation=collectivite.delegation,
        email=collectivite.email,
        preinscription_agents=collectivite.preinscription_agents,
        gestionnaires=tuple(gestionnaires),
        autorite=f"{collectivite.autorite_nom}, {collectivite.autorite_qualite}",
    )


def _agents_enregistres(agents: Sequence[Agent], services: Mapping[UUID, Service]) -> list[AgentEnregistre]:
    arbre = noeuds(services.values())
    actifs = {agent.id: agent for agent in agents if agent.actif}
    evenements = []
    for agent in agents:
        trouve = encadrement(agent.id, superieur_propre=agent.superieur_id, service=agent.service_id, services=arbre, actifs=actifs)
        evenements.append(
            AgentEnregistre(
                survenu_le=now(),
                agent_id=agent.id,
                version=agent.version + 1,
                collectivite_id=agent.collectivite_id,
                civilite=agent.civilite,
                nom=agent.nom,
                prenom=agent.prenom,
                matricule=agent.matricule,
                email=agent.email,
                statut=agent.statut,
                categorie=agent.categorie,
                filiere=agent.filiere,
                cadre_emplois=agent.cadre_emplois,
                grade=agent.grade,
                fonction=agent.fonction,
                service=services[agent.service_id].nom if agent.service_id else "",
                superieur=personne(actifs.get(trouve.superieur) if trouve.superieur else None),
                suppleant=personne(actifs.get(trouve.suppleant) if trouve.suppleant else None),
                actif=agent.actif,
            )
        )
    return evenements


def noeuds(services: Collection[Service]) -> dict[UUID, NoeudService]:
    """The tree of services as the domain reads it."""
    return {service.id: NoeudService(service.parent_id, service.responsable_id, service.suppleant_id) for service in services}


def personne(agent: Agent | None) -> Personne | None:
    if agent is None:
        return None
    return Personne(nom=agent.nom, prenom=agent.prenom, email=agent.email, agent_id=agent.id)
