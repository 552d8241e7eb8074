"""Human decisions: proposed by a person, submitted to the circuit, applied when the circuit says so.

A proposed decision is committed before the circuit is asked, so that Temporal carries ids only; its id derives from who
decides and from the caller's idempotency key, so that a repeated click is the same decision.
"""

from uuid import UUID, uuid5

from sqlmodel.ext.asyncio.session import AsyncSession

from services.contracts.acteur import Acteur
from services.contracts.circuits import Soumettre
from services.contracts.identity import Personne
from services.contracts.inscriptions import AppliquerDecision, EffetDecision, Etat, Issue, NatureDecision, SensAvis
from services.inscriptions import libelles, repository
from services.inscriptions.domain import droits
from services.inscriptions.domain.etats import Transition, TransitionImpossibleError, transition
from services.inscriptions.domain.journal import Canal, Fait
from services.inscriptions.models import Decision, DemandeAvis, EtatDecision, EtatDemande, Inscription
from services.inscriptions.repository import LigneInscription
from services.inscriptions.schemas import MOTIF_MINIMUM, AvisCreate, InstructionCreate, RetraitCreate, ValidationCreate
from services.inscriptions.service.admission import admettre_au_fil_de_l_eau
from services.inscriptions.service.circuit import inconnue
from services.inscriptions.service.journal import consigner
from services.inscriptions.service.places import appliquer, fermer_avis, visa
from services.kit.clock import now
from services.kit.context import Context
from services.kit.problems import Conflict, FieldError, Forbidden, Invalid, Problem

FAITS: dict[Issue, Fait] = {
    Issue.VALIDER: Fait.VALIDATION,
    Issue.ACCEPTER: Fait.ACCEPTATION,
    Issue.LISTE_ATTENTE: Fait.LISTE_ATTENTE,
    Issue.RETIRER: Fait.RETRAIT,
}


async def proposer_validation(session: AsyncSession, acteur: Acteur, inscription_id: UUID, corps: ValidationCreate, cle: str) -> Soumettre:
    ligne = await _lire(session, acteur, inscription_id)
    inscription = ligne.inscription
    if not droits.peut_valider(acteur, agent_id=inscription.agent_id, collectivite_id=inscription.collectivite_id):
        raise Forbidden(
            "Seul un gestionnaire de la collectivité, autre que l’agent lui-même, valide sa demande.", slug="validation-interdite"
        )
    if corps.issue is Issue.REFUSER:
        _exiger_motif(corps.motif, "motif")
    return await _proposer(session, ligne, acteur, NatureDecision.VALIDATION, corps.issue, corps.motif, cle)


async def proposer_instruction(
    session: AsyncSession, acteur: Acteur, inscription_id: UUID, corps: InstructionCreate, cle: str
) -> Soumettre:
    ligne = await _lire(session, acteur, inscription_id)
    if not droits.peut_instruire(acteur, structure=ligne.inscription.structure):
        raise Forbidden("Seul un conseiller de la structure qui organise la session instruit cette demande.", slug="instruction-interdite")
    if corps.issue is Issue.REFUSER:
        _exiger_motif(corps.motif, "motif")
    return await _proposer(session, ligne, acteur, NatureDecision.INSTRUCTION, corps.issue, corps.motif, cle)


async def proposer_retrait(session: AsyncSession, acteur: Acteur, inscription_id: UUID, corps: RetraitCreate, cle: str) -> Soumettre:
    ligne = await _lire(session, acteur, inscription_id)
    if acteur.agent_id != ligne.inscription.agent_id:
        raise Forbidden("Seul l’agent retire sa préinscription.", slug="retrait-interdit")
    return await _proposer(session, ligne, acteur, NatureDecision.RETRAIT, Issue.RETIRER, corps.motif, cle)


async def proposer_avis(session: AsyncSession, demande: DemandeAvis, corps: AvisCreate) -> Soumettre:
    """The avis given through a link: the holder of the link is the person it was sent to."""
    if corps.sens is not Issue.FAVORABLE:
        _exiger_motif(corps.commentaire, "commentaire")
    ligne = await repository.lire_sans_acteur(session, demande.inscription_id)
    if ligne is None:
        raise inconnue()
    repondant = Personne.model_validate(demande.personne)
    decision = await _garder(
        session,
        Decision(
            # The same answer sent twice is one decision, with no key to ask of a person who clicks a link.
            id=uuid5(demande.id, f"{corps.sens}\n{corps.commentaire}"),
            inscription_id=demande.inscription_id,
            nature=NatureDecision.AVIS,
            issue=corps.sens,
            commentaire=corps.commentaire,
            acteur_id=repondant.agent_id,
            acteur=repondant.nom_complet + (f", par intérim de {demande.interim_de}" if demande.interim_de else ""),
            pour=ligne.collectivite.nom,
            canal=Canal.LIEN,
            demande_id=demande.id,
            proposee_le=now(),
        ),
    )
    return _soumission(decision)


async def soumettre(context: Context, soumission: Soumettre) -> EffetDecision:
    """Ask the circuit. Refused: the decision is kept as refused, with the reason, and the problem goes on."""
    try:
        return await context.bus.request(soumission, timeout=10)
    except Problem as problem:
        if problem.status < 500:  # noqa: PLR2004 -- a refusal, not a failure: worth keeping
            async with context.database.transaction() as session:
                await _noter_refus(session, soumission.decision_id, problem)
        raise


