"""Registrations by a gestionnaire, through gateway, token and service, against bare writes of the same rows in the same database."""

import json
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import httpx
import psycopg

from services.kit.database import libpq
from tests.bench.mesure import Appel, Mesure, chronometrer

Inscrire = Callable[[UUID, Sequence[UUID]], Awaitable[dict[str, Any]]]
"""Register these agents for this session; the answer of the API."""

CLIENTS = 8
ESSAIS = 400
PLACES = 100
LOT = 500
SESSIONS = 1_000

AGENTS = """
    insert into agents
    select (jsonb_populate_record(null::agents, to_jsonb(a) || jsonb_build_object('id', gen_random_uuid(), 'nom', a.nom || n))).*
    from (select * from agents where collectivite_id = %s limit 1) a, generate_series(1, %s) n returning id
"""
SESSION = """
    insert into sessions
    select (jsonb_populate_record(
        null::sessions, to_jsonb(s) || jsonb_build_object('id', %s::uuid, 'mode_admission', %s::text, 'liste_attente', false)
    )).*
    from (select * from sessions where aire->'departements' ? '35' and date_limite > now() + interval '1 day' limit 1) s
"""
REGISTRE = (
    "insert into {}places (session_id, effectif_attendu, capacite, recues, admises, en_attente, version) values (%s, %s, %s, 0, 0, 0, 1)"
)
TABLES_NUES = """
    create table nues_places (like places including all);
    create table nues_inscriptions (like inscriptions including all);
    create table nues_mouvements (like mouvements_places including all);
"""
SANS_TABLES_NUES = "drop table nues_places, nues_inscriptions, nues_mouvements"
PRENDRE = (
    "update nues_places set admises = admises + 1, version = version + 1 where session_id = %s and admises < capacite returning version"
)
ECRIRE = "insert into nues_inscriptions select * from jsonb_populate_recordset(null::nues_inscriptions, %s::jsonb)"
NOTER = """
    insert into nues_mouvements (session_id, rang, inscription_id, cause, effectif_attendu, capacite, recues, admises, en_attente, le)
    values (%s, %s, %s, 'acceptation', 0, 0, 0, 1, 0, now())
"""


async def inscriptions_par_un_gestionnaire(url: str, collectivite: UUID, inscrire: Inscrire) -> list[Mesure]:
    """Registrations a second, hot and spread; a rush on few seats; a list of five hundred. `url` is the database of inscriptions."""
    async with await psycopg.AsyncConnection.connect(libpq(url), autocommit=True) as connexion:
        await connexion.execute(TABLES_NUES)
        try:
            terrain = Terrain(url, collectivite, inscrire, connexion)
            return [
                *await terrain.ruee(),
                *await terrain.debit("une session", await terrain.sessions(1, places=ESSAIS)),
                *await terrain.debit("mille sessions", await terrain.sessions(SESSIONS, places=ESSAIS)),
                await terrain.lot(),
            ]
        finally:
            await connexion.execute(SANS_TABLES_NUES)


