"""`make bench`: what the main job costs through the gateway, against floors measured in the same run.

Starts a stack of its own on free ports; prints a table and writes `build/bench.json`.
"""

import asyncio
import json
import shutil
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import psycopg
from rich.console import Console
from rich.table import Table

from deploy.local.credentials import Credentials
from deploy.local.settings import ROOT, StackSettings
from deploy.local.stack import LocalStack
from services.contracts.acteur import Acteur, Role
from services.contracts.ids import collectivite_id
from services.documents import papier, pdf
from services.identity.trousseau import Trousseau
from services.inscriptions.domain.liens import LIEN_AVIS
from services.kit.database import libpq
from services.kit.signed_id import sign
from tests.acteurs import un_acteur
from tests.bench.connexions import connexions_par_coeur
from tests.bench.imports import import_de_dix_mille
from tests.bench.inscriptions import inscriptions_par_un_gestionnaire
from tests.bench.mesure import Appel, Mesure, chronometrer, mesures
from tests.bench.planchers import ESSAIS, page_nue, transaction_nue, workflow_nu
from tests.dossiers import dossier
from tests.parcours import MOTIVATION, Insistant, jusqu_a

CLIENTS = (1, 8)
PAR_SERIE = 150
ROCHEBRUNE = "21350950800015"
OUVERTES = "select id from demandes_avis where etat = 'ouverte'"
RESULTATS = ROOT / "build" / "bench.json"


class Banc:
    """A stack to measure, and the people who load it: agents of one collectivité, with tokens made on the spot."""

    def __init__(self, stack: LocalStack, http: httpx.AsyncClient) -> None:
        self._stack = stack
        self._http = http
        self._url = libpq(stack.database_url("inscriptions"))
        fichier = stack.settings.state_dir / "jwt-keys.json"
        self._trousseau = Trousseau.ouvrir(fichier, timedelta(hours=1))
        self._cles = Credentials.load(stack.settings.state_dir / "secrets.json").avis.split(",")

    async def lignes(self, requete: str, *valeurs: object) -> list[tuple[UUID, ...]]:
        async with await psycopg.AsyncConnection.connect(self._url) as connexion:
            return await (await connexion.execute(requete.encode(), valeurs)).fetchall()

    async def couples(self) -> list[tuple[Acteur, UUID]]:
        """Agents of Rochebrune with a supérieur, and the sessions open to them: one deposit each."""
        solene = await Insistant.connecter(self._http, "solene.morvan")
        collectivite = collectivite_id(ROCHEBRUNE)
        agents = await self.lignes("select id from agents where collectivite_id = %s and superieur is not null", collectivite)
        sessions = (await solene.lire("/api/catalogue/v1/sessions"))["elements"]
        acteurs = [un_acteur(Role.AGENT, collectivite_id=collectivite, agent_id=agent) for (agent,) in agents]
        return [(acteur, UUID(session["id"])) for session, acteur in product(sessions, acteurs)]

    async def deposer(self, acteur: Acteur, session_id: UUID) -> None:
        await self._post("inscriptions", {"session_id": str(session_id), "motivation": MOTIVATION}, acteur)

    async def donner_l_avis(self, demande_id: UUID) -> None:
        await self._post(f"avis/{sign(LIEN_AVIS, demande_id, self._cles)}", {"sens": "favorable", "commentaire": ""})

    async def valider(self, gestionnaire: Acteur, inscription_id: UUID) -> None:
        await self._post(f"inscriptions/{inscription_id}/validation", {"issue": "valider"}, gestionnaire)

    async def inscrire(self, gestionnaire: Acteur, session_id: UUID, agents: Sequence[UUID]) -> dict[str, Any]:
        corps = {"session_id": str(session_id), "agents": [str(agent) for agent in agents], "motif": MOTIVATION}
        reponse: dict[str, Any] = (await self._post("inscriptions/collectives", corps, gestionnaire)).json()
        return reponse

    async def _post(self, chemin: str, corps: dict[str, Any], acteur: Acteur | None = None) -> httpx.Response:
        entetes = {"Idempotency-Key": str(uuid4())}
        if acteur is not None:
            entetes["Authorization"] = f"Bearer {self._trousseau.signer(acteur, datetime.now(UTC))}"
        reponse = await self._http.post(f"/api/inscriptions/v1/{chemin}", json=corps, headers=entetes)
        return reponse.raise_for_status()

    async def attendre_que(self, quoi: str, requete: str, combien: int) -> list[tuple[UUID, ...]]:
        async def essai() -> list[tuple[UUID, ...]] | None:
            lignes = await self.lignes(requete)
            return lignes if len(lignes) >= combien else None

        return await jusqu_a(quoi, essai, patience=120)

    async def circuits_ouverts_en(self, depuis: datetime) -> list[float]:
        """Milliseconds from each deposit since `depuis` to its avis asked for: the circuit is started and at its first step."""
        lignes = await self.lignes(
            "select extract(epoch from d.demande_le - i.depose_le) * 1000"
            " from demandes_avis d join inscriptions i on i.id = d.inscription_id where i.depose_le >= %s",
            depuis,
        )
        return [float(str(duree)) for (duree,) in lignes]