async def appliquer_decision(session: AsyncSession, demande: AppliquerDecision) -> EffetDecision:
    """State, avis, seat, journal and events of a decision, in one transaction."""
    decision = await repository.verrouiller_decision(session, demande.decision_id)
    inscription = await repository.verrouiller(session, decision.inscription_id) if decision else None
    if decision is None or inscription is None:
        raise inconnue()
    if decision.etat == EtatDecision.APPLIQUEE:
        return EffetDecision(etat=Etat(decision.effet or inscription.etat), issue=Issue(decision.issue), deja_fait=True)
    try:
        passage = transition(NatureDecision(decision.nature), Issue(decision.issue), Etat(inscription.etat))
    except TransitionImpossibleError as error:
        raise Conflict("transition-impossible", "La demande n’est plus dans un état où cette décision s’applique.") from error
    await _appliquer(session, decision, inscription, passage)
    return EffetDecision(etat=Etat(inscription.etat), issue=Issue(decision.issue))


async def _appliquer(session: AsyncSession, decision: Decision, inscription: Inscription, passage: Transition) -> None:
    maintenant = now()
    avant = Etat(inscription.etat)
    fait = _fait(decision)
    if decision.nature == NatureDecision.AVIS:
        await _rendre_avis(session, decision)
    else:
        await fermer_avis(session, inscription, raison=fait, le=maintenant)
    await appliquer(session, inscription, passage, cause=fait, le=maintenant)
    if decision.nature != NatureDecision.AVIS:
        inscription.motif_decision = decision.commentaire or None
    await consigner(
        session,
        inscription,
        fait,
        le=maintenant,
        par=decision.acteur,
        pour=decision.pour,
        canal=Canal(decision.canal),
        de=avant,
        vers=passage.vers,
        motif=_motif(decision),
    )
    if passage.vers is Etat.TRANSMISE:
        inscription.validee_par = decision.acteur
        inscription.validee_le = inscription.transmise_le = maintenant
        await consigner(session, inscription, Fait.TRANSMISSION, le=maintenant, motif=f"Accusé de transmission n° {inscription.numero}")
        await admettre_au_fil_de_l_eau(session, inscription, le=maintenant)
    decision.etat = EtatDecision.APPLIQUEE
    decision.effet = inscription.etat
    decision.appliquee_le = maintenant
    session.add_all([inscription, decision])


async def _rendre_avis(session: AsyncSession, decision: Decision) -> None:
    demande = await repository.demande(session, decision.demande_id) if decision.demande_id else None
    if demande is None or demande.etat != EtatDemande.OUVERTE:
        raise Conflict("avis-clos", "Cet avis n’est plus attendu.")
    demande.etat = EtatDemande.RENDUE
    demande.sens = SensAvis(decision.issue)
    demande.commentaire = decision.commentaire
    demande.fin_le = now()
    session.add(demande)


def _fait(decision: Decision) -> Fait:
    if decision.nature == NatureDecision.AVIS:
        return Fait.AVIS_RENDU
    if decision.issue == Issue.REFUSER:
        return Fait.REFUS_COLLECTIVITE if decision.nature == NatureDecision.VALIDATION else Fait.REFUS_ORGANISME
    return FAITS[Issue(decision.issue)]


def _motif(decision: Decision) -> str:
    if decision.nature != NatureDecision.AVIS:
        return decision.commentaire
    libelle = libelles.AVIS[SensAvis(decision.issue)]
    return f"{libelle} : {decision.commentaire}" if decision.commentaire else libelle


async def _lire(session: AsyncSession, acteur: Acteur, inscription_id: UUID) -> LigneInscription:
    ligne = await repository.lire(session, acteur, inscription_id)
    if ligne is None:
        raise inconnue()
    return ligne


def _exiger_motif(motif: str, champ: str) -> None:
    if len(motif.strip()) < MOTIF_MINIMUM:
        raise Invalid("La saisie est à corriger.", errors=[FieldError(champ=champ, message="Expliquez votre décision en quelques mots.")])


async def _proposer(
    session: AsyncSession, ligne: LigneInscription, acteur: Acteur, nature: NatureDecision, issue: Issue, motif: str, cle: str
) -> Soumettre:
    decision = Decision(
        id=uuid5(ligne.inscription.id, f"{nature}\n{acteur.compte_id}\n{cle}"),
        inscription_id=ligne.inscription.id,
        nature=nature,
        issue=issue,
        commentaire=motif,
        acteur_id=acteur.compte_id,
        acteur=acteur.signature,
        pour=ligne.session.structure_nom if nature is NatureDecision.INSTRUCTION else _au_nom_de(ligne, nature),
        canal=Canal.PLATEFORME,
        proposee_le=now(),
    )
    return _soumission(await _garder(session, decision))


def _au_nom_de(ligne: LigneInscription, nature: NatureDecision) -> str:
    return visa(ligne.collectivite) if nature is NatureDecision.VALIDATION else ligne.collectivite.nom


async def _garder(session: AsyncSession, decision: Decision) -> Decision:
    gardee = await repository.proposer(session, decision)
    if (gardee.issue, gardee.commentaire) != (decision.issue, decision.commentaire):
        raise Problem(
            "cle-deja-utilisee",
            "Cette clé d’idempotence a déjà servi pour une autre décision.",
            status=422,
            detail="Rechargez la page, puis décidez de nouveau.",
        )
    return gardee


def _soumission(decision: Decision) -> Soumettre:
    return Soumettre(
        inscription_id=decision.inscription_id,
        decision_id=decision.id,
        nature=NatureDecision(decision.nature),
        issue=Issue(decision.issue),
        acteur_id=decision.acteur_id,
        demande_id=decision.demande_id,
    )


async def _noter_refus(session: AsyncSession, decision_id: UUID, problem: Problem) -> None:
    decision = await repository.verrouiller_decision(session, decision_id)
    if decision is not None and decision.etat == EtatDecision.PROPOSEE:
        decision.etat = EtatDecision.REFUSEE
        decision.refus = f"{problem.slug}: {problem.title}"
        session.add(decision)
