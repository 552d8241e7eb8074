"""Imports: their rows and their lines. Every query of a person takes his collectivité."""

import json
from collections.abc import AsyncIterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, literal_column, text, tuple_, update
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identity.domain.imports.analyse import Connu, Effectif, Ligne, Verdict
from services.identity.domain.imports.colonnes import CHAMPS
from services.identity.domain.portee import Portee
from services.identity.models import Agent, ExportAgents, ImportAgents, LigneImport, Service
from services.identity.repository.portee import agents_visibles

CANAL = "imports"
PROPRES = tuple(champ for champ in CHAMPS if champ not in {"service", "superieur"})


async def reveiller(session: AsyncSession) -> None:
    """Wakes the background task when this commits."""
    await session.execute(text(f"notify {CANAL}"))


async def ajouter_les_lignes(session: AsyncSession, import_id: UUID, lignes: Sequence[Ligne]) -> None:
    contenu = [{"numero": ligne.numero, "donnees": dict(ligne.cellules), "nirs": list(ligne.nirs)} for ligne in lignes]
    await session.execute(
        text(
            "insert into import_lignes (import_id, numero, donnees, nirs, averti, matricule, valeurs, messages)"
            " select :import_id, numero, donnees, nirs, false, '', '{}', '[]'"
            " from jsonb_to_recordset(cast(:lignes as jsonb)) as l(numero int, donnees jsonb, nirs text[])"
        ),
        {"import_id": import_id, "lignes": json.dumps(contenu)},
    )


async def lire(session: AsyncSession, collectivite_id: UUID, import_id: UUID, *, verrou: bool = False) -> ImportAgents | None:
    requete = select(ImportAgents).where(ImportAgents.id == import_id, ImportAgents.collectivite_id == collectivite_id)
    return (await session.exec(requete.with_for_update() if verrou else requete)).one_or_none()


async def lister(session: AsyncSession, collectivite_id: UUID, apres: tuple[Any, UUID] | None, taille: int) -> Sequence[ImportAgents]:
    """The most recent first."""
    requete = select(ImportAgents).where(ImportAgents.collectivite_id == collectivite_id)
    if apres is not None:
        requete = requete.where(tuple_(col(ImportAgents.depose_le), col(ImportAgents.id)) < apres)
    return (await session.exec(requete.order_by(col(ImportAgents.depose_le).desc(), col(ImportAgents.id).desc()).limit(taille))).all()


async def lignes_lues(
    session: AsyncSession, import_id: UUID, *, action: str | None, avertis: bool, apres: int, taille: int | None
) -> Sequence[LigneImport]:
    """Lines of the report, in the order of the file."""
    requete = select(LigneImport).where(LigneImport.import_id == import_id, col(LigneImport.numero) > apres)
    if action is not None:
        requete = requete.where(LigneImport.action == action)
    if avertis:
        requete = requete.where(LigneImport.averti)
    return (await session.exec(requete.order_by(col(LigneImport.numero)).limit(taille))).all()


async def oublier_les_lignes(session: AsyncSession, import_id: UUID) -> None:
    await session.execute(delete(LigneImport).where(col(LigneImport.import_id) == import_id))


async def a_faire(session: AsyncSession) -> Sequence[UUID]:
    """Imports under way, the oldest first."""
    requete = select(ImportAgents.id).where(text("etat in ('analyse', 'en_application')")).order_by(col(ImportAgents.depose_le))
    return (await session.exec(requete)).all()


async def a_moi_seul(session: AsyncSession, import_id: UUID) -> bool:
    """Whether no other process works on it, until the end of this transaction."""
    requete = text("select pg_try_advisory_xact_lock(hashtextextended('import:' || :id, 0))")
    return bool((await session.execute(requete, {"id": str(import_id)})).scalar_one())


async def avancer(session: AsyncSession, import_id: UUID, depuis: str | None, **valeurs: Any) -> None:
    """Note where an import is, unless it left the state `depuis` meanwhile (abandoned by somebody)."""
    requete = update(ImportAgents).where(col(ImportAgents.id) == import_id)
    if depuis is not None:
        requete = requete.where(col(ImportAgents.etat) == depuis)
    await session.execute(requete.values(**valeurs))


