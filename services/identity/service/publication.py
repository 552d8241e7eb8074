"""What the other services must know of collectivités and agents, told when it changes and only then."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.contracts.acteur import Droit
from services.contracts.base import Event
from services.contracts.identity import AgentEnregistre, CollectiviteEnregistree, EnCopie, Personne
from services.contracts.notifications import Gabarit
from services.identity.domain.hierarchie import Arbre, NoeudService, chemin, encadrement
from services.identity.domain.roles import roles_qui
from services.identity.models import Agent, Collectivite, Interim, Service
from services.identity.repository import publication as repository
from services.identity.repository.mandats import gestionnaires_sous_mandat
from services.kit.clock import day_of, now
from services.kit.outbox import publish_many


@dataclass(frozen=True)
class Organigramme:
    """Who leads whom today: the services, and the agents who may be asked for an avis."""

    services: Mapping[UUID, Service]
    encadrants: Mapping[UUID, Agent]
    arbre: Arbre

    @classmethod
    def de(cls, services: Iterable[Service], encadrants: Iterable[Agent], interims: Collection[Interim]) -> "Organigramme":
        connus = {service.id: service for service in services}
        actifs = {agent.id: agent for agent in encadrants if agent.actif}
        a_la_tete = {interim.service_id: interim.interimaire_id for interim in interims if interim.service_id}
        noeuds = {
            service.id: NoeudService(service.parent_id, service.responsable_id, service.suppleant_id, a_la_tete.get(service.id))
            for service in connus.values()
        }
        personnes = {interim.remplace_id: interim.interimaire_id for interim in interims if interim.remplace_id}
        return cls(connus, actifs, Arbre(noeuds, actifs, personnes))

    def encadrement(self, agent: Agent) -> tuple[Personne | None, Personne | None]:
        """The supérieur, who may stand in for another, and the suppléant."""
        trouve = encadrement(agent.id, superieur_propre=agent.superieur_id, service=agent.service_id, arbre=self.arbre)
        absent = self.encadrants.get(trouve.interim_de) if trouve.interim_de else None
        superieur = personne(self.encadrants.get(trouve.superieur) if trouve.superieur else None)
        if superieur is not None and absent is not None:
            superieur = superieur.model_copy(update={"interim_de": f"{absent.prenom} {absent.nom}"})
        return superieur, personne(self.encadrants.get(trouve.suppleant) if trouve.suppleant else None)

    def service_de(self, agent: Agent) -> str:
        return self.services[agent.service_id].nom if agent.service_id else ""


async def publier_les_changements(session: AsyncSession) -> int:
    """Publish every collectivité and agent whose public facts differ from those last published, one version up.

    A change may come from elsewhere than the row itself: a new head of service changes all his agents, a new account
    changes the gestionnaires. So facts are compared, not rows. Answers the number of events.
    """
    return await _publier(session, None)


async def publier_la_collectivite(session: AsyncSession, collectivite_id: UUID) -> int:
    """The same, for one collectivité and its agents, and for those it acts for: its gestionnaires follow their requests."""
    return await _publier(session, collectivite_id)


async def publier_l_agent(session: AsyncSession, agent: Agent) -> int:
    """The same, after a change of this record alone: his collectivité's others too if some of them may be asked to answer to him.

    The caller holds the collectivité (`repository.verrouiller`): versions are counted by one at a time.
    """
    await session.flush()
    organigramme = await organigramme_de(session, agent.collectivite_id)
    if agent.id in organigramme.encadrants or not agent.actif:
        return await publier_la_collectivite(session, agent.collectivite_id)
    evenements: list[Event] = []
    _ajouter(evenements, agent, _agent_enregistre(agent, organigramme))
    await session.flush()
    await publish_many(session, evenements)
    return len(evenements)


async def organigramme_de(session: AsyncSession, collectivite_id: UUID) -> Organigramme:
    return Organigramme.de(
        await repository.services(session, collectivite_id),
        await repository.encadrants(session, collectivite_id),
        await repository.interims(session, day_of(now()), collectivite_id),
    )


async def _publier(session: AsyncSession, collectivite_id: UUID | None) -> int:
    aujourd_hui = day_of(now())
    collectivites = await repository.collectivites_a_publier(session, aujourd_hui, collectivite_id)
    gestionnaires: dict[UUID, list[Personne]] = defaultdict(list)
    roles = roles_qui(Droit.GERER_DEMANDES)
    for celle_ci, compte, agent_id in await repository.gestionnaires(session, roles, aujourd_hui, collectivite_id):
        gestionnaires[celle_ci].append(Personne(nom=compte.nom, prenom=compte.prenom, email=compte.email, agent_id=agent_id))
    for mandant_id, compte in await gestionnaires_sous_mandat(session, roles, aujourd_hui):
        gestionnaires[mandant_id].append(Personne(nom=compte.nom, prenom=compte.prenom, email=compte.email))
    copies: dict[UUID, list[EnCopie]] = defaultdict(list)
    for copie in await repository.copies(session, aujourd_hui, collectivite_id):
        copies[copie.collectivite_id].append(EnCopie.model_validate(copie, from_attributes=True))
    agents = await repository.agents_a_publier(session, collectivite_id)
    organigramme = Organigramme.de(
        await repository.services(session, collectivite_id), agents, await repository.interims(session, aujourd_hui, collectivite_id)
    )
    evenements: list[Event] = []
    for collectivite in collectivites:
        _ajouter(evenements, collectivite, _collectivite_enregistree(collectivite, gestionnaires[collectivite.id], copies[collectivite.id]))
    for agent in agents:
        _ajouter(evenements, agent, _agent_enregistre(agent, organigramme))
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


def _collectivite_enregistree(
    collectivite: Collectivite, gestionnaires: Sequence[Personne], copies: Sequence[EnCopie]
) -> CollectiviteEnregistree:
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
        etat=collectivite.etat,
        autorite=f"{collectivite.autorite_nom}, {collectivite.autorite_qualite}",
        copies=tuple(copies),
        transferts=tuple(Gabarit(gabarit) for gabarit in collectivite.transferts),
    )


def _agent_enregistre(agent: Agent, organigramme: Organigramme) -> AgentEnregistre:
    superieur, suppleant = organigramme.encadrement(agent)
    return AgentEnregistre(
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
        service=organigramme.service_de(agent),
        superieur=superieur,
        suppleant=suppleant,
        actif=agent.actif,
        services=tuple(chemin(agent.service_id, organigramme.arbre.services)),
    )


def personne(agent: Agent | None) -> Personne | None:
    if agent is None:
        return None
    return Personne(nom=agent.nom, prenom=agent.prenom, email=agent.email, agent_id=agent.id)
