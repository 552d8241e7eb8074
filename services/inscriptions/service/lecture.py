"""Reading requests: lists, a request whole, and what the person asked for an avis sees."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.contracts.acteur import Acteur
from services.contracts.catalogue import Regroupement
from services.contracts.identity import Personne
from services.contracts.inscriptions import EtapeCourante, Etat, SensAvis
from services.inscriptions import libelles, repository
from services.inscriptions.domain.droits import actions
from services.inscriptions.domain.journal import Canal, Entree, Fait, est_intact
from services.inscriptions.domain.liens import LIEN_AVIS
from services.inscriptions.models import DemandeAvis, EntreeJournal, EtatDemande, Session
from services.inscriptions.repository import LigneInscription
from services.inscriptions.schemas import (
    AvisPublic,
    DemandeAvisPublic,
    Detenteur,
    EntreePublique,
    InscriptionDetail,
    InscriptionPublic,
    PersonneDeLInscription,
    SessionDeLInscription,
)
from services.inscriptions.service.circuit import inconnue
from services.kit import signed_id
from services.kit.pagination import Page, decode_moment, encode_moment
from services.kit.problems import NotFound

PAR_PAGE = 50


async def lister(
    session: AsyncSession, acteur: Acteur, *, etat: Etat | None, en_attente_de_lui: bool, cursor: str | None
) -> Page[InscriptionPublic]:
    avant = decode_moment(cursor)
    lignes = await repository.lister(session, acteur, etat=etat, en_attente_de_lui=en_attente_de_lui, avant=avant, combien=PAR_PAGE + 1)
    page = lignes[:PAR_PAGE]
    demandes = await repository.demandes_de(session, [ligne.inscription.id for ligne in page])
    derniere = page[-1].inscription if len(lignes) > PAR_PAGE else None
    return Page(
        elements=[resumer(acteur, ligne, demandes[ligne.inscription.id]) for ligne in page],
        suivant=encode_moment(derniere.depose_le, derniere.id) if derniere else None,
    )


async def lire(session: AsyncSession, acteur: Acteur, inscription_id: UUID) -> InscriptionDetail:
    ligne = await repository.lire(session, acteur, inscription_id)
    if ligne is None:
        raise inconnue()
    demandes = (await repository.demandes_de(session, [inscription_id]))[inscription_id]
    journal = await repository.journal_de(session, inscription_id)
    inscription = ligne.inscription
    return InscriptionDetail(
        **dict(resumer(acteur, ligne, demandes)),
        motivation=inscription.motivation,
        regroupements=_regroupements(ligne.session),
        tous_les_avis=[_avis(demande) for demande in demandes],
        journal=[_entree_publique(entree) for entree in journal],
        journal_intact=est_intact((_entree(entree), entree.empreinte) for entree in journal),
        validee_par=inscription.validee_par,
        motif_decision=inscription.motif_decision,
        convocation_id=inscription.convocation_id,
        convocation_reference=inscription.convocation_reference,
        workflow_id=f"inscription:{inscription.id}",
    )


async def demande_du_lien(session: AsyncSession, jeton: str, cles: Sequence[str]) -> DemandeAvis:
    """The demande behind a link; a problem when the link is not one of ours."""
    demande_id = signed_id.read(LIEN_AVIS, jeton, cles)
    demande = await repository.demande(session, demande_id) if demande_id else None
    if demande is None:
        raise NotFound(
            "Ce lien n’est pas valable.",
            slug="lien-inconnu",
            detail="Vérifiez qu’il est entier, ou reprenez-le dans le message que vous avez reçu.",
        )
    return demande


async def lire_demande(session: AsyncSession, demande: DemandeAvis) -> DemandeAvisPublic:
    ligne = await repository.lire_sans_acteur(session, demande.inscription_id)
    if ligne is None:
        raise inconnue()
    return DemandeAvisPublic(
        etat=demande.etat,
        explication=_explication(demande),
        destinataire=Personne.model_validate(demande.personne).nom_complet,
        interim_de=demande.interim_de,
        agent=_agent(ligne),
        collectivite=ligne.collectivite.nom,
        session=_session(ligne.session),
        regroupements=_regroupements(ligne.session),
        motivation=ligne.inscription.motivation,
        depose_le=ligne.inscription.depose_le,
        echeance=demande.echeance,
        sens=demande.sens,
        commentaire=demande.commentaire,
    )


def resumer(acteur: Acteur, ligne: LigneInscription, demandes: Sequence[DemandeAvis]) -> InscriptionPublic:
    inscription = ligne.inscription
    etape = EtapeCourante(inscription.etape)
    etat = Etat(inscription.etat)
    return InscriptionPublic(
        id=inscription.id,
        numero=inscription.numero,
        etat=etat,
        etat_libelle=libelles.ETATS[etat],
        etape=etape,
        detenteur=_detenteur(ligne, etape, demandes),
        depose_le=inscription.depose_le,
        agent=_agent(ligne),
        collectivite=ligne.collectivite.nom,
        session=_session(ligne.session),
        avis=_avis(demandes[-1]) if demandes else None,
        actions=actions(
            acteur,
            agent_id=inscription.agent_id,
            collectivite_id=inscription.collectivite_id,
            structure=inscription.structure,
            etat=etat,
            etape=etape,
        ),
    )


def _detenteur(ligne: LigneInscription, etape: EtapeCourante, demandes: Sequence[DemandeAvis]) -> Detenteur | None:
    ouverte = next((demande for demande in demandes if demande.etat == EtatDemande.OUVERTE), None)
    a_qui = Personne.model_validate(ouverte.personne).nom_complet if ouverte else None
    qui = libelles.detenteur(etape, a_qui, ligne.collectivite.nom, ligne.session.structure_nom)
    return Detenteur(qui=qui, echeance=ligne.inscription.echeance) if qui else None


def _agent(ligne: LigneInscription) -> PersonneDeLInscription:
    agent = ligne.agent
    return PersonneDeLInscription(nom_complet=f"{agent.prenom} {agent.nom}", service=agent.service, fonction=agent.fonction)


def _regroupements(demandee: Session) -> list[Regroupement]:
    return [Regroupement.model_validate(regroupement) for regroupement in demandee.regroupements]


def _session(demandee: Session) -> SessionDeLInscription:
    regroupements = _regroupements(demandee)
    return SessionDeLInscription(
        id=demandee.id,
        code=demandee.code,
        intitule=demandee.intitule,
        lieu=demandee.lieu,
        structure=demandee.structure,
        structure_nom=demandee.structure_nom,
        debut=min(regroupement.debut for regroupement in regroupements),
        fin=max(regroupement.fin for regroupement in regroupements),
        date_limite=demandee.date_limite,
    )


def _avis(demande: DemandeAvis) -> AvisPublic:
    sens = SensAvis(demande.sens) if demande.sens else None
    return AvisPublic(
        sens=sens,
        libelle=libelles.AVIS[sens] if sens else ("En attente" if demande.etat == EtatDemande.OUVERTE else "Sans réponse"),
        par=Personne.model_validate(demande.personne).nom_complet if demande.personne else "Aucun supérieur connu",
        interim_de=demande.interim_de,
        demande_le=demande.demande_le,
        rendu_le=demande.fin_le if demande.etat == EtatDemande.RENDUE else None,
        echeance=demande.echeance,
        relances=demande.relances,
        commentaire=demande.commentaire,
    )


def _explication(demande: DemandeAvis) -> str:
    match demande.etat:
        case EtatDemande.OUVERTE:
            return ""
        case EtatDemande.RENDUE:
            return "Vous avez déjà rendu cet avis. Merci."
        case _:
            return libelles.CLOTURES.get(demande.raison_cloture, libelles.CLOTURE_AUTRE)


def _entree(ligne: EntreeJournal) -> Entree:
    return Entree(
        rang=ligne.rang,
        le=ligne.le,
        fait=Fait(ligne.fait),
        par=ligne.par,
        pour=ligne.pour,
        canal=Canal(ligne.canal),
        de=Etat(ligne.de) if ligne.de else None,
        vers=Etat(ligne.vers) if ligne.vers else None,
        motif=ligne.motif,
    )


def _entree_publique(ligne: EntreeJournal) -> EntreePublique:
    return EntreePublique(
        rang=ligne.rang,
        le=ligne.le,
        fait=Fait(ligne.fait),
        libelle=libelles.FAITS[Fait(ligne.fait)],
        par=ligne.par,
        pour=ligne.pour,
        canal=Canal(ligne.canal),
        motif=ligne.motif,
        empreinte=ligne.empreinte,
    )
