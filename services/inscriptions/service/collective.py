"""A gestionnaire registers agents for a session, one or hundreds: examined line by line, written in one transaction.

His request is the validation: it is transmitted at once, with the visa of the collectivité, and needs no avis.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy.exc import IntegrityError
from sqlmodel.ext.asyncio.session import AsyncSession

from services.contracts.acteur import Acteur, Droit
from services.contracts.catalogue import Regroupement
from services.contracts.inscriptions import DepotEnregistre, EtapeCourante, Etat, EtatChange
from services.inscriptions import libelles
from services.inscriptions.domain.admission import Sort
from services.inscriptions.domain.collective import Obstacle, jours_communs
from services.inscriptions.domain.etats import AU_FIL_DE_L_EAU, Mouvement
from services.inscriptions.domain.journal import ORIGINE, Canal, Entree, Fait
from services.inscriptions.models import Agent, Collectivite, Places, Session
from services.inscriptions.repository import collectives
from services.inscriptions.repository import places as registre
from services.inscriptions.schemas import CandidatsPublic, Choix, CollectiveCreate, CollectivePublic, LigneCollective
from services.inscriptions.service.admission import ADMISSION, FAITS, accueil
from services.inscriptions.service.depot import exiger_operationnelle, session_ouverte
from services.inscriptions.service.journal import CIRCUIT
from services.inscriptions.service.places import chiffres as chiffres_publies
from services.inscriptions.service.places import visa
from services.kit.clock import PARIS, now
from services.kit.french import date_longue
from services.kit.outbox import publish_many
from services.kit.problems import Conflict, Forbidden, Unavailable

CANDIDATS_AU_PLUS = 500
ETAPES = {Etat.ACCEPTEE: EtapeCourante.CONVOCATION}


class Examen(NamedTuple):
    """One agent before the session: what would stop him, what is worth knowing."""

    agent_id: UUID
    agent: Agent | None
    obstacle: Obstacle | None
    avertissements: list[str]


class Nouvelle(NamedTuple):
    """A request about to be written."""

    id: UUID
    numero: str
    priorite: int
    agent_id: UUID
    sort: Sort


async def candidats(session: AsyncSession, acteur: Acteur, session_id: UUID, *, texte: str, service: str) -> CandidatsPublic:
    """The agents whom the acteur may register for this session, each with the outcome he would have alone."""
    demandee, _ = await _ouvrir(session, acteur, session_id)
    trouves = await collectives.chercher(session, acteur, texte=texte, service=service, combien=CANDIDATS_AU_PLUS + 1)
    places = await session.get(Places, session_id)
    if places is None:
        raise _pas_encore_la()
    examens = await _examiner(session, acteur, demandee, trouves[:CANDIDATS_AU_PLUS])
    seul = accueil(demandee, places).repartir(1)[0]
    return CandidatsPublic(
        services=await collectives.services(session, acteur),
        lignes=[_ligne(examen, None if examen.obstacle else seul) for examen in examens],
        tronque=len(trouves) > CANDIDATS_AU_PLUS,
    )


async def inscrire(session: AsyncSession, acteur: Acteur, demande: CollectiveCreate) -> CollectivePublic:
    """Register these agents, or say what each would become; all or none, or those who can, as chosen."""
    demandee, collectivite = await _ouvrir(session, acteur, demande.session_id)
    # Held from here: the seats seen are those given.
    places = await registre.tenir(session, demandee.id)
    if places is None:
        raise _pas_encore_la()
    ids = list(dict.fromkeys(demande.agents))
    connus = await collectives.agents(session, acteur, ids)
    examens = await _examiner(session, acteur, demandee, [connus.get(agent_id) or agent_id for agent_id in ids])
    sorts = iter(accueil(demandee, places).repartir(sum(examen.obstacle is None for examen in examens)))
    issues = [(examen, None if examen.obstacle else next(sorts)) for examen in examens]
    lignes = [_ligne(examen, sort) for examen, sort in issues]
    bonnes = [(ligne, sort) for ligne, (_, sort) in zip(lignes, issues, strict=True) if sort is not None]
    applicable = bool(bonnes) and (len(bonnes) == len(lignes) or demande.choix is Choix.LES_AUTRES)
    if applicable and not demande.essai:
        await _ecrire(session, acteur, collectivite, demandee, places, bonnes, demande.motif.strip())
    return CollectivePublic(
        appliquee=applicable and not demande.essai, possibles=len(bonnes), impossibles=len(lignes) - len(bonnes), lignes=lignes
    )


async def _ouvrir(session: AsyncSession, acteur: Acteur, session_id: UUID) -> tuple[Session, Collectivite]:
    if not acteur.peut(Droit.GERER_DEMANDES) or acteur.collectivite_id is None:
        raise Forbidden("Seul un gestionnaire de formation inscrit des agents.", slug="reserve-aux-gestionnaires")
    collectivite = await session.get(Collectivite, acteur.collectivite_id)
    if collectivite is None:
        raise _pas_encore_la()
    exiger_operationnelle(collectivite)
    return await session_ouverte(session, collectivite, session_id), collectivite


async def _examiner(session: AsyncSession, acteur: Acteur, demandee: Session, agents: Sequence[Agent | UUID]) -> list[Examen]:
    """What stops each of these agents (an id alone is that of an agent the acteur is not in charge of)."""
    leurs = defaultdict(list)
    for agent_id, autre in await collectives.demandes_vivantes(session, [agent.id for agent in agents if isinstance(agent, Agent)]):
        leurs[agent_id].append(autre)
    return [
        _examen(acteur, demandee, agent, leurs[agent.id]) if isinstance(agent, Agent) else Examen(agent, None, Obstacle.INCONNU, [])
        for agent in agents
    ]


def _examen(acteur: Acteur, demandee: Session, agent: Agent, siennes: Sequence[Session]) -> Examen:
    obstacle = None
    if not agent.actif:
        obstacle = Obstacle.HORS_EFFECTIFS
    elif agent.id in acteur.fiches:
        obstacle = Obstacle.SOI_MEME
    elif any(autre.id == demandee.id for autre in siennes):
        obstacle = Obstacle.DEJA_INSCRIT
    return Examen(agent.id, agent, obstacle, list(_chevauchements(demandee, siennes)))


def _chevauchements(demandee: Session, siennes: Sequence[Session]) -> Iterable[str]:
    for autre in siennes:
        jour = jours_communs(_regroupements(demandee), _regroupements(autre))
        if autre.id != demandee.id and jour is not None:
            yield f"Il a une demande en cours pour {autre.code}, qui a lieu aussi le {date_longue(jour)}."


def _regroupements(demandee: Session) -> list[Regroupement]:
    return [Regroupement.model_validate(regroupement) for regroupement in demandee.regroupements]


def _ligne(examen: Examen, sort: Sort | None) -> LigneCollective:
    agent = examen.agent
    etat = sort.etat if sort else None
    obstacle = examen.obstacle or (Obstacle.COMPLETE if etat is None else None)
    return LigneCollective(
        agent_id=examen.agent_id,
        nom_complet=f"{agent.prenom} {agent.nom}" if agent else "",
        service=agent.service if agent else "",
        etat=etat,
        etat_libelle=libelles.ETATS[etat] if etat else "",
        obstacle=libelles.OBSTACLES[obstacle] if obstacle else None,
        avertissements=examen.avertissements,
    )


async def _ecrire(
    session: AsyncSession,
    acteur: Acteur,
    collectivite: Collectivite,
    demandee: Session,
    places: Places,
    lignes: Sequence[tuple[LigneCollective, Sort]],
    motif: str,
) -> None:
    """The requests, their journal, their seats and what the others are told: a handful of statements whatever their number."""
    maintenant = now()
    numeros = await collectives.prochains_numeros(session, maintenant.astimezone(PARIS).year, len(lignes))
    nouvelles = [
        Nouvelle(uuid4(), numero, priorite, ligne.agent_id, sort)
        for priorite, ((ligne, sort), numero) in enumerate(zip(lignes, numeros, strict=True), start=1)
    ]
    for (ligne, _), nouvelle in zip(lignes, nouvelles, strict=True):
        ligne.inscription_id, ligne.numero, ligne.priorite = nouvelle.id, nouvelle.numero, nouvelle.priorite
    par, pour = acteur.signature, visa(collectivite)
    inscriptions = [_inscription(nouvelle, collectivite, demandee, motif, par, maintenant) for nouvelle in nouvelles]
    journal = [entree for nouvelle in nouvelles for entree in _journal(nouvelle, par, pour, motif, maintenant)]
    try:
        await collectives.ecrire(session, inscriptions, journal)
    except IntegrityError as error:
        if "inscriptions_une_seule_vivante" in str(error.orig):
            raise Conflict(
                "deja-inscrit",
                "Un de ces agents vient de déposer lui-même une demande pour cette session.",
                detail="Rien n’a été enregistré. Reprenez : la liste le montre maintenant.",
            ) from error
        raise
    mouvements = [mouvement for nouvelle in nouvelles for mouvement in _mouvements(nouvelle)]
    await registre.mouvoir_en_lot(session, places, mouvements, le=maintenant)
    await publish_many(session, [*_evenements(nouvelles, collectivite, demandee, maintenant), chiffres_publies(places, maintenant)])


def _mouvements(nouvelle: Nouvelle) -> Iterable[tuple[UUID, str, Mouvement]]:
    yield nouvelle.id, Fait.VALIDATION, Mouvement(recues=1)
    if nouvelle.sort.etat in AU_FIL_DE_L_EAU:
        yield nouvelle.id, FAITS[nouvelle.sort.etat], AU_FIL_DE_L_EAU[nouvelle.sort.etat].mouvement


def _inscription(nouvelle: Nouvelle, collectivite: Collectivite, demandee: Session, motif: str, par: str, le: datetime) -> dict[str, Any]:
    return {
        "id": nouvelle.id,
        "numero": nouvelle.numero,
        "agent_id": nouvelle.agent_id,
        "collectivite_id": collectivite.id,
        "session_id": demandee.id,
        "structure": demandee.structure,
        "etat": nouvelle.sort.etat,
        "etape": ETAPES.get(nouvelle.sort.etat, EtapeCourante.INSTRUCTION),
        "echeance": demandee.debut,
        "motivation": motif,
        "priorite": nouvelle.priorite,
        "circuit_version": 0,
        "etapes": [],
        "depose_le": le,
        "validee_par": par,
        "validee_le": le,
        "transmise_le": le,
        "modifiee_le": le,
    }


def _journal(nouvelle: Nouvelle, par: str, pour: str, motif: str, le: datetime) -> list[dict[str, Any]]:
    """Filed, validated and transmitted in one gesture, which the journal tells apart."""
    personne = {"par": par, "pour": pour, "canal": Canal.PLATEFORME}
    transmise = {"par": CIRCUIT, "pour": "", "canal": Canal.CIRCUIT}
    faits: list[dict[str, Any]] = [
        {"fait": Fait.DEPOT, "de": None, "vers": Etat.PREINSCRIPTION, "motif": motif, **personne},
        {"fait": Fait.VALIDATION, "de": Etat.PREINSCRIPTION, "vers": Etat.TRANSMISE, "motif": "", **personne},
        {"fait": Fait.TRANSMISSION, "de": None, "vers": None, "motif": f"Accusé de transmission n° {nouvelle.numero}", **transmise},
    ]
    etat, pourquoi = nouvelle.sort
    if etat in FAITS:
        faits.append({"fait": FAITS[etat], "de": Etat.TRANSMISE, "vers": etat, "motif": pourquoi, **transmise, "par": ADMISSION})
    lignes, precedente = [], ORIGINE
    for rang, fait in enumerate(faits, start=1):
        entree = {"rang": rang, "le": le, **fait}
        precedente = Entree(**entree).empreinte(precedente)
        lignes.append({"inscription_id": nouvelle.id, **entree, "empreinte": precedente})
    return lignes


def _evenements(
    nouvelles: Sequence[Nouvelle], collectivite: Collectivite, demandee: Session, le: datetime
) -> Iterable[DepotEnregistre | EtatChange]:
    for nouvelle in nouvelles:
        yield DepotEnregistre(
            survenu_le=le,
            inscription_id=nouvelle.id,
            collectivite_id=collectivite.id,
            session_id=demandee.id,
            session_code=demandee.code,
            agent_id=nouvelle.agent_id,
        )
        yield EtatChange(
            survenu_le=le,
            inscription_id=nouvelle.id,
            collectivite_id=collectivite.id,
            session_id=demandee.id,
            de=Etat.PREINSCRIPTION,
            vers=nouvelle.sort.etat,
        )


def _pas_encore_la() -> Unavailable:
    return Unavailable(
        "Cette session n’est pas encore prête à recevoir des inscriptions.",
        slug="session-en-route",
        detail="Réessayez dans quelques instants.",
    )
