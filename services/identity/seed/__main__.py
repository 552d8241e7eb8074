"""`IEL_DATABASE_URL=… python -m services.identity.seed deploy/demo`."""

import asyncio
import os
import sys
from pathlib import Path

from services.identity.seed.chargement import Bilan, charger
from services.identity.seed.fichiers import DonneesRefuseesError, lire
from services.kit.database import Database
from services.kit.french import NBSP, nombre


async def main(dossier: Path, url: str) -> Bilan:
    donnees = await asyncio.to_thread(lire, dossier)
    database = Database(url)
    try:
        async with database.transaction() as session:
            return await charger(session, donnees)
    finally:
        await database.dispose()


def raconter(bilan: Bilan) -> str:
    if bilan.deja_charge:
        return f"Identité{NBSP}: déjà chargé."
    lignes = ", ".join(f"{nombre(nombre_de_lignes)}{NBSP}{quoi}" for quoi, nombre_de_lignes in bilan.lignes.items() if nombre_de_lignes)
    return f"Identité{NBSP}: {lignes or 'aucune ligne nouvelle'}, {nombre(bilan.evenements)}{NBSP}événements à publier."


if __name__ == "__main__":
    try:
        bilan = asyncio.run(main(Path(sys.argv[1]), os.environ["IEL_DATABASE_URL"]))
    except DonneesRefuseesError as refus:
        sys.exit("\n".join([f"Rien n’a été chargé{NBSP}:", *refus.anomalies]))
    sys.stdout.write(raconter(bilan) + "\n")
