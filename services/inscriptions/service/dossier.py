"""The dossier of a request, for the services that write papers and mails about it."""

from collections.abc import Sequence

from sqlmodel.ext.asyncio.session import AsyncSession

from services.contracts.catalogue import Regroupement
from services.contracts.identity import EnCopie, Personne
from services.contracts.inscriptions import AvisRendu, DemandeAvisOuverte, Dossier, Etat, LireDossier, SensAvis
from services.contracts.notifications import Gabarit
from services.inscriptions import repository
from services.inscriptions.domain.liens import LIEN_AVIS
from services.inscriptions.models import DemandeAvis, EtatDemande
from services.inscriptions.repository import LigneInscription
from services.inscriptions.service.circuit import inconnue
from services.kit.signed_id import sign


async def lire(session: AsyncSession, demande: LireDossier, *, public_url: str, cles: Sequence[str]) -> Dossier:
    ligne = await repository.lire_sans_acteur(session, demande.inscription_id)
    if ligne is None:
        raise inconnue()
    demandes = (await repository.demandes_de(session, [demande.inscription_id]))[demande.inscription_id]
    posees = [posee for posee in demandes if posee.personne is not None]
    derniere = _posee(posees[-1], public_url, cles) if posees else None
    return Dossier(
        **_agent_et_collectivite(ligne),
        **_session(ligne),
        inscription_id=ligne.inscription.id,
        numero=ligne.inscription.numero,
        etat=Etat(ligne.inscription.etat),
        motivation=ligne.inscription.motivation,
        depose_le=ligne.inscription.depose_le,
        avis=tuple(_rendu(rendue) for rendue in demandes if rendue.sens is not None and rendue.fin_le is not None),
        # Only the last one asked for can still be open.
        demande_avis=derniere if posees and posees[-1].etat == EtatDemande.OUVERTE else None,
        derniere_demande_avis=derniere,
        validee_par=ligne.inscription.validee_par,
        validee_le=ligne.inscription.validee_le,
        motif_decision=ligne.inscription.motif_decision,
        lien=f"{public_url}/inscriptions/{ligne.inscription.id}",
    )


def _agent_et_collectivite(ligne: LigneInscription) -> dict[str, object]:
    agent, collectivite = ligne.agent, ligne.collectivite
    return {
        "collectivite_id": collectivite.id,
        "collectivite": collectivite.nom,
        "collectivite_email": collectivite.email,
        "autorite": collectivite.autorite,
        "gestionnaires": tuple(Personne.model_validate(personne) for personne in collectivite.gestionnaires),
        "copies": (*(EnCopie.model_validate(copie) for copie in collectivite.copies), *_transferts(ligne)),
        "agent": Personne(nom=agent.nom, prenom=agent.prenom, email=agent.email, agent_id=agent.id),
        "agent_civilite": agent.civilite,
        "agent_grade": agent.grade,
        "agent_fonction": agent.fonction,
        "agent_service": agent.service,
        "agent_services": tuple(agent.services),
    }


def _transferts(ligne: LigneInscription) -> tuple[EnCopie, ...]:
    """The supérieur of today gets what the collectivité passes on to him."""
    if not ligne.agent.superieur or not ligne.collectivite.transferts:
        return ()
    superieur = Personne.model_validate(ligne.agent.superieur)
    gabarits = tuple(Gabarit(gabarit) for gabarit in ligne.collectivite.transferts)
    return (EnCopie(nom=superieur.nom_complet, email=superieur.email, gabarits=gabarits),)


def _session(ligne: LigneInscription) -> dict[str, object]:
    demandee = ligne.session
    return {
        "session_id": demandee.id,
        "session_code": demandee.code,
        "intitule": demandee.intitule,
        "objectifs": demandee.objectifs,
        "structure": demandee.structure,
        "structure_nom": demandee.structure_nom,
        "lieu": demandee.lieu,
        "adresse": demandee.adresse,
        "regroupements": tuple(Regroupement.model_validate(regroupement) for regroupement in demandee.regroupements),
        "duree_heures": demandee.duree_heures,
        "conseiller": demandee.conseiller,
        "conseiller_email": demandee.conseiller_email,
    }


def _posee(demande: DemandeAvis, public_url: str, cles: Sequence[str]) -> DemandeAvisOuverte:
    return DemandeAvisOuverte(
        demande_id=demande.id,
        a=Personne.model_validate(demande.personne),
        par_interim_de=demande.interim_de,
        echeance=demande.echeance or demande.demande_le,
        lien=f"{public_url}/avis/{sign(LIEN_AVIS, demande.id, cles)}",
    )


def _rendu(demande: DemandeAvis) -> AvisRendu:
    par = Personne.model_validate(demande.personne).nom_complet if demande.personne else ""
    return AvisRendu(
        sens=SensAvis(demande.sens or SensAvis.NON_RENDU), par=par, le=demande.fin_le or demande.demande_le, commentaire=demande.commentaire
    )
