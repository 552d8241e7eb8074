"""The floors: the least that each kind of work can cost on this machine, measured in the same run."""

import asyncio
import io
import time
from datetime import timedelta
from functools import partial
from uuid import uuid4

import psycopg
from pwdlib import PasswordHash
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas
from temporalio.client import Client
from temporalio.worker import Worker

from services.kit.database import libpq
from tests.bench.mesure import Appel, chronometrer, quantiles
from tests.bench.rien import Rien

ESSAIS = 200
FILE = "bench"


async def transaction_nue(url: str, clients: int) -> float:
    """Median of begin, one insert, commit, in milliseconds."""
    adresse = libpq(url)
    connexions = [await psycopg.AsyncConnection.connect(adresse) for _ in range(clients)]
    try:
        async with connexions[0].transaction():
            await connexions[0].execute("create table if not exists plancher (n int)")
        libres = list(connexions)

        async def une() -> None:
            connexion = libres.pop()
            async with connexion.transaction():
                await connexion.execute("insert into plancher values (1)")
            libres.append(connexion)

        p50, _ = quantiles(await chronometrer([une] * ESSAIS, clients))
        async with connexions[0].transaction():
            await connexions[0].execute("drop table plancher")
    finally:
        for connexion in connexions:
            await connexion.close()
    return p50


async def workflow_nu(adresse: str, clients: int) -> float:
    """Median of starting a workflow that does nothing and having its result, in milliseconds."""
    client = await Client.connect(adresse)

    async def un() -> None:
        await client.execute_workflow(Rien.run, id=f"rien:{uuid4()}", task_queue=FILE, run_timeout=timedelta(minutes=1))

    async with Worker(client, task_queue=FILE, workflows=[Rien]):
        p50, _ = quantiles(await chronometrer([un] * ESSAIS, clients))
    return p50


def argon2_nu(mot_de_passe: str) -> Appel:
    """Check a password as the library recommends, in a thread, and nothing else."""
    hachage = PasswordHash.recommended()
    return partial(asyncio.to_thread, hachage.verify, mot_de_passe, hachage.hash(mot_de_passe))


def page_nue() -> float:
    """Median of a PDF of one page with one line, in milliseconds."""
    durees = []
    for _ in range(ESSAIS):
        debut = time.perf_counter()
        canvas = Canvas(io.BytesIO(), pagesize=A4)
        canvas.drawString(72, 720, "Convocation")
        canvas.save()
        durees.append((time.perf_counter() - debut) * 1000)
    return quantiles(durees)[0]
