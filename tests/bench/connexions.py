"""Logins a second and a core, against bare argon2: what the rest of a login costs is what the ratio lacks to be one."""

import os
import time
from functools import partial

import httpx
import psycopg

from services.identity.secret import VERIFICATIONS_A_LA_FOIS
from services.kit.database import libpq
from tests.bench.mesure import Appel, Mesure, chronometrer
from tests.bench.planchers import argon2_nu
from tests.parcours import MOT_DE_PASSE

CONNEXIONS = 80
CLIENTS = 8
COEURS = len(os.sched_getaffinity(0))


async def connexions_par_coeur(http: httpx.AsyncClient, url: str) -> Mesure:
    """Through the gateway, one account after the other: tries on the same wait for each other. `url` is the database of identity."""
    plancher = await _par_coeur([argon2_nu(MOT_DE_PASSE)] * CONNEXIONS, VERIFICATIONS_A_LA_FOIS)
    async with await psycopg.AsyncConnection.connect(libpq(url)) as connexion:
        comptes = await (await connexion.execute("select identifiant from comptes where mot_de_passe is not null and actif")).fetchall()

    async def connecter(identifiant: str) -> None:
        corps = {"identifiant": identifiant, "mot_de_passe": MOT_DE_PASSE}
        (await http.post("/api/identity/v1/sessions", json=corps)).raise_for_status()

    appels: list[Appel] = [partial(connecter, *comptes[rang % len(comptes)]) for rang in range(CONNEXIONS)]
    return Mesure("connexions par seconde et par cœur", "", CLIENTS, await _par_coeur(appels, CLIENTS), plancher)


async def _par_coeur(appels: list[Appel], clients: int) -> float:
    debut = time.perf_counter()
    await chronometrer(appels, clients)
    return round(len(appels) / (time.perf_counter() - debut) / COEURS, 1)
