"""An agent leaves the collectivité, or comes back: his accesses follow, and what he leads goes to a colleague."""

from datetime import date
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.contracts.acteur import Acteur, Role
from services.identity.domain.fiches import Objet, differences
from services.identity.models import Agent, Appartenance, Collectivite
from services.identity.repository import departs as repository
from services.identity.repository import fiches as repository_fiches
from services.identity.repository import gestionnaires as repository_gestionnaires
from services.identity.repository.personnes import compte_de_l_agent
from services.identity.schemas.fiches import DepartSaisi
from services.identity.service.comptes import inviter, nouveau_compte
from services.identity.service.fiches import tenir, tracer
from services.identity.service.principaux import exiger_un_autre_principal
from services.identity.service.publication import publier_la_collectivite
from services.kit.clock import day_of, now
from services.kit.french import nombre
from services.kit.problems import Conflict, FieldError, Invalid

DEPART = "depart"


async def annoncer(session: AsyncSession, acteur: Acteur, agent_id: UUID, saisi: DepartSaisi) -> Agent:
    """He is out from `saisi.le` on: at once, or on the day. What he leads needs somebody from then on."""
    agent = await tenir(session, acteur, agent_id)
    await _verifier(session, agent, saisi)
    appartenances = await repository_gestionnaires.appartenances_de_l_agent(session, agent.id, day_of(now()))
    await exiger_un_autre_principal(session, agent.collectivite_id, appartenances)
    tracer(
        session,
        acteur,
        Objet.AGENT,
        agent.id,
        "depart",
        details=differences({"sortie_le": agent.sortie_le}, {"sortie_le": saisi.le}),
        motif=saisi.motif,
    )
    agent.sortie_le, agent.successeur_id = saisi.le, saisi.successeur_id
    session.add(agent)
    await repository.finir_les_appartenances(session, agent.id, saisi.le, DEPART)
    if saisi.le <= day_of(now()):
        await faire_partir(session, agent)
        await publier_la_collectivite(session, agent.collectivite_id)
    return agent


async def annuler(session: AsyncSession, acteur: Acteur, agent_id: UUID) -> Agent:
    """He stays after all, or comes back. What was handed over is not taken back."""
    agent = await tenir(session, acteur, agent_id)
    if agent.sortie_le is None:
        return agent
    tracer(session, acteur, Objet.AGENT, agent.id, "retour", details=differences({"sortie_le": agent.sortie_le}, {"sortie_le": None}))
    agent.sortie_le, agent.successeur_id, agent.actif = None, None, True
    session.add(agent)
    await repository.reprendre_les_appartenances(session, agent.id, DEPART)
    await publier_la_collectivite(session, agent.collectivite_id)
    return agent


async def faire_partir(session: AsyncSession, agent: Agent) -> None:
    """The day has come."""
    agent.actif = False
    session.add(agent)
    await session.flush()
    await repository_fiches.confier(session, agent, agent.successeur_id)
    await repository.fermer_les_acces(session, agent.id, "depart", now())
    await repository.annuler_les_interims(session, agent.id, now())


async def _verifier(session: AsyncSession, agent: Agent, saisi: DepartSaisi) -> None:
    erreurs = []
    if agent.entree_le is not None and saisi.le <= agent.entree_le:
        erreurs.append(FieldError(champ="le", message="Le départ doit suivre l’arrivée."))
    if saisi.successeur_id is not None:
        successeur = await repository_fiches.collegue(session, agent.collectivite_id, saisi.successeur_id)
        if successeur is None or successeur.id == agent.id or _parti(successeur, saisi.le):
            erreurs.append(FieldError(champ="successeur_id", message="Choisissez un collègue qui sera encore en poste à cette date."))
    if erreurs:
        raise Invalid("Le départ est à corriger.", errors=erreurs)
    if saisi.successeur_id is None:
        services, agents = await repository_fiches.dirige(session, agent)
        if services or agents:
            raise Conflict(
                "depart-sans-successeur",
                f"{agent.prenom} {agent.nom} encadre {_effectif(len(services), 'service')} et {_effectif(len(agents), 'agent')}.",
                detail="Dites à qui les confier\N{NO-BREAK SPACE}: sans cela, plus personne ne donnerait d’avis sur leurs demandes.",
            )


def _parti(agent: Agent, le: date) -> bool:
    return agent.sortie_le is not None and agent.sortie_le <= le


def _effectif(combien: int, quoi: str) -> str:
    return f"{nombre(combien)} {quoi}{'s' if combien > 1 else ''}"


async def ouvrir_l_acces(session: AsyncSession, acteur: Acteur, agent_id: UUID) -> None:
    """Invite him, or invite him again as long as he has not chosen his password."""
    agent = await tenir(session, acteur, agent_id)
    if not agent.actif:
        raise Conflict("agent-parti", f"{agent.prenom} {agent.nom} ne fait plus partie des effectifs.")
    compte = await compte_de_l_agent(session, agent.id, day_of(now()))
    if compte is not None and compte.active:
        raise Conflict("acces-deja-ouvert", f"{agent.prenom} {agent.nom} a déjà un accès, sous l’identifiant {compte.identifiant}.")
    collectivite = await session.get_one(Collectivite, agent.collectivite_id)
    if compte is None:
        compte = await nouveau_compte(
            session, collectivite, nom=agent.nom, prenom=agent.prenom, email=agent.email, matricule=agent.matricule
        )
        debut = max(day_of(now()), agent.entree_le or day_of(now()))
        session.add(
            Appartenance(compte_id=compte.id, roles=[Role.AGENT], collectivite_id=agent.collectivite_id, agent_id=agent.id, debut=debut)
        )
    tracer(session, acteur, Objet.AGENT, agent.id, "acces")
    await inviter(session, compte, collectivite.nom)
