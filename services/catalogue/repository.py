"""Every query of the catalogue. Who may see a session is decided here, in SQL, and nowhere else."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, Select, cast, false, func, or_, text, true, tuple_, update
from sqlalchemy import select as select_columns
from sqlalchemy.dialects.postgresql import array, insert
from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.catalogue import domain
from services.catalogue.models import ChangementDeSession, Collectivite, PlacesDeLaSession, Regroupement, SessionDeStage, Stage, Structure
from services.contracts.catalogue import ModeAdmission

CONFIGURATION = "francais"
"""Text search configuration of the migrations: French stems, accents ignored."""
PRECISION_DU_RANG = 1_000_000
"""A relevance is compared as an integer, so that a cursor can hold it exactly."""
LETTRES_D_UN_DEBUT = 3
ENTIER_MAXIMAL = 2**31 - 1
PAR_DATE = (col(SessionDeStage.debut), col(SessionDeStage.id))


@dataclass(frozen=True, kw_only=True)
class Criteres:
    """What a list is narrowed by. `fermees` adds the sessions that take no request any more."""

    mots: Sequence[str] = ()
    structure: str | None = None
    fermees: bool = False


@dataclass(frozen=True, kw_only=True)
class Position:
    """Where a page ends. Lists go by decreasing relevance (0 without words), then by date, then by id."""

    pertinence: int
    debut: date
    id: UUID

    def __post_init__(self) -> None:
        if not 0 <= self.pertinence <= ENTIER_MAXIMAL:
            raise ValueError(self.pertinence)


@dataclass(frozen=True, kw_only=True)
class Trouvee:
    etat: domain.EtatDuStage
    position: Position


_Rows = Select[SessionDeStage, Stage, Structure, PlacesDeLaSession, int]


async def lister(
    session: AsyncSession,
    perimetre: domain.Perimetre,
    criteres: Criteres,
    *,
    maintenant: datetime,
    apres: Position | None,
    nombre: int,
) -> list[Trouvee]:
    """Up to `nombre` sessions that `perimetre` may see, after `apres`: two statements whatever their number."""
    pertinence: ColumnElement[int] = cast(0, Integer)
    if criteres.mots:
        pertinence = cast(func.ts_rank_cd(SessionDeStage.recherche, _question(criteres.mots)) * PRECISION_DU_RANG, Integer)
    ordre = [pertinence.desc()] if criteres.mots else []
    lignes = _lignes(pertinence).where(_visible(perimetre), *_filtres(criteres, maintenant), *_apres(apres, pertinence))
    return await _lire(session, lignes.order_by(*ordre, *PAR_DATE).limit(nombre))


async def trouver(session: AsyncSession, perimetre: domain.Perimetre, session_id: UUID) -> domain.EtatDuStage | None:
    """One session with its figures; None when there is none or `perimetre` may not see it."""
    trouvees = await _lire(session, _lignes(cast(0, Integer)).where(_visible(perimetre), col(SessionDeStage.id) == session_id))
    return trouvees[0].etat if trouvees else None


async def verrouiller(session: AsyncSession, session_id: UUID) -> None:
    """Whoever changes this session does so alone."""
    await session.execute(select(SessionDeStage).where(col(SessionDeStage.id) == session_id).with_for_update())


async def changer_l_accueil(session: AsyncSession, session_id: UUID, accueil: domain.Accueil, changement: domain.Changement) -> None:
    """The new figures, the version they make, and who wanted them."""
    valeurs = {**asdict(accueil), "version": changement.version}
    await session.execute(update(SessionDeStage).where(col(SessionDeStage.id) == session_id).values(valeurs))
    session.add(ChangementDeSession(session_id=session_id, **asdict(changement)))
    await session.flush()


async def changements(session: AsyncSession, session_id: UUID) -> list[domain.Changement]:
    """The newest first."""
    requete = select(ChangementDeSession).where(col(ChangementDeSession.session_id) == session_id)
    lus = await session.exec(requete.order_by(col(ChangementDeSession.version).desc()))
    return [domain.Changement(**lu.model_dump(exclude={"session_id"})) for lu in lus]


def _question(mots: Sequence[str]) -> ColumnElement[Any]:
    """All these words; the last may still be being typed, once it has three letters."""
    debut_de_mot = ":*" if len(mots[-1]) >= LETTRES_D_UN_DEBUT else ""
    return func.to_tsquery(CONFIGURATION, " & ".join(mots) + debut_de_mot)


def _filtres(criteres: Criteres, maintenant: datetime) -> list[ColumnElement[bool]]:
    filtres: list[ColumnElement[bool]] = []
    if criteres.mots:
        filtres.append(col(SessionDeStage.recherche).op("@@")(_question(criteres.mots)))
    if criteres.structure is not None:
        filtres.append(col(SessionDeStage.structure_code) == criteres.structure)
    if not criteres.fermees:
        filtres += [col(SessionDeStage.etat) == domain.Etat.PUBLIEE, col(SessionDeStage.date_limite) >= maintenant]
    return filtres


def _apres(position: Position | None, pertinence: ColumnElement[int]) -> list[ColumnElement[bool]]:
    if position is None:
        return []
    suite = tuple_(*PAR_DATE) > tuple_(position.debut, position.id)
    return [or_(pertinence < position.pertinence, (pertinence == position.pertinence) & suite)]


def _visible(perimetre: domain.Perimetre) -> ColumnElement[bool]:
    if perimetre.tout:
        return true()
    raisons: list[ColumnElement[bool]] = [false()]
    if perimetre.structure is not None:
        raisons.append(col(SessionDeStage.structure_code) == perimetre.structure)
    if perimetre.collectivite_id is not None:
        collectivite_id = perimetre.collectivite_id
        # Unknown here until identity's event comes: then no département, and only what is national or names it.
        departement = select(Collectivite.departement).where(col(Collectivite.id) == collectivite_id).scalar_subquery()
        raisons += [
            col(SessionDeStage.aire_nationale).is_(True),
            col(SessionDeStage.aire_departements).op("@>")(array([departement])),
            col(SessionDeStage.aire_collectivites).op("@>")(array([collectivite_id])),
        ]
    return or_(*raisons)


def _lignes(pertinence: ColumnElement[int]) -> _Rows:
    return (
        select_columns(SessionDeStage, Stage, Structure, PlacesDeLaSession, pertinence)
        .join(Stage, col(SessionDeStage.stage_code) == col(Stage.code))
        .join(Structure, col(SessionDeStage.structure_code) == col(Structure.code))
        .outerjoin(PlacesDeLaSession, col(SessionDeStage.id) == col(PlacesDeLaSession.session_id))
    )


async def _lire(session: AsyncSession, lignes: _Rows) -> list[Trouvee]:
    lues = (await session.execute(lignes)).all()
    regroupements = await _regroupements(session, [ligne[0].id for ligne in lues])
    return [
        Trouvee(
            etat=domain.EtatDuStage(session=_session(s, stage, structure, regroupements[s.id]), places=_places(places)),
            position=Position(pertinence=pertinence, debut=s.debut, id=s.id),
        )
        for s, stage, structure, places, pertinence in lues
    ]


async def _regroupements(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, list[domain.Regroupement]]:
    par_session: dict[UUID, list[domain.Regroupement]] = defaultdict(list)
    if ids:
        lues = await session.exec(
            select(Regroupement).where(col(Regroupement.session_id).in_(ids)).order_by(col(Regroupement.session_id), col(Regroupement.rang))
        )
        for r in lues:
            par_session[r.session_id].append(
                domain.Regroupement(debut=r.debut, fin=r.fin, heure_debut=r.heure_debut, heure_fin=r.heure_fin)
            )
    return par_session


def _session(s: SessionDeStage, stage: Stage, structure: Structure, regroupements: Sequence[domain.Regroupement]) -> domain.Session:
    return domain.Session(
        id=s.id,
        version=s.version,
        stage=_stage(stage),
        numero=s.numero,
        structure=domain.Structure(code=structure.code, nom=structure.nom),
        lieu=s.lieu,
        adresse=s.adresse,
        regroupements=tuple(regroupements),
        date_limite=s.date_limite,
        effectif_attendu=s.effectif_attendu,
        effectif_minimum=s.effectif_minimum,
        conseiller=s.conseiller,
        conseiller_email=s.conseiller_email,
        aire=domain.Aire(nationale=s.aire_nationale, departements=tuple(s.aire_departements), collectivites=tuple(s.aire_collectivites)),
        etat=domain.Etat(s.etat),
        mode_admission=ModeAdmission(s.mode_admission),
        liste_attente=s.liste_attente,
    )


def _stage(stage: Stage) -> domain.Stage:
    organisation, nature = domain.Organisation(stage.organisation), domain.Nature(stage.nature)
    return domain.Stage(**stage.model_dump(exclude={"organisation", "nature"}), organisation=organisation, nature=nature)


def _places(places: PlacesDeLaSession | None) -> domain.Places:
    if places is None:
        return domain.Places()
    return domain.Places(recues=places.recues, admises=places.admises, en_attente=places.en_attente)


async def retenir_collectivite(session: AsyncSession, collectivite_id: UUID, *, version: int, departement: str) -> None:
    await _retenir(session, Collectivite, "id", {"id": collectivite_id, "version": version, "departement": departement})


async def retenir_places(session: AsyncSession, session_id: UUID, *, version: int, places: domain.Places) -> None:
    await _retenir(session, PlacesDeLaSession, "session_id", {"session_id": session_id, "version": version, **asdict(places)})


async def _retenir(session: AsyncSession, table: type[SQLModel], cle: str, valeurs: dict[str, Any]) -> None:
    """Keep the highest version: events may come late, twice or out of order."""
    nouvelle = insert(table).values(valeurs)
    colonnes = {nom: nouvelle.excluded[nom] for nom in valeurs if nom != cle}
    connue = table.__table__.c.version  # type: ignore[attr-defined]
    await session.execute(nouvelle.on_conflict_do_update(index_elements=[cle], set_=colonnes, where=connue < nouvelle.excluded.version))


async def a_des_sessions(session: AsyncSession) -> bool:
    return (await session.exec(select(SessionDeStage.id).limit(1))).first() is not None


async def ajouter(
    session: AsyncSession, structures: Sequence[domain.Structure], stages: Sequence[domain.Stage], sessions: Sequence[domain.Session]
) -> None:
    """Write new structures, stages and sessions: one statement a table, whatever their number."""
    lots: list[tuple[type[SQLModel], list[dict[str, Any]]]] = [
        (Structure, [asdict(structure) for structure in structures]),
        (Stage, [asdict(stage) for stage in stages]),
        (SessionDeStage, [_valeurs(s) for s in sessions]),
        (Regroupement, [{"session_id": s.id, "rang": rang, **asdict(r)} for s in sessions for rang, r in enumerate(s.regroupements)]),
    ]
    for table, lot in lots:
        if lot:
            await session.execute(insert(table), lot)
    await _indexer(session, [s.id for s in sessions])


def _valeurs(s: domain.Session) -> dict[str, Any]:
    return {
        "id": s.id,
        "version": s.version,
        "stage_code": s.stage.code,
        "numero": s.numero,
        "structure_code": s.structure.code,
        "lieu": s.lieu,
        "adresse": s.adresse,
        "debut": s.debut,
        "fin": s.fin,
        "date_limite": s.date_limite,
        "effectif_attendu": s.effectif_attendu,
        "effectif_minimum": s.effectif_minimum,
        "conseiller": s.conseiller,
        "conseiller_email": s.conseiller_email,
        "aire_nationale": s.aire.nationale,
        "aire_departements": list(s.aire.departements),
        "aire_collectivites": list(s.aire.collectivites),
        "etat": s.etat,
        "mode_admission": s.mode_admission,
        "liste_attente": s.liste_attente,
    }


async def _indexer(session: AsyncSession, ids: Sequence[UUID]) -> None:
    """Gather the words of these sessions: code (with and without its space) and intitulé first, then domaine and place, then the rest."""
    await session.execute(
        text(
            "update sessions s set recherche ="
            " setweight(to_tsvector('francais', concat_ws(' ', t.code, s.numero, t.code || s.numero, t.intitule)), 'A')"
            " || setweight(to_tsvector('francais', concat_ws(' ', t.domaine, s.lieu)), 'B')"
            " || setweight(to_tsvector('francais', concat_ws(' ', t.objectifs, t.public, p.nom)), 'C')"
            " from stages t, structures p where t.code = s.stage_code and p.code = s.structure_code and s.id = any(:ids)"
        ),
        {"ids": list(ids)},
    )