async def lignes_a_analyser(session: AsyncSession, import_id: UUID) -> list[Ligne]:
    requete = (
        select(col(LigneImport.numero), col(LigneImport.donnees), col(LigneImport.nirs))
        .where(LigneImport.import_id == import_id)
        .order_by(col(LigneImport.numero))
    )
    return [Ligne(numero, donnees, tuple(nirs)) for numero, donnees, nirs in (await session.exec(requete)).all()]


async def effectif(session: AsyncSession, collectivite_id: UUID) -> Effectif:
    services = (await session.exec(select(Service.code, Service.nom).where(Service.collectivite_id == collectivite_id))).all()
    requete = _agents().where(col(Agent.collectivite_id) == collectivite_id)
    agents = [Connu(str(ligne[0]), _valeurs(ligne)) for ligne in (await session.execute(requete)).all()]
    return Effectif(dict(services), agents)


async def agents_a_exporter(session: AsyncSession, portee: Portee) -> AsyncIterator[dict[str, str]]:
    """In alphabetical order, as they are read."""
    requete = _agents().where(agents_visibles(portee)).order_by(col(Agent.recherche), col(Agent.id))
    async for ligne in await session.stream(requete.execution_options(yield_per=1000)):
        yield _valeurs(ligne)


async def noter_l_export(session: AsyncSession, portee: Portee, **trace: Any) -> None:
    nombre = (await session.exec(select(func.count()).select_from(Agent).where(agents_visibles(portee)))).one()
    session.add(ExportAgents(nombre=nombre, **trace))


def _agents() -> Any:
    superieur = aliased(Agent)
    colonnes = [getattr(Agent, champ) for champ in PROPRES]
    return (
        select(col(Agent.id), *colonnes, col(Service.code), superieur.matricule)  # type: ignore[call-overload]
        .join(Service, col(Service.id) == Agent.service_id, isouter=True)
        .join(superieur, col(superieur.id) == Agent.superieur_id, isouter=True)
    )


def _valeurs(ligne: Sequence[Any]) -> dict[str, str]:
    """As the domain compares them: texts, ISO dates, nothing for what is unknown."""
    noms = (*PROPRES, "service", "superieur")
    ecrites = (
        (nom, valeur.isoformat() if isinstance(valeur, date) else str(valeur))
        for nom, valeur in zip(noms, ligne[1:], strict=True)
        if valeur is not None
    )
    return {nom: valeur for nom, valeur in ecrites if valeur}


async def ecrire_les_verdicts(session: AsyncSession, import_id: UUID, verdicts: Sequence[Verdict]) -> None:
    contenu = [
        {
            "numero": verdict.numero,
            "action": verdict.action,
            "averti": verdict.averti,
            "matricule": verdict.matricule,
            "agent_id": verdict.agent_id,
            "valeurs": verdict.valeurs,
            "messages": [{"champ": m.champ, "texte": m.texte, "avertissement": m.avertissement} for m in verdict.messages],
        }
        for verdict in verdicts
    ]
    await session.execute(
        text(
            "update import_lignes l set action = v.action, averti = v.averti, matricule = v.matricule,"
            " agent_id = coalesce(v.agent_id, gen_random_uuid()), valeurs = v.valeurs, messages = v.messages"
            " from jsonb_to_recordset(cast(:verdicts as jsonb))"
            " as v(numero int, action text, averti bool, matricule text, agent_id uuid, valeurs jsonb, messages jsonb)"
            " where l.import_id = :import_id and l.numero = v.numero"
        ),
        {"import_id": import_id, "verdicts": json.dumps(contenu)},
    )


async def compter(session: AsyncSession, import_id: UUID) -> dict[str, int]:
    """Lines by action, and those with a warning."""
    requete = select(LigneImport.action, func.count(), func.count().filter(literal_column("averti"))).where(
        LigneImport.import_id == import_id
    )
    lignes = (await session.exec(requete.group_by(LigneImport.action))).all()
    return {str(action): nombre for action, nombre, _ in lignes} | {"avertissement": sum(avertis for _, _, avertis in lignes)}
