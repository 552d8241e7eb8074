"""A database of inscriptions with one collectivité, its agents and a session, and shortcuts to act on requests."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from uuid import UUID, uuid4

import pytest

from services.contracts.acteur import Acteur, Role
from services.contracts.catalogue import AireDeRecrutement, EtatSession, Regroupement, SessionEnregistree
from services.contracts.identity import AgentEnregistre, CollectiviteEnregistree, EnCopie, Personne
from services.contracts.inscriptions import AppliquerDecision, EffetDecision, Issue
from services.contracts.notifications import Gabarit
from services.inscriptions.models import Inscription
from services.inscriptions.schemas import InscriptionCreate, InstructionCreate, ValidationCreate
from services.inscriptions.service import decisions, depot, projections
from services.kit.clock import now
from services.kit.database import Database
from tests.acteurs import un_acteur
from tests.servers import PostgresServer

MOTIVATION = "Je reprends le suivi des marchés publics du service."


@dataclass
class Monde:
    """What a test acts on: a collectivité of Ille-et-Vilaine and a session of Bretagne."""

    database: Database
    collectivite_id: UUID
    session_id: UUID

    async def agent(self, *, superieur: bool = True, suppleant: bool = True) -> Acteur:
        """A new agent of the collectivité, with an account."""
        agent_id = uuid4()
        async with self.database.transaction() as session:
            await projections.retenir_agent(
                session,
                AgentEnregistre(
                    survenu_le=now(),
                    agent_id=agent_id,
                    version=1,
                    collectivite_id=self.collectivite_id,
                    civilite="Madame",
                    nom="Le Bihan",
                    prenom="Anne",
                    matricule=str(agent_id)[:8],
                    email=f"{agent_id}@commune.example",
                    statut="titulaire",
                    categorie="B",
                    filiere="administrative",
                    cadre_emplois="Rédacteurs",
                    grade="Rédacteur",
                    fonction="Gestionnaire des marchés",
                    service="Commande publique",
                    superieur=Personne(nom="Morvan", prenom="Yann", email="yann.morvan@commune.example") if superieur else None,
                    suppleant=Personne(nom="Guillou", prenom="Maï", email="mai.guillou@commune.example") if suppleant else None,
                ),
            )
        return acteur(Role.AGENT, agent_id=agent_id, collectivite_id=self.collectivite_id)

    def gestionnaire(self) -> Acteur:
        return acteur(Role.GESTIONNAIRE, collectivite_id=self.collectivite_id)

    def conseiller(self) -> Acteur:
        return acteur(Role.CONSEILLER, structure="BRE")

    async def depose(self, agent: Acteur | None = None) -> Inscription:
        agent = agent or await self.agent()
        async with self.database.transaction() as session:
            return await depot.deposer(session, agent, InscriptionCreate(session_id=self.session_id, motivation=MOTIVATION))

    async def applique(self, decision_id: UUID) -> EffetDecision:
        async with self.database.transaction() as session:
            return await decisions.appliquer_decision(session, AppliquerDecision(decision_id=decision_id))

    async def valide(self, inscription: Inscription, issue: Issue = Issue.VALIDER, motif: str = "") -> EffetDecision:
        corps = ValidationCreate.model_validate({"issue": issue, "motif": motif})
        async with self.database.transaction() as session:
            soumission = await decisions.proposer_validation(session, self.gestionnaire(), inscription.id, corps, str(uuid4()))
        return await self.applique(soumission.decision_id)

    async def instruit(self, inscription: Inscription, issue: Issue, motif: str = "") -> EffetDecision:
        corps = InstructionCreate.model_validate({"issue": issue, "motif": motif})
        async with self.database.transaction() as session:
            soumission = await decisions.proposer_instruction(session, self.conseiller(), inscription.id, corps, str(uuid4()))
        return await self.applique(soumission.decision_id)


acteur = un_acteur


def collectivite(collectivite_id: UUID, *, version: int = 1, nom: str = "Commune de Saint-Aubin") -> CollectiviteEnregistree:
    return CollectiviteEnregistree(
        survenu_le=now(),
        collectivite_id=collectivite_id,
        version=version,
        nom=nom,
        nature="commune",
        siret="20003452800014",
        departement="35",
        delegation="BRE",
        email="mairie@commune.example",
        preinscription_agents=True,
        gestionnaires=(Personne(nom="Rault", prenom="Éric", email="eric.rault@commune.example"),),
        autorite="Jeanne Simon, maire",
        copies=(EnCopie(nom="Accueil", email="accueil@commune.example", gabarits=(Gabarit.CONVOCATION,)),),
        transferts=(Gabarit.CONVOCATION, Gabarit.ACCEPTEE),
    )


def session_de_bretagne(session_id: UUID, *, places: int, version: int = 1, departements: tuple[str, ...] = ("35",)) -> SessionEnregistree:
    debut = date.today() + timedelta(days=90)  # noqa: DTZ011 -- any day far enough will do
    return SessionEnregistree(
        survenu_le=now(),
        session_id=session_id,
        version=version,
        code="SXM5A 001",
        intitule="Rédiger un acte administratif sûr",
        nature="perfectionnement",
        organisation="inter",
        structure="BRE",
        structure_nom="Délégation Bretagne",
        lieu="Rennes",
        adresse="1 rue des Ajoncs, 35000 Rennes",
        regroupements=(Regroupement(debut=debut, fin=debut, heure_debut=time(9), heure_fin=time(17)),),
        duree_heures=6,
        date_limite=now() + timedelta(days=48),
        effectif_attendu=places,
        etat=EtatSession.PUBLIEE,
        aire=AireDeRecrutement(departements=departements),
        conseiller="Gwenaëlle Le Goff",
        conseiller_email="gwenaelle.legoff@bretagne.organisme.example",
    )


@pytest.fixture(scope="module")
async def database(postgres: PostgresServer) -> AsyncIterator[Database]:
    database = Database(postgres.database_for("inscriptions"), pool=20)
    yield database
    await database.dispose()


@pytest.fixture
async def monde(database: Database) -> Monde:
    monde = Monde(database, collectivite_id=uuid4(), session_id=uuid4())
    async with database.transaction() as session:
        await projections.retenir_collectivite(session, collectivite(monde.collectivite_id))
        await projections.retenir_session(session, session_de_bretagne(monde.session_id, places=5))
    return monde
