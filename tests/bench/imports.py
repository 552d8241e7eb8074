"""Ten thousand agents imported from a CSV, read, analysed and applied, against a bare COPY of the same rows in the same database."""

import asyncio
import io
import time
from collections.abc import Sequence
from datetime import date
from uuid import uuid4

import psycopg

from services.contracts.acteur import Role
from services.contracts.ids import collectivite_id
from services.identity.domain.imports.etats import Choix
from services.identity.service import imports
from services.identity.service.travail_imports import traiter_les_imports
from services.identity.tableurs.feuille import Limites
from services.identity.tableurs.lecture import lire
from services.kit.database import Database, libpq
from tests.acteurs import un_acteur
from tests.bench.mesure import Mesure

AGENTS = 10_000
ENTETE = "Matricule;Civilité;Nom d’usage;Prénom;Date de naissance;E-mail;Statut;Fonction;Supérieur"
COLONNES = "id, personne_id, collectivite_id, matricule, civilite, nom, prenom, date_naissance, email, statut, fonction, temps_travail"
ROCHEBRUNE = collectivite_id("21350950800015")
LIMITES = Limites(octets=20_000_000, lignes=50_000)


def lignes() -> list[tuple[str, ...]]:
    return [
        (
            f"B{n:05d}",
            "Mme",
            f"Nom {n}",
            "Anne",
            "01/03/1985",
            f"a{n}@bench.example",
            "titulaire",
            "Jardinière",
            f"B{n // 10:05d}" if n else "",
        )
        for n in range(AGENTS)
    ]


async def import_de_dix_mille(url: str) -> list[Mesure]:
    """Seconds of each step and of the whole; the agents stay. `url` is the database of identity."""
    agents = lignes()
    plancher = round(await copie_nue(url, agents), 2)
    contenu = "\r\n".join([ENTETE, *(";".join(agent) for agent in agents)]).encode("utf-8-sig")
    database = Database(url)
    gestionnaire = un_acteur(Role.GESTIONNAIRE, collectivite_id=ROCHEBRUNE)
    try:
        debut = time.perf_counter()
        entete, lues = await asyncio.to_thread(lambda: imports.lignes_de(lire(io.BytesIO(contenu), LIMITES)))
        async with database.transaction() as session:
            depose = await imports.deposer(session, gestionnaire, nom="bench.csv", entete=entete, lignes=lues)
        recu = time.perf_counter()
        await jusqu_a_l_etat(database, depose.id, "pret")
        analyse = time.perf_counter()
        async with database.transaction() as session:
            await imports.appliquer(session, gestionnaire, depose.id, Choix.RIEN_SI_ERREUR)
        await jusqu_a_l_etat(database, depose.id, "applique")
        fin = time.perf_counter()
    finally:
        await database.dispose()
    durees = {"lecture et dépôt": recu - debut, "analyse": analyse - recu, "application": fin - analyse, "en tout": fin - debut}
    return [Mesure(f"import de 10 000 agents, {etape}", "s", 1, round(duree, 2), plancher) for etape, duree in durees.items()]


async def jusqu_a_l_etat(database: Database, import_id: object, etat: str) -> None:
    """Work until the import is there; another process of the stack may be working too."""
    async with asyncio.timeout(120):
        while True:
            await traiter_les_imports(database)
            async with await psycopg.AsyncConnection.connect(libpq(database.url)) as connexion:
                lu = await (await connexion.execute("select etat from imports where id = %s", (import_id,))).fetchone()
            if lu == (etat,):
                return
            await asyncio.sleep(0.02)


async def copie_nue(url: str, agents: Sequence[tuple[str, ...]]) -> float:
    """Seconds of one COPY of the same rows to the same table, indexes and constraints included; rolled back."""
    async with await psycopg.AsyncConnection.connect(libpq(url)) as connexion:
        debut = time.perf_counter()
        async with connexion.cursor() as curseur:
            async with curseur.copy(f"copy agents ({COLONNES}, actif, version, empreinte) from stdin".encode()) as copie:
                for agent in agents:
                    matricule, civilite, nom, prenom, _, email, statut, fonction, _ = agent
                    identifiant = uuid4()
                    identite = (identifiant, identifiant, ROCHEBRUNE, matricule, civilite, nom, prenom, date(1985, 3, 1))
                    await copie.write_row((*identite, email, statut, fonction, 100, True, 0, ""))
            duree = time.perf_counter() - debut
        await connexion.rollback()
    return duree