class Terrain:
    """Agents and sessions made for the bench, and what is done with them."""

    def __init__(self, url: str, collectivite: UUID, inscrire: Inscrire, connexion: psycopg.AsyncConnection[Any]) -> None:
        self._url = libpq(url)
        self._collectivite = collectivite
        self._inscrire = inscrire
        self._connexion = connexion

    async def agents(self, combien: int) -> list[UUID]:
        curseur = await self._connexion.execute(AGENTS, (self._collectivite, combien))
        return [identifiant for (identifiant,) in await curseur.fetchall()]

    async def sessions(self, combien: int, *, places: int, mode: str = "sur_selection") -> list[UUID]:
        ids = [uuid4() for _ in range(combien)]
        async with self._connexion.cursor() as curseur:
            await curseur.executemany(SESSION, [(identifiant, mode) for identifiant in ids])
            for prefixe in ("", "nues_"):
                await curseur.executemany(REGISTRE.format(prefixe).encode(), [(identifiant, places, places) for identifiant in ids])
        return ids

    async def debit(self, ou: str, sessions: Sequence[UUID]) -> list[Mesure]:
        """Registrations a second, one agent each, and how long the slowest wait."""
        agents = await self.agents(ESSAIS)
        cibles = [sessions[rang % len(sessions)] for rang in range(ESSAIS)]
        nues, _ = await self._nues(cibles)
        plancher = ESSAIS / nues
        essais = [Essai(self._inscrire, session, agent) for session, agent in zip(cibles, agents, strict=True)]
        debut = time.perf_counter()
        durees = await chronometrer(essais, CLIENTS)
        debit = ESSAIS / (time.perf_counter() - debut)
        return [
            Mesure(f"inscriptions sur {ou}", "par s", CLIENTS, round(debit, 1), round(plancher, 1)),
            Mesure(f"inscriptions sur {ou}, p99", "ms", CLIENTS, round(statistics.quantiles(durees, n=100)[98], 1)),
            Mesure(f"inscriptions sur {ou}, erreurs", "", CLIENTS, sum(not essai.inscrit for essai in essais)),
        ]

    async def ruee(self) -> list[Mesure]:
        """Four hundred agents for a hundred seats, au fil de l'eau: the seats given, and the time until all are answered."""
        (session,) = await self.sessions(1, places=PLACES, mode="au_fil_de_l_eau")
        nues, prises = await self._nues([session] * ESSAIS)
        essais = [Essai(self._inscrire, session, agent) for agent in await self.agents(ESSAIS)]
        debut = time.perf_counter()
        await chronometrer(essais, CLIENTS)
        duree = time.perf_counter() - debut
        donnees = sum(essai.inscrit for essai in essais)
        return [
            Mesure(f"{ESSAIS} demandes pour {PLACES} places", "s", CLIENTS, round(duree, 2), round(nues, 3)),
            Mesure(f"{ESSAIS} demandes pour {PLACES} places, places données", "", CLIENTS, donnees, prises),
        ]

    async def lot(self) -> Mesure:
        """A list of five hundred in one command, against one bare insert of as many requests."""
        (session,) = await self.sessions(1, places=LOT)
        agents = await self.agents(LOT)
        debut = time.perf_counter()
        await self._connexion.execute(ECRIRE, (json.dumps([_demande(session) for _ in range(LOT)]),))
        nue = time.perf_counter() - debut
        debut = time.perf_counter()
        reponse = await self._inscrire(session, agents)
        duree = time.perf_counter() - debut
        if reponse["possibles"] != LOT:
            raise AssertionError(reponse)
        return Mesure(f"inscription collective de {LOT} agents", "ms", 1, round(duree * 1000), round(nue * 1000))

    async def _nues(self, cibles: Sequence[UUID]) -> tuple[float, int]:
        """Seconds for as many bare transactions of the three same writes, and how many found a seat."""
        connexions = [await psycopg.AsyncConnection.connect(self._url) for _ in range(CLIENTS)]
        libres = list(connexions)
        prises = 0

        async def une(session: UUID) -> None:
            nonlocal prises
            connexion = libres.pop()
            async with connexion.transaction():
                version = await (await connexion.execute(PRENDRE, (session,))).fetchone()
                if version is not None:
                    demande = _demande(session)
                    await connexion.execute(ECRIRE, (json.dumps([demande]),))
                    await connexion.execute(NOTER, (session, version[0], demande["id"]))
                    prises += 1
            libres.append(connexion)

        appels: list[Appel] = [partial(une, session) for session in cibles]
        debut = time.perf_counter()
        await chronometrer(appels, CLIENTS)
        duree = time.perf_counter() - debut
        for connexion in connexions:
            await connexion.close()
        return duree, prises


class Essai:
    """One agent registered alone; `inscrit` says whether he was, once answered."""

    def __init__(self, inscrire: Inscrire, session: UUID, agent: UUID) -> None:
        self._inscrire, self._session, self._agent = inscrire, session, agent
        self.inscrit = False

    async def __call__(self) -> None:
        try:
            self.inscrit = (await self._inscrire(self._session, [self._agent]))["appliquee"]
        except httpx.HTTPError:
            self.inscrit = False


def _demande(session: UUID) -> dict[str, Any]:
    """The row of a request, its agent whoever."""
    maintenant = "2026-11-24T12:00:00+00:00"
    instants = dict.fromkeys(("depose_le", "validee_le", "transmise_le", "modifiee_le", "echeance"), maintenant)
    identifiants = {champ: str(uuid4()) for champ in ("id", "numero", "agent_id", "collectivite_id")}
    mots = {
        "etat": "transmise",
        "etape": "instruction",
        "structure": "BRE",
        "motivation": "Une motivation.",
        "validee_par": "Une gestionnaire",
    }
    return {**identifiants, **instants, **mots, "session_id": str(session), "circuit_version": 0, "etapes": [], "priorite": 1}
