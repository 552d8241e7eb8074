"""The process of the circuits as it runs: its door and its consumer on a real NATS, its workers on a real Temporal."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio
from asgi_correlation_id import correlation_id

from deploy.local.settings import free_ports
from deploy.local.supervisor import Supervisor
from deploy.local.temporal import Temporal
from services.contracts.base import Message, Request
from services.contracts.circuits import Decrire, DescriptionCircuit, Soumettre
from services.contracts.documents import ProduireConvocation
from services.contracts.inscriptions import (
    AppliquerDecision,
    DepotEnregistre,
    EffetDecision,
    EtapeCourante,
    Etat,
    Issue,
    NatureDecision,
    PlanCircuit,
)
from services.contracts.notifications import DeposerMessage, Gabarit
from services.kit.bus import CORRELATION_HEADER, Bus
from services.kit.clock import now
from services.kit.context import Context
from services.kit.problems import Problem
from tests.circuits.conduite import un_plan
from tests.circuits.services_factices import SESSION_COMPLETE, ServicesFactices
from tests.servers import LoopThread, NatsServer
from tests.voisins import reglages, voisin
from workflows.activities import EFFETS
from workflows.main import create_app
from workflows.settings import Settings

pytestmark = pytest.mark.timeout(180)

PATIENCE_SECONDES = 30.0


class ServeurTemporal:
    """The server of the local stack, which keeps its port and its data when it is stopped."""

    def __init__(self, dossier: Path, threads: LoopThread) -> None:
        port, ui = free_ports(2)
        self.adresse = f"127.0.0.1:{port}"
        self._programme = Temporal(dossier / "temporal.db", port, ui).program()
        self._superviseur = Supervisor(dossier / "logs")
        self._threads = threads

    def ouvrir(self) -> None:
        self._threads.run(self._superviseur.start(self._programme))

    def fermer(self) -> None:
        self._threads.run(self._superviseur.stop_all())

    async def arreter(self) -> None:
        await self._threads.do(self._superviseur.stop("temporal"))

    async def relancer(self) -> None:
        await self._threads.do(self._superviseur.start(self._programme))


@pytest.fixture(scope="module")
def temporal(tmp_path_factory: pytest.TempPathFactory, server_threads: LoopThread) -> Iterator[ServeurTemporal]:
    serveur = ServeurTemporal(tmp_path_factory.mktemp("temporal"), server_threads)
    try:
        serveur.ouvrir()
        yield serveur
    finally:
        serveur.fermer()


@dataclass
class Maison:
    """The process under test, the services around it, and the bus of inscriptions, which submits the decisions."""

    http: httpx.AsyncClient
    inscriptions: Bus
    services: ServicesFactices

    async def deposer(self) -> None:
        plan = self.services.plan
        depot = DepotEnregistre(
            survenu_le=now(),
            inscription_id=plan.inscription_id,
            collectivite_id=plan.collectivite_id,
            session_id=uuid4(),
            session_code=plan.session_code,
            agent_id=uuid4(),
        )
        await self.inscriptions.js.publish(depot.subject, depot.model_dump_json().encode(), headers={CORRELATION_HEADER: "depot"})

    def decision(self, nature: NatureDecision, issue: Issue) -> Soumettre:
        demande = self.services.demande_id() if nature is NatureDecision.AVIS else None
        soumise = Soumettre(
            inscription_id=self.services.plan.inscription_id, decision_id=uuid4(), nature=nature, issue=issue, demande_id=demande
        )
        self.services.decisions[soumise.decision_id] = (nature, issue)
        return soumise

    async def refus(self, decision: Soumettre) -> Problem:
        with pytest.raises(Problem) as levee:
            await self.inscriptions.request(decision, timeout=10)
        return levee.value

    async def etape(self, attendue: EtapeCourante) -> None:
        """Wait until the services are told of this step."""
        await jusqu_a(lambda: f"PasserEtape {attendue}" in self.services.effets)


async def jusqu_a(vrai: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_SECONDES):
        while not vrai():  # noqa: ASYNC110 -- what is watched is a list
            await asyncio.sleep(0.02)


@contextlib.asynccontextmanager
async def service(nats: NatsServer, nom: str, factices: ServicesFactices) -> AsyncIterator[Bus]:
    """A service that answers its requests under its own name, with its own allow-list."""
    toutes: tuple[type[Request[Any]], ...] = (*EFFETS, ProduireConvocation, DeposerMessage)
    siennes = [kind for kind in toutes if kind.subject.startswith(f"rpc.{nom}.")]

    async def repondre(_context: Context, request: Message) -> Message:
        return await factices.request(request)

    async with voisin(nats, nom, dict.fromkeys(siennes, repondre)) as bus:
        yield bus


@contextlib.asynccontextmanager
async def maison(nats: NatsServer, adresse: str, plan: PlanCircuit) -> AsyncIterator[Maison]:
    factices = ServicesFactices(plan)
    settings = Settings(
        **reglages(nats, "workflows").model_dump(exclude={"database_url"}), temporal_address=adresse, temporal_ui_url="http://ui"
    )
    app = create_app(settings)
    async with contextlib.AsyncExitStack() as pile:
        bus = await pile.enter_async_context(service(nats, "inscriptions", factices))
        for nom in ("documents", "notifications"):
            await pile.enter_async_context(service(nats, nom, factices))
        await pile.enter_async_context(app.router.lifespan_context(app))
        http = await pile.enter_async_context(httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://workflows"))
        yield Maison(http, bus, factices)


async def prete(maison: Maison) -> None:
    async with asyncio.timeout(PATIENCE_SECONDES):
        while (await maison.http.get("/health/ready")).status_code != 200:  # noqa: ASYNC110 -- what is watched answers over HTTP
            await asyncio.sleep(0.1)


@pytest_asyncio.fixture
async def chez_nous(nats_server: NatsServer, temporal: ServeurTemporal) -> AsyncIterator[Maison]:
    async with maison(nats_server, temporal.adresse, un_plan(now())) as chez_nous:
        await prete(chez_nous)
        yield chez_nous


async def test_from_the_deposit_to_the_convocation(chez_nous: Maison) -> None:
    m = chez_nous
    await m.deposer()
    await jusqu_a(lambda: Gabarit.AVIS_DEMANDE in m.services.gabarits)
    description: DescriptionCircuit = await m.inscriptions.request(Decrire(inscription_id=m.services.plan.inscription_id))
    assert (description.statut, description.etape) == ("running", "avis")
    assert description.workflow_id == f"inscription:{m.services.plan.inscription_id}"
    assert description.adresse_ui == (
        f"http://ui/namespaces/default/workflows/inscription%3A{m.services.plan.inscription_id}/{description.run_id}/history"
    )

    correlation_id.set("clic")
    avis = m.decision(NatureDecision.AVIS, Issue.FAVORABLE)
    effet: EffetDecision = await m.inscriptions.request(avis)
    assert await m.inscriptions.request(avis) == effet
    await m.etape(EtapeCourante.VALIDATION)
    assert (await m.inscriptions.request(m.decision(NatureDecision.VALIDATION, Issue.VALIDER))).etat is Etat.TRANSMISE
    await m.etape(EtapeCourante.INSTRUCTION)
    accepter = m.decision(NatureDecision.INSTRUCTION, Issue.ACCEPTER)
    assert (await m.inscriptions.request(accepter)).etat is Etat.ACCEPTEE
    await m.etape(EtapeCourante.TERMINEE)
    assert m.services.effets.count("AppliquerDecision") == 3
    assert ("OuvrirCircuit", "depot") in m.services.correlations
    assert ("AppliquerDecision", "clic") in m.services.correlations
    assert (await m.inscriptions.request(accepter)).etat is Etat.ACCEPTEE


async def test_refusals_are_conflicts_that_say_why(chez_nous: Maison) -> None:
    m = chez_nous
    await m.deposer()
    await m.deposer()
    await jusqu_a(lambda: "DemanderAvis superieur 0" in m.services.effets)
    refus = await m.refus(m.decision(NatureDecision.VALIDATION, Issue.VALIDER))
    assert (refus.status, refus.slug) == (409, "decision-refusee")
    assert "il attend l’avis" in refus.title

    m.services.pannes[AppliquerDecision] = [SESSION_COMPLETE]
    refus = await m.refus(m.decision(NatureDecision.AVIS, Issue.FAVORABLE))
    assert (refus.status, refus.slug, refus.title) == (409, "session-complete", SESSION_COMPLETE.title)

    await m.inscriptions.request(m.decision(NatureDecision.RETRAIT, Issue.RETIRER))
    await m.etape(EtapeCourante.TERMINEE)
    refus = await m.refus(m.decision(NatureDecision.VALIDATION, Issue.VALIDER))
    assert (refus.status, refus.slug) == (409, "decision-refusee")
    assert m.services.effets.count("OuvrirCircuit") == 1


async def test_before_the_circuit_is_open(chez_nous: Maison) -> None:
    m = chez_nous
    refus = await m.refus(m.decision(NatureDecision.RETRAIT, Issue.RETIRER))
    assert (refus.status, refus.slug) == (503, "circuit-pas-encore-ouvert")
    assert refus.retry_after
    with pytest.raises(Problem) as levee:
        await m.inscriptions.request(Decrire(inscription_id=m.services.plan.inscription_id))
    assert (levee.value.status, levee.value.slug) == (404, "circuit-inconnu")


async def test_temporal_away_then_back(nats_server: NatsServer, temporal: ServeurTemporal) -> None:
    """The process starts without Temporal, says so, answers 503 in time, and begins the circuit when it is back."""
    await temporal.arreter()
    async with maison(nats_server, temporal.adresse, un_plan(now())) as m:
        await m.deposer()
        await asyncio.sleep(2)  # the time to be connected to NATS
        pas_pret = await m.http.get("/health/ready")
        assert pas_pret.status_code == 503
        assert "temporal" in pas_pret.json()["detail"]
        assert "nats" not in pas_pret.json()["detail"]
        assert (await m.http.get("/health/live")).status_code == 200
        debut = time.monotonic()
        refus = await m.refus(m.decision(NatureDecision.AVIS, Issue.FAVORABLE))
        assert (refus.status, refus.slug) == (503, "circuit-indisponible")
        assert refus.retry_after
        assert time.monotonic() - debut < 5
        await temporal.relancer()
        await prete(m)
        await jusqu_a(lambda: "DemanderAvis superieur 0" in m.services.effets)

        avis = m.decision(NatureDecision.AVIS, Issue.FAVORABLE)
        await temporal.arreter()
        debut = time.monotonic()
        refus = await m.refus(avis)
        assert (refus.status, refus.slug) == (503, "circuit-indisponible")
        assert time.monotonic() - debut < 5
        await temporal.relancer()
        await prete(m)
        async with asyncio.timeout(PATIENCE_SECONDES):
            while True:
                with contextlib.suppress(Problem):
                    await m.inscriptions.request(avis)
                    break
        await m.etape(EtapeCourante.VALIDATION)
        assert m.services.effets.count("AppliquerDecision") == 1
