"""The records of agents by hand: created, corrected, left and come back. Each change is traced, and told to the other services."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from sqlmodel.ext.asyncio.session import AsyncSession

from services.contracts.acteur import Acteur, Droit
from services.identity.domain import fiches as regles
from services.identity.domain.fiches import Objet
from services.identity.models import Agent, Changement
from services.identity.repository import fiches as repository
from services.identity.repository.publication import verrouiller
from services.identity.schemas.fiches import AgentSaisi
from services.identity.service.lecture import portee
from services.identity.service.publication import publier_l_agent
from services.kit.clock import day_of, now
from services.kit.etag import etag_of, require_match
from services.kit.french import NBSP, date_longue
from services.kit.problems import FieldError, Forbidden, Invalid, NotFound, Problem

A_CORRIGER = "La fiche est à corriger."


def sa_collectivite(acteur: Acteur) -> UUID:
    """The collectivité whose records the acteur keeps. Forbidden otherwise."""
    if not acteur.peut(Droit.GERER_AGENTS) or acteur.collectivite_id is None:
        raise Forbidden("Les fiches des agents sont tenues par les gestionnaires de leur collectivité.")
    return acteur.collectivite_id


def etiquette(agent: Agent) -> str:
    return etag_of(agent.model_dump(exclude={"version", "empreinte", "recherche"}))


async def creer(session: AsyncSession, acteur: Acteur, saisi: AgentSaisi) -> Agent:
    """A new record. Refused when somebody looks the same, unless `confirme`."""
    collectivite_id = sa_collectivite(acteur)
    await verrouiller(session, collectivite_id)
    nouveau_id = uuid4()
    valeurs = await _valeurs(session, acteur, saisi, None)
    agent = Agent(id=nouveau_id, personne_id=nouveau_id, collectivite_id=collectivite_id, **valeurs)
    agent.actif = _present(agent)
    session.add(agent)
    tracer(session, acteur, Objet.AGENT, agent.id, "creation")
    await publier_l_agent(session, agent)
    return agent


async def modifier(session: AsyncSession, acteur: Acteur, agent_id: UUID, saisi: AgentSaisi, *, lue: str) -> Agent:
    """Write the whole record anew. `lue` is the mark of what was read: 412 when someone changed it since."""
    agent = await tenir(session, acteur, agent_id)
    require_match(etiquette(agent), lue, "Cette fiche a été modifiée entre-temps.", await _par_qui(session, agent))
    valeurs = await _valeurs(session, acteur, saisi, agent)
    avant = agent.model_dump()
    if not any(avant[champ] != valeur for champ, valeur in valeurs.items()):
        return agent
    tracer(session, acteur, Objet.AGENT, agent.id, "modification", details=_en_clair(await _noms(session, agent, valeurs), avant, valeurs))
    for champ, valeur in valeurs.items():
        setattr(agent, champ, valeur)
    agent.actif = _present(agent)
    session.add(agent)
    await publier_l_agent(session, agent)
    return agent


async def tenir(session: AsyncSession, acteur: Acteur, agent_id: UUID) -> Agent:
    """The record, and its collectivité, held by one writer until the end of the transaction."""
    await verrouiller(session, sa_collectivite(acteur))
    agent = await repository.agent(session, portee(acteur), agent_id)
    if agent is None or agent.collectivite_id != acteur.collectivite_id:
        raise NotFound("Cet agent n’existe pas, ou ne vous est pas accessible.")
    if agent.anonymise_le is not None:
        raise Problem("fiche-anonymisee", "Cette fiche a été anonymisée\N{NARROW NO-BREAK SPACE}; elle ne se modifie plus.", status=409)
    return agent


def tracer(
    session: AsyncSession,
    acteur: Acteur | None,
    objet: Objet,
    objet_id: UUID,
    action: str,
    *,
    details: list[dict[str, str]] | None = None,
    motif: str = "",
    collectivite_id: UUID | None = None,
) -> None:
    """Keep who did what, when and on what ground. Without an acteur, the platform itself did."""
    chez = collectivite_id or (acteur.collectivite_id if acteur else None)
    if chez is None:
        raise LookupError("a record changes in a collectivité")
    par = acteur.signature if acteur else "Inscription en ligne"
    changement = Changement(collectivite_id=chez, objet=objet, objet_id=objet_id, survenu_le=now(), par=par, action=action, motif=motif)
    changement.details = details or []
    session.add(changement)


def _present(agent: Agent) -> bool:
    """At work, or to come: who is expected may be registered already."""
    return agent.sortie_le is None or agent.sortie_le > day_of(now())


async def _valeurs(session: AsyncSession, acteur: Acteur, saisi: AgentSaisi, connu: Agent | None) -> dict[str, Any]:
    """What is to be written, checked as a whole: every mistake is told at once."""
    lue = regles.lire(saisi.textes(), day_of(now()))
    lue.valeurs |= {"service_id": saisi.service_id, "superieur_id": saisi.superieur_id}
    for champ, erreur in (await _rattachement(session, acteur, saisi, connu)).items():
        lue.erreurs.setdefault(champ, erreur)
    identifiant = connu.id if connu else None
    matricule = lue.valeurs.get("matricule")
    if matricule and acteur.collectivite_id:
        homonyme = await repository.de_ce_matricule(session, acteur.collectivite_id, matricule, identifiant)
        if homonyme is not None:
            lue.erreurs["matricule"] = f"Ce matricule est celui de {homonyme.prenom} {homonyme.nom}."
    if not lue.erreurs and not saisi.confirme and _identite_nouvelle(connu, lue.valeurs):
        await _verifier_les_ressemblances(session, acteur, lue.valeurs, identifiant)
    if lue.erreurs:
        raise Invalid(A_CORRIGER, errors=[FieldError(champ=champ, message=message) for champ, message in lue.erreurs.items()])
    return lue.valeurs


async def _rattachement(session: AsyncSession, acteur: Acteur, saisi: AgentSaisi, connu: Agent | None) -> dict[str, str]:
    """What is wrong with the service and the supérieur."""
    erreurs = {}
    if saisi.service_id is not None and await repository.service(session, portee(acteur), saisi.service_id) is None:
        erreurs["service_id"] = "Choisissez un service de votre collectivité."
    elif saisi.service_id is None and acteur.services:
        erreurs["service_id"] = "Choisissez l’un des services que vous gérez."
    if saisi.superieur_id is not None and acteur.collectivite_id is not None:
        if connu is not None and saisi.superieur_id == connu.id:
            erreurs["superieur_id"] = "Un agent n’est pas son propre supérieur."
        elif await repository.collegue(session, acteur.collectivite_id, saisi.superieur_id) is None:
            erreurs["superieur_id"] = "Choisissez un agent en poste dans votre collectivité."
    return erreurs


def _identite_nouvelle(connu: Agent | None, valeurs: Mapping[str, Any]) -> bool:
    return connu is None or any(getattr(connu, champ) != valeurs[champ] for champ in ("nom", "prenom", "date_naissance", "email"))


async def _verifier_les_ressemblances(session: AsyncSession, acteur: Acteur, valeurs: Mapping[str, Any], sauf: UUID | None) -> None:
    if acteur.collectivite_id is None:
        return
    trouves = await repository.ressemblants(
        session,
        acteur.collectivite_id,
        nom=valeurs["nom"],
        prenom=valeurs["prenom"],
        ne_le=valeurs["date_naissance"],
        email=valeurs["email"],
        sauf=sauf,
    )
    if trouves:
        raise Problem(
            "agent-ressemblant",
            "Une personne très semblable est déjà enregistrée.",
            status=409,
            detail="Si c’est la même, complétez sa fiche. Sinon, confirmez qu’il s’agit de quelqu’un d’autre.",
            errors=[FieldError(champ="confirme", message=_presenter(trouve)) for trouve in trouves],
        )


def _presenter(agent: Agent) -> str:
    precisions = [f"matricule {agent.matricule}" if agent.matricule else "sans matricule"]
    if agent.date_naissance:
        precisions.append(f"né·e le {date_longue(agent.date_naissance)}")
    precisions.append(agent.email)
    if not agent.actif:
        precisions.append("sorti·e des effectifs")
    return f"{agent.prenom} {agent.nom}{NBSP}: {', '.join(precisions)}."


async def _par_qui(session: AsyncSession, agent: Agent) -> str:
    """Who changed it last."""
    for dernier in await repository.changements(session, agent.collectivite_id, agent.id, None, 1):
        return f"Par {dernier.par}. Relisez-la, puis reprenez votre modification."
    return ""


async def _noms(session: AsyncSession, agent: Agent, valeurs: Mapping[str, Any]) -> dict[UUID, str]:
    """The names of the services and people that the history tells of."""
    noms: dict[UUID, str] = {}
    for identifiant in (agent.service_id, valeurs["service_id"]):
        service = await repository.nom_du_service(session, agent.collectivite_id, identifiant) if identifiant else None
        if identifiant and service:
            noms[identifiant] = service
    for identifiant in (agent.superieur_id, valeurs["superieur_id"]):
        superieur = await repository.nom_de_l_agent(session, agent.collectivite_id, identifiant) if identifiant else None
        if identifiant and superieur:
            noms[identifiant] = superieur
    return noms


def _en_clair(noms: Mapping[UUID, str], avant: Mapping[str, Any], apres: Mapping[str, Any]) -> list[dict[str, str]]:
    """The differences, ids replaced by names."""

    def lisible(valeurs: Mapping[str, Any]) -> dict[str, Any]:
        propres = {champ: valeurs.get(champ) for champ in regles.CHAMPS}
        return {
            **propres,
            "service": noms.get(valeurs["service_id"]) if valeurs["service_id"] else None,
            "superieur": noms.get(valeurs["superieur_id"]) if valeurs["superieur_id"] else None,
        }

    return regles.differences(lisible(avant), lisible(apres))
