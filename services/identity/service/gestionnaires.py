"""The gestionnaires of a collectivité: invited, given another role, ended. Nobody is deleted, everything is kept in the history."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.contracts.acteur import Acteur, Role
from services.contracts.notifications import GabaritCompte
from services.identity.domain import gestionnaires as regles
from services.identity.domain.historique import Sujet
from services.identity.domain.roles import ROLES
from services.identity.models import Agent, Appartenance, Collectivite, Compte
from services.identity.repository import gestionnaires as repository
from services.identity.repository.fiches import dirige
from services.identity.repository.publication import verrouiller
from services.identity.schemas.parametres import GestionnaireInvite, GestionnaireModifie
from services.identity.service import comptes
from services.identity.service.courriels_gestion import nom_de_la_collectivite, noms_des_services, prevenir
from services.identity.service.historique import collectivite_dotee, collectivite_lue, noter
from services.identity.service.principaux import exiger_un_autre_principal
from services.identity.service.publication import publier_la_collectivite
from services.kit.clock import day_of, now
from services.kit.etag import etag_of, require_match
from services.kit.problems import Conflict, FieldError, Invalid, NotFound, Problem


@dataclass(frozen=True)
class Gestionnaire:
    """Someone who manages, or did. `noms` are those of the services of the whole list."""

    appartenance: Appartenance
    compte: Compte
    derniere_connexion: datetime | None
    noms: dict[UUID, str]

    @property
    def role(self) -> Role:
        role = regles.role_de_gestion(self.appartenance.roles)
        if role is None:
            raise LookupError("not a gestionnaire")
        return role

    @property
    def est_aussi_agent(self) -> bool:
        return Role.AGENT in self.appartenance.roles

    @property
    def etat(self) -> regles.EtatGestionnaire:
        if termine(self.appartenance):
            return regles.EtatGestionnaire.TERMINE
        return regles.EtatGestionnaire.ACTIF if self.compte.active else regles.EtatGestionnaire.INVITE


def termine(appartenance: Appartenance) -> bool:
    return regles.termine(appartenance.fin, day_of(now()))


def etiquette(appartenance: Appartenance) -> str:
    return etag_of(sorted(appartenance.roles), [str(service) for service in appartenance.services], appartenance.fin)


async def lister(session: AsyncSession, acteur: Acteur) -> Sequence[Gestionnaire]:
    collectivite_id = collectivite_lue(acteur)
    lignes = await repository.lister(session, collectivite_id)
    ids = {service for appartenance, _, _ in lignes for service in appartenance.services}
    noms = await repository.services_nommes(session, collectivite_id, ids)
    return [Gestionnaire(*ligne, noms) for ligne in lignes]


async def lire(session: AsyncSession, acteur: Acteur, gestionnaire_id: UUID) -> tuple[Gestionnaire, list[str]]:
    """Someone, and what he leads as an agent."""
    for gestionnaire in await lister(session, acteur):
        if gestionnaire.appartenance.id == gestionnaire_id:
            return gestionnaire, await _ce_qu_il_dirige(session, gestionnaire.appartenance)
    raise inconnu()


async def inviter(session: AsyncSession, acteur: Acteur, saisi: GestionnaireInvite) -> Appartenance:
    """A new gestionnaire: a new account, or the one that already has this address and this name."""
    collectivite_id = collectivite_dotee(acteur)
    await verrouiller(session, collectivite_id)
    await _verifier(session, collectivite_id, saisi)
    compte, appartenance = await _compte(session, collectivite_id, saisi)
    if appartenance is None:
        agent = await _agent(session, collectivite_id, saisi)
        roles: list[str] = [Role.AGENT] if agent else []
        appartenance = Appartenance(
            compte_id=compte.id, roles=roles, collectivite_id=collectivite_id, agent_id=agent.id if agent else None, debut=day_of(now())
        )
    appartenance.roles, appartenance.services = regles.avec_le_role(appartenance.roles, saisi.role), list(saisi.services)
    session.add(appartenance)
    await session.flush()
    faits = {"qui": compte.nom_complet, "email": compte.email, **await _faits(session, appartenance)}
    noter(session, collectivite_id, Sujet.GESTIONNAIRE_INVITE, par=acteur.signature, apres=faits)
    if not compte.active:
        await comptes.inviter(session, compte, await nom_de_la_collectivite(session, collectivite_id))
    else:
        await prevenir(session, acteur, GabaritCompte.GESTIONNAIRE_NOMME, compte, appartenance)
    await publier_la_collectivite(session, collectivite_id)
    return appartenance


async def inviter_de_nouveau(session: AsyncSession, acteur: Acteur, gestionnaire_id: UUID) -> None:
    """Send the activation link again; the one before serves no more."""
    appartenance, compte = await tenir(session, acteur, gestionnaire_id)
    if termine(appartenance):
        raise Conflict("acces-fini", f"L’accès de {compte.nom_complet} a pris fin.")
    if compte.active:
        raise Conflict("compte-actif", f"{compte.nom_complet} a déjà activé son compte.", detail="Aucun lien n’a été envoyé.")
    collectivite_id = collectivite_dotee(acteur)
    await comptes.inviter(session, compte, await nom_de_la_collectivite(session, collectivite_id))
    noter(session, collectivite_id, Sujet.GESTIONNAIRE_RELANCE, par=acteur.signature, apres={"qui": compte.nom_complet})


async def modifier(session: AsyncSession, acteur: Acteur, gestionnaire_id: UUID, saisi: GestionnaireModifie, *, lue: str) -> None:
    """Another role, other services. Tokens say so at their next renewal."""
    appartenance, compte = await tenir(session, acteur, gestionnaire_id)
    collectivite_id = collectivite_dotee(acteur)
    require_match(etiquette(appartenance), lue, "Cet accès a été modifié entre-temps.")
    if termine(appartenance):
        raise Conflict("acces-fini", f"L’accès de {compte.nom_complet} a pris fin.", detail="Invitez-le de nouveau pour le lui rendre.")
    await _verifier(session, collectivite_id, saisi)
    if saisi.role is not Role.GESTIONNAIRE_PRINCIPAL:
        await exiger_un_autre_principal(session, collectivite_id, [appartenance])
    avant = await _faits(session, appartenance)
    appartenance.roles, appartenance.services = regles.avec_le_role(appartenance.roles, saisi.role), list(saisi.services)
    apres = await _faits(session, appartenance)
    if avant == apres:
        return
    session.add(appartenance)
    await session.flush()
    noter(
        session, collectivite_id, Sujet.GESTIONNAIRE_MODIFIE, par=acteur.signature, avant=avant, apres={"qui": compte.nom_complet, **apres}
    )
    await prevenir(session, acteur, GabaritCompte.GESTIONNAIRE_MODIFIE, compte, appartenance)
    await publier_la_collectivite(session, collectivite_id)


async def tenir(session: AsyncSession, acteur: Acteur, gestionnaire_id: UUID) -> tuple[Appartenance, Compte]:
    """The membership, and its collectivité, held by one writer until the end of the transaction."""
    collectivite_id = collectivite_dotee(acteur)
    await verrouiller(session, collectivite_id)
    trouve = await repository.tenir(session, collectivite_id, gestionnaire_id)
    if trouve is None:
        raise inconnu()
    return trouve


def inconnu() -> NotFound:
    return NotFound("Ce gestionnaire n’existe pas, ou n’est pas de votre collectivité.")


async def _verifier(session: AsyncSession, collectivite_id: UUID, saisi: GestionnaireModifie) -> None:
    erreurs = []
    if saisi.role not in regles.ROLES_DE_GESTION:
        erreurs.append(FieldError(champ="role", message="Choisissez l’un des rôles proposés."))
    if saisi.role is Role.GESTIONNAIRE_PRINCIPAL and saisi.services:
        erreurs.append(
            FieldError(champ="services", message="Un gestionnaire principal suit tous les services\N{NO-BREAK SPACE}: n’en cochez aucun.")
        )
    elif set(await repository.services_nommes(session, collectivite_id, saisi.services)) != set(saisi.services):
        erreurs.append(FieldError(champ="services", message="Choisissez des services de votre collectivité."))
    if erreurs:
        raise Invalid("La saisie est à corriger.", errors=erreurs)


async def _compte(session: AsyncSession, collectivite_id: UUID, saisi: GestionnaireInvite) -> tuple[Compte, Appartenance | None]:
    """Whose account it is, and what he is in the collectivité already. An address in another name is refused: mailboxes are shared."""
    connus = await repository.comptes_de_l_adresse(session, saisi.email)
    siens = [compte for compte in connus if regles.meme_nom(f"{saisi.prenom}{saisi.nom}", f"{compte.prenom}{compte.nom}")]
    if connus and not siens:
        message = (
            "Cette adresse est celle du compte d’une autre personne. Chacun a la sienne\N{NO-BREAK SPACE}:"
            " vérifiez le nom, ou écrivez une autre adresse."
        )
        raise Invalid("La saisie est à corriger.", errors=[FieldError(champ="email", message=message)])
    ici = await repository.en_cours(session, collectivite_id, [compte.id for compte in siens])
    for appartenance in ici:
        compte = next(compte for compte in siens if compte.id == appartenance.compte_id)
        role = regles.role_de_gestion(appartenance.roles)
        if role is None:
            return compte, appartenance
        raise _deja_la(compte, role)
    if siens:
        return siens[0], None
    collectivite = await session.get_one(Collectivite, collectivite_id)
    return await comptes.nouveau_compte(session, collectivite, nom=saisi.nom, prenom=saisi.prenom, email=saisi.email), None


def _deja_la(compte: Compte, role: Role) -> Problem:
    return Problem(
        "deja-gestionnaire",
        f"{compte.nom_complet} a déjà un accès à votre collectivité.",
        status=409,
        detail=f"Son rôle\N{NO-BREAK SPACE}: {ROLES[role].libelle}. Pour le changer, ouvrez sa ligne dans la liste.",
        errors=[FieldError(champ="email", message="Cette personne est déjà dans la liste.")],
    )


async def _agent(session: AsyncSession, collectivite_id: UUID, saisi: GestionnaireInvite) -> Agent | None:
    """His record among the agents, so that he never decides on his own requests."""
    fiches = await repository.agent_de_l_adresse(session, collectivite_id, saisi.email)
    siennes = [fiche for fiche in fiches if regles.meme_nom(f"{saisi.prenom}{saisi.nom}", f"{fiche.prenom}{fiche.nom}")]
    return siennes[0] if len(siennes) == 1 else None


async def _ce_qu_il_dirige(session: AsyncSession, appartenance: Appartenance) -> list[str]:
    agent = await session.get(Agent, appartenance.agent_id) if appartenance.agent_id else None
    if agent is None:
        return []
    services, agents = await dirige(session, agent)
    return [service.nom for service in services] + [f"{mene.prenom} {mene.nom}" for mene in agents]


async def _faits(session: AsyncSession, appartenance: Appartenance) -> dict[str, object]:
    """As the history tells it."""
    role = regles.role_de_gestion(appartenance.roles)
    return {"role": ROLES[role].libelle if role else "", "services": await noms_des_services(session, appartenance)}