async def mesurer(stack: LocalStack, debut: float) -> list[Mesure]:
    resultats = [Mesure("démarrage de la plateforme", "s", 1, round(debut, 1)), Mesure("mémoire au repos (PSS)", "Mio", 1, memoire(stack))]
    transactions = {clients: await transaction_nue(stack.database_url("inscriptions"), clients) for clients in CLIENTS}
    workflows = {clients: await workflow_nu(stack.settings.temporal_target, clients) for clients in CLIENTS}
    async with httpx.AsyncClient(base_url=stack.settings.public_url, timeout=60) as http:
        resultats.append(await connexions_par_coeur(http, stack.database_url("identity")))
        banc = Banc(stack, http)
        couples = iter(await banc.couples())
        for rang, clients in enumerate(CLIENTS, start=1):
            appels: list[Appel] = [partial(banc.deposer, *next(couples)) for _ in range(PAR_SERIE)]
            depuis = datetime.now(UTC)
            resultats += mesures("dépôt", clients, await chronometrer(appels, clients), transactions[clients])
            demandes = await banc.attendre_que("les demandes d’avis", OUVERTES, PAR_SERIE * rang)
            resultats += mesures("du dépôt à l’avis demandé", clients, await banc.circuits_ouverts_en(depuis), workflows[clients])
        for rang, clients in enumerate(CLIENTS):
            lot = demandes[rang * PAR_SERIE : (rang + 1) * PAR_SERIE]
            appels = [partial(banc.donner_l_avis, demande) for (demande,) in lot]
            resultats += mesures("avis", clients, await chronometrer(appels, clients), workflows[clients])
        a_valider = "select id from inscriptions where etape = 'validation'"
        inscriptions = await banc.attendre_que("les validations", a_valider, PAR_SERIE * len(CLIENTS))
        gestionnaire = await gestionnaire_de(banc)
        for rang, clients in enumerate(CLIENTS):
            lot = inscriptions[rang * PAR_SERIE : (rang + 1) * PAR_SERIE]
            appels = [partial(banc.valider, gestionnaire, inscription) for (inscription,) in lot]
            resultats += mesures("validation", clients, await chronometrer(appels, clients), workflows[clients])
        inscrire = partial(banc.inscrire, gestionnaire)
        url = stack.database_url("inscriptions")
        resultats += await inscriptions_par_un_gestionnaire(url, collectivite_id(ROCHEBRUNE), inscrire)
    papier_compose = mesures("convocation composée en PDF", 1, composer(), page_nue())
    # Last: its ten thousand agents are news to all the services.
    return [*resultats, *papier_compose, *await import_de_dix_mille(stack.database_url("identity"))]


async def gestionnaire_de(banc: Banc) -> Acteur:
    ((collectivite,),) = await banc.lignes("select distinct collectivite_id from inscriptions")
    return un_acteur(Role.GESTIONNAIRE, collectivite_id=collectivite)


def composer() -> list[float]:
    """Milliseconds of each composition of a convocation."""
    compose = papier.convocation(
        dossier(), reference="CV-7K3M-9QXA", public_url="http://localhost:8080", etabli_le=datetime(2026, 11, 23, tzinfo=UTC)
    )
    durees = []
    for _ in range(ESSAIS // 4):
        debut = time.perf_counter()
        pdf.rendre(compose)
        durees.append((time.perf_counter() - debut) * 1000)
    return durees


def memoire(stack: LocalStack) -> float:
    """Proportional set size of all the processes of the stack, in MiB: each shared page is counted once."""
    meneurs = set(stack.pids.values())
    total = 0
    for dossier_proc in Path("/proc").iterdir():
        try:
            champs = (dossier_proc / "stat").read_text().rpartition(")")[2].split()
            if int(champs[2]) in meneurs:
                rollup = (dossier_proc / "smaps_rollup").read_text()
                total += next(int(ligne.split()[1]) for ligne in rollup.splitlines() if ligne.startswith("Pss:"))
        except (OSError, ValueError, IndexError):
            continue
    return round(total / 1024, 1)


def montrer(resultats: list[Mesure]) -> None:
    table = Table(title="Le parcours principal, à travers la passerelle")
    for colonne in ("mesure", "clients", "valeur", "plancher", "rapport"):
        table.add_column(colonne, justify="left" if colonne == "mesure" else "right")
    for mesure in resultats:
        plancher = f"{mesure.floor} {mesure.unit}" if mesure.floor else ""
        rapport = f"× {mesure.ratio}" if mesure.ratio else ""
        table.add_row(mesure.name, str(mesure.clients), f"{mesure.value} {mesure.unit}", plancher, rapport)
    Console().print(table)


async def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="iel-bench-"))
    stack = LocalStack(StackSettings(state_dir=folder).with_free_ports())
    try:
        debut = time.perf_counter()
        await stack.start()
        resultats = await mesurer(stack, time.perf_counter() - debut)
    finally:
        await stack.stop()
        stack.forget()
        shutil.rmtree(folder, ignore_errors=True)
    montrer(resultats)
    RESULTATS.parent.mkdir(exist_ok=True)
    RESULTATS.write_text(json.dumps([mesure.row() for mesure in resultats], ensure_ascii=False, indent=2), encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(main())
