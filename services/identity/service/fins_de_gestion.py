"""A gestionnaire stops: his access ends, and what he held goes to a colleague. Requests belong to the collectivité, and stay."""

from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.contracts.acteur import Acteur, Droit, Role
from services.contracts.notifications import GabaritCompte
from services.identity.domain import gestionnaires as regles
from services.identity.domain.historique import Sujet
from services.identity.domain.roles import ROLES, roles_qui
from services.identity.models import Agent, Appartenance, Compte
from services.identity.repository import fiches as repository_fiches
from services.identity.repository import gestionnaires as repository
from services.identity.schemas.parametres import FinSaisie
from services.identity.service.courriels_gestion import noms_des_services, prevenir
from services.identity.service.gestionnaires import tenir, termine
from services.identity.service.historique import collectivite_dotee, noter
from services.identity.service.principaux import exiger_un_autre_principal
from services.identity.service.publication import publier_la_collectivite
from services.kit.clock import day_of, now
from services.kit.problems import FieldError, Invalid

REVOCATION = "appartenance_terminee"


async def finir(session: AsyncSession, acteur: Acteur, gestionnaire_id: UUID, saisie: FinSaisie) -> None:
    """From today on, and logged out at once. Asked twice, the first time counts."""
    appartenance, compte = await tenir(session, acteur, gestionnaire_id)
    if termine(appartenance):
        return
    collectivite_id = collectivite_dotee(acteur)
    await exiger_un_autre_principal(session, collectivite_id, [appartenance])
    repreneur = await _repreneur(session, acteur, appartenance, saisie.repreneur_id)
    successeur = await _successeur(session, collectivite_id, appartenance, saisie.successeur_id)
    role = regles.role_de_gestion(appartenance.roles)
    avant = {
        "qui": compte.nom_complet,
        "role": ROLES[role].libelle if role else "",
        "services": await noms_des_services(session, appartenance),
    }
    reste = await _terminer(session, acteur, appartenance, saisie)
    apres: dict[str, object] = {"motif": saisie.motif}
    if repreneur is not None:
        apres["repreneur"] = repreneur[1].nom_complet
        apres["services_du_repreneur"] = await _reprendre(session, acteur, appartenance, repreneur)
    if successeur is not None:
        apres["encadrement"] = await _confier(session, appartenance, successeur)
    noter(session, collectivite_id, Sujet.GESTIONNAIRE_FINI, par=acteur.signature, avant=avant, apres=apres)
    faits = {"motif": saisie.motif, "repreneur": str(apres.get("repreneur", "")), "reste_agent": "oui" if reste else ""}
    await prevenir(session, acteur, GabaritCompte.GESTIONNAIRE_FINI, compte, appartenance, **faits)
    await publier_la_collectivite(session, collectivite_id)


async def _terminer(session: AsyncSession, acteur: Acteur, appartenance: Appartenance, saisie: FinSaisie) -> bool:
    """End it; whether he keeps an agent's access, by a membership of its own."""
    jour = day_of(now())
    appartenance.fin = max(jour, appartenance.debut)
    appartenance.motif_fin, appartenance.fin_par = saisie.motif, acteur.signature
    session.add(appartenance)
    await session.flush()
    await repository.fermer_les_acces(session, appartenance.id, REVOCATION, now())
    if not saisie.reste_agent or Role.AGENT not in appartenance.roles:
        return False
    roles = regles.avec_le_role(appartenance.roles, None)
    session.add(
        Appartenance(
            compte_id=appartenance.compte_id,
            roles=roles,
            collectivite_id=appartenance.collectivite_id,
            agent_id=appartenance.agent_id,
            debut=jour,
        )
    )
    await session.flush()
    return True


async def _repreneur(
    session: AsyncSession, acteur: Acteur, partant: Appartenance, repreneur_id: UUID | None
) -> tuple[Appartenance, Compte] | None:
    if repreneur_id is None:
        return None
    trouve = await repository.tenir(session, collectivite_dotee(acteur), repreneur_id)
    gerent = roles_qui(Droit.GERER_DEMANDES)
    if trouve is None or trouve[0].id == partant.id or trouve[0].fin is not None or gerent.isdisjoint(trouve[0].roles):
        raise _a_corriger("repreneur_id", "Choisissez un autre gestionnaire en fonction, qui traite les demandes.")
    return trouve


async def _successeur(session: AsyncSession, collectivite_id: UUID, partant: Appartenance, agent_id: UUID | None) -> Agent | None:
    if agent_id is None:
        return None
    agent = await repository_fiches.collegue(session, collectivite_id, agent_id)
    if agent is None or agent.id == partant.agent_id:
        raise _a_corriger("successeur_id", "Choisissez un autre agent en poste dans votre collectivité.")
    return agent


async def _reprendre(session: AsyncSession, acteur: Acteur, partant: Appartenance, repreneur: tuple[Appartenance, Compte]) -> list[str]:
    """The services he follows from now on, by name."""
    appartenance, compte = repreneur
    services = regles.services_repris(appartenance.services, partant.services)
    if services != list(appartenance.services):
        appartenance.services = services
        session.add(appartenance)
        await session.flush()
        await prevenir(session, acteur, GabaritCompte.GESTIONNAIRE_MODIFIE, compte, appartenance)
    return await noms_des_services(session, appartenance)


async def _confier(session: AsyncSession, partant: Appartenance, successeur: Agent) -> str:
    agent = await session.get(Agent, partant.agent_id) if partant.agent_id else None
    if agent is not None:
        await repository_fiches.confier(session, agent, successeur.id)
    return f"{successeur.prenom} {successeur.nom}"


def _a_corriger(champ: str, message: str) -> Invalid:
    return Invalid("La saisie est à corriger.", errors=[FieldError(champ=champ, message=message)])
