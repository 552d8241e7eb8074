"""A person and what is kept about him: he reads it, takes it away, asks to correct it, sees who read it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.contracts.acteur import Acteur, Droit, Role
from services.identity.domain.fiches import CHAMPS, Objet
from services.identity.models import Agent, Appartenance, Changement, Correction, Lecture
from services.identity.repository import fiches as repository_fiches
from services.identity.repository import personnes as repository
from services.identity.repository.connexion import appartenances_en_cours
from services.identity.repository.publication import verrouiller
from services.identity.schemas.personnes import CorrectionDemandee, ReponseCorrection
from services.identity.service.fiches import sa_collectivite, tracer
from services.identity.service.lecture import portee
from services.kit.clock import day_of, now
from services.kit.problems import Conflict, FieldError, Forbidden, Invalid, NotFound

LECTURES_MONTREES = 100
A_TRAITER = "demandee"


@dataclass(frozen=True)
class Dossier:
    """All that is kept about one person, wherever he works or has worked."""

    agent: Agent
    emplois: Sequence[repository.Emploi]
    autres: Sequence[repository.Emploi]
    """Records elsewhere that may be his: he says so, or not."""
    besoin: str
    lectures: Sequence[Lecture]
    corrections: Sequence[Correction]
    changements: Sequence[Changement]


async def noter_la_lecture(session: AsyncSession, acteur: Acteur, agent: Agent, quoi: str) -> None:
    """Somebody reads about somebody else: he will see it."""
    if acteur.agent_id != agent.id:
        maintenant = now()
        await repository_fiches.noter_la_lecture(
            session,
            agent_id=agent.id,
            compte_id=acteur.compte_id,
            quoi=quoi,
            jour=day_of(maintenant),
            lecteur=acteur.signature,
            derniere_le=maintenant,
        )


async def dossier(session: AsyncSession, acteur: Acteur) -> Dossier:
    agent = await _soi(session, acteur)
    emplois = await repository.emplois(session, agent.personne_id)
    amenagement = await repository.amenagement(session, agent.id)
    return Dossier(
        agent=agent,
        emplois=emplois,
        autres=await repository.autres_fiches(session, agent, acteur.email),
        besoin=amenagement.besoin if amenagement else "",
        lectures=await repository_fiches.lectures(session, agent.id, LECTURES_MONTREES),
        corrections=await repository.corrections(session, agent.id),
        changements=await repository.histoire(session, [emploi.id for emploi, _, _ in emplois]),
    )


async def reunir(session: AsyncSession, acteur: Acteur, agent_id: UUID) -> None:
    """He says that a record elsewhere is his: its history joins his own, and he may act there too if he works there."""
    agent = await _soi(session, acteur)
    trouvees = {fiche.id: fiche for fiche, _, _ in await repository.autres_fiches(session, agent, acteur.email)}
    if agent_id not in trouvees:
        if agent_id in {fiche.id for fiche, _, _ in await repository.emplois(session, agent.personne_id)}:
            return
        raise NotFound("Aucune fiche à votre adresse électronique n’est à réunir à la vôtre.")
    rejointe = trouvees[agent_id]
    for collectivite_id in sorted({agent.collectivite_id, rejointe.collectivite_id}):
        await verrouiller(session, collectivite_id)
    await repository.reunir(session, agent.personne_id, rejointe.personne_id)
    for fiche, motif in ((agent, "Une autre collectivité"), (rejointe, "Une autre collectivité")):
        tracer(session, acteur, Objet.AGENT, fiche.id, "reunion", motif=motif, collectivite_id=fiche.collectivite_id)
    aujourd_hui = day_of(now())
    ailleurs = {a.collectivite_id for a in await appartenances_en_cours(session, acteur.compte_id, aujourd_hui)}
    if rejointe.actif and rejointe.collectivite_id not in ailleurs:
        debut = max(aujourd_hui, rejointe.entree_le or aujourd_hui)
        session.add(
            Appartenance(
                compte_id=acteur.compte_id, roles=[Role.AGENT], collectivite_id=rejointe.collectivite_id, agent_id=rejointe.id, debut=debut
            )
        )


async def demander_une_correction(session: AsyncSession, acteur: Acteur, demande: CorrectionDemandee) -> Correction:
    """Asked of the gestionnaires of his collectivité; asked again for the same field, it replaces what was asked."""
    agent = await _soi(session, acteur)
    if demande.champ not in CHAMPS:
        raise Invalid("La demande est à corriger.", errors=[FieldError(champ="champ", message="Choisissez ce qui est à corriger.")])
    for deja in await repository.corrections(session, agent.id):
        if deja.champ == demande.champ and deja.etat == A_TRAITER:
            deja.valeur, deja.precisions, deja.demandee_le = demande.valeur, demande.precisions, now()
            session.add(deja)
            return deja
    correction = Correction(
        collectivite_id=agent.collectivite_id, agent_id=agent.id, etat=A_TRAITER, demandee_le=now(), **demande.model_dump()
    )
    session.add(correction)
    await session.flush()
    return correction


async def corrections_en_attente(session: AsyncSession, acteur: Acteur) -> Sequence[tuple[Correction, Agent]]:
    visibles = await repository.corrections_en_attente(session, sa_collectivite(acteur))
    if not acteur.services:
        return visibles
    return [ligne for ligne in visibles if await repository_fiches.agent(session, portee(acteur), ligne[1].id) is not None]


async def repondre(session: AsyncSession, acteur: Acteur, correction_id: UUID, reponse: ReponseCorrection) -> Correction:
    """Say that it was done, or why not. The record itself is corrected on its own page."""
    sa_collectivite(acteur)
    correction = await session.get(Correction, correction_id, with_for_update=True)
    if correction is None or await repository_fiches.agent(session, portee(acteur), correction.agent_id) is None:
        raise NotFound("Cette demande de correction n’existe pas, ou ne vous est pas accessible.")
    if correction.etat != A_TRAITER:
        raise Conflict("correction-traitee", f"Cette demande a déjà été traitée par {correction.traitee_par}.")
    if not reponse.faite and not reponse.reponse.strip():
        raise Invalid("La réponse est à compléter.", errors=[FieldError(champ="reponse", message="Dites à l’agent pourquoi.")])
    correction.etat = "faite" if reponse.faite else "refusee"
    correction.reponse, correction.traitee_le, correction.traitee_par = reponse.reponse.strip(), now(), acteur.signature
    session.add(correction)
    return correction


async def lire_l_amenagement(session: AsyncSession, acteur: Acteur, agent_id: UUID) -> str:
    """What he needs: himself, or who arranges it and whose reading is noted."""
    agent = await _concerne(session, acteur, agent_id)
    await noter_la_lecture(session, acteur, agent, "amenagement")
    amenagement = await repository.amenagement(session, agent.id)
    return amenagement.besoin if amenagement else ""


async def ecrire_l_amenagement(session: AsyncSession, acteur: Acteur, agent_id: UUID, besoin: str) -> str:
    """What is needed, never why. Blank: nothing any more. The history says that it changed, not what it was."""
    agent = await _concerne(session, acteur, agent_id)
    besoin = besoin.strip()
    amenagement = await repository.amenagement(session, agent.id)
    if (amenagement.besoin if amenagement else "") == besoin:
        return besoin
    tracer(session, acteur, Objet.AGENT, agent.id, "amenagement", collectivite_id=agent.collectivite_id)
    if not besoin:
        await repository.oublier_l_amenagement(session, agent.id)
    else:
        await repository.noter_l_amenagement(session, agent_id=agent.id, besoin=besoin, note_le=now(), note_par=acteur.signature)
    return besoin


async def _concerne(session: AsyncSession, acteur: Acteur, agent_id: UUID) -> Agent:
    if acteur.agent_id != agent_id and not acteur.peut(Droit.LIRE_AMENAGEMENTS):
        raise Forbidden("Les besoins d’aménagement ne sont lus que de l’agent et de ceux qui les mettent en place.")
    agent = await repository_fiches.agent(session, portee(acteur), agent_id)
    if agent is None:
        raise NotFound("Cet agent n’existe pas, ou ne vous est pas accessible.")
    return agent


async def _soi(session: AsyncSession, acteur: Acteur) -> Agent:
    agent = await session.get(Agent, acteur.agent_id) if acteur.agent_id else None
    if agent is None:
        raise Forbidden("Ce dossier est celui d’un agent, et votre accès n’est pas rattaché à une fiche d’agent.")
    return agent
