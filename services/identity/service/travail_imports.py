"""The work of imports, beside HTTP: analysis, then application. One process at a time on each; what a restart cut is done again."""

import asyncio
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identity.domain.imports.analyse import Verdict, analyser
from services.identity.domain.imports.etats import EtatImport
from services.identity.models import ImportAgents
from services.identity.repository import application
from services.identity.repository import imports as repository
from services.identity.repository.publication import verrouiller
from services.identity.service.publication import publier_la_collectivite
from services.kit.background import leave_if_cancelled
from services.kit.clock import day_of, now
from services.kit.context import Context
from services.kit.database import OUTAGES, Database
from services.kit.french import nombre
from services.kit.logs import get_logger
from services.kit.wake import Wake

LOT = 1000
NOMMEES = 5
PANNE = "Une erreur est survenue de notre côté, et rien n’a été importé. Elle a été notée. Déposez de nouveau le fichier."

log = get_logger(__name__)


async def traiter_les_imports_sans_fin(context: Context) -> None:
    """Do what is asked until cancelled: at each NOTIFY, and every few seconds for what another process left."""
    reveil = Wake(context.database.url, repository.CANAL)
    async with asyncio.TaskGroup() as group:
        group.create_task(reveil.listen())
        group.create_task(_vider_sans_fin(context, reveil))


async def _vider_sans_fin(context: Context, reveil: Wake) -> None:
    while True:
        leave_if_cancelled()
        reveil.clear()
        try:
            await traiter_les_imports(context.database)
        except OUTAGES as error:
            log.warning("imports.interrompus", error=type(error).__name__)
        await reveil.wait()


async def traiter_les_imports(database: Database) -> None:
    """One step of each import under way, that no other process holds."""
    async with database.transaction() as session:
        en_cours = await repository.a_faire(session)
    for import_id in en_cours:
        leave_if_cancelled()
        async with database.transaction() as garde:
            if await repository.a_moi_seul(garde, import_id):
                await _traiter(database, import_id)


async def _traiter(database: Database, import_id: UUID) -> None:
    try:
        async with database.transaction() as session:
            en_cours = await session.get(ImportAgents, import_id)
        if en_cours is None:
            return
        if en_cours.etat == EtatImport.ANALYSE:
            await _analyser(database, en_cours)
        elif en_cours.etat == EtatImport.EN_APPLICATION:
            await _appliquer(database, en_cours)
    except OUTAGES:
        raise
    except Exception:
        # A file that cannot be dealt with must not keep the others waiting.
        log.exception("import.echoue", import_id=str(import_id))
        await _noter(database, import_id, etat=EtatImport.ABANDONNE, message=PANNE)


async def _analyser(database: Database, depose: ImportAgents) -> None:
    async with database.transaction() as session:
        lignes = await repository.lignes_a_analyser(session, depose.id)
        effectif = await repository.effectif(session, depose.collectivite_id)
    verdicts = await asyncio.to_thread(analyser, lignes, effectif, day_of(now()))
    for debut in range(0, len(verdicts), LOT):
        leave_if_cancelled()
        await _garder(database, depose.id, verdicts[debut : debut + LOT], fait=debut)
    async with database.transaction() as session:
        compteurs = await repository.compter(session, depose.id)
        await repository.avancer(session, depose.id, EtatImport.ANALYSE, etat=EtatImport.PRET, fait=len(verdicts), compteurs=compteurs)
    log.info("import.analyse", import_id=str(depose.id), **compteurs)


async def _garder(database: Database, import_id: UUID, verdicts: list[Verdict], *, fait: int) -> None:
    async with database.transaction() as session:
        await repository.ecrire_les_verdicts(session, import_id, verdicts)
        await repository.avancer(session, import_id, EtatImport.ANALYSE, fait=fait + len(verdicts))


async def _appliquer(database: Database, demande: ImportAgents) -> None:
    try:
        async with database.transaction() as session:
            await verrouiller(session, demande.collectivite_id)
            perimees = await application.perimees(session, demande.id, demande.collectivite_id)
            if not perimees:
                await _ecrire(database, session, demande)
    except IntegrityError:
        # Somebody created one of these agents at the same instant.
        await _reprendre(database, demande, "")
        return
    if perimees:
        await _reprendre(database, demande, _designer(perimees))
    else:
        log.info("import.applique", import_id=str(demande.id), agents=demande.total)


async def _ecrire(database: Database, session: AsyncSession, demande: ImportAgents) -> None:
    """The agents, what the other services must know of them, and the end of the import: together or not at all."""
    await application.tracer(session, demande, now())
    async for fait in application.appliquer(session, demande.id, demande.collectivite_id):
        # In a transaction of its own, so that the person who waits sees it.
        await _noter(database, demande.id, fait=fait)
    await publier_la_collectivite(session, demande.collectivite_id)
    await repository.avancer(
        session, demande.id, EtatImport.EN_APPLICATION, etat=EtatImport.APPLIQUE, fait=demande.total, applique_le=now()
    )


async def _reprendre(database: Database, demande: ImportAgents, lesquelles: str) -> None:
    """Nothing was written: the file is analysed again on the agents as they are now, and read over before it is applied."""
    message = (
        f"Des agents ou des services ont changé depuis l’analyse{lesquelles}. Rien n’a été importé"
        "\N{NO-BREAK SPACE}: le fichier est analysé de nouveau, relisez le compte rendu avant de l’appliquer."
    )
    await _noter(database, demande.id, etat=EtatImport.ANALYSE, message=message, choix=None, applique_par=None, fait=0)
    async with database.transaction() as session:
        await repository.reveiller(session)


def _designer(numeros: list[int]) -> str:
    nommees = ", ".join(str(numero) for numero in numeros[:NOMMEES])
    autres = len(numeros) - NOMMEES
    suite = f" et {nombre(autres)} autre{'s' if autres > 1 else ''}" if autres > 0 else ""
    return f" (ligne{'s' if len(numeros) > 1 else ''} {nommees}{suite})"


async def _noter(database: Database, import_id: UUID, **valeurs: object) -> None:
    async with database.transaction() as session:
        await repository.avancer(session, import_id, None, **valeurs)
