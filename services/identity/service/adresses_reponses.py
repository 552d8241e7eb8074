"""What the two mailboxes answer to a change of address, or the gestionnaire principal for one that is lost."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.contracts.acteur import Acteur, Droit
from services.contracts.notifications import GabaritCompte
from services.identity.domain.adresses import VALIDITE_DE_L_ANCIEN_IDENTIFIANT, Confirmations, Issue, Reponse, identifiant_apres
from services.identity.domain.liens import ADRESSES, MOTS_DE_PASSE, UsageLien
from services.identity.domain.roles import roles_qui
from services.identity.models import ChangementEmail, Compte, Lien
from services.identity.repository import adresses as repository
from services.identity.repository import connexion as repository_connexion
from services.identity.repository import liens as repository_liens
from services.identity.repository.identifiants import reserver as reserver_les_identifiants
from services.identity.repository.publication import collectivites_a_publier
from services.identity.service import liens
from services.identity.service.adresses import PAGE, fermer, introuvable
from services.identity.service.courriels import ecrire
from services.identity.service.publication import publier_la_collectivite
from services.kit.clock import day_of, now
from services.kit.french import instant_long
from services.kit.problems import Conflict, Forbidden

ATTEND_L_AUTRE = "attend_l_autre"

FINS: dict[str | None, tuple[str, str]] = {
    Issue.APPLIQUE: ("L’adresse est déjà changée.", "Il n’y a plus rien à faire."),
    Issue.ABANDONNE: ("Ce changement a été abandonné.", "L’adresse du compte reste la même."),
    Issue.REMPLACE: ("Une autre demande a remplacé celle-ci.", "Ouvrez le dernier message reçu."),
    Issue.REFUSE_PAR_L_ANCIENNE: ("Ce changement a été refusé.", "L’adresse du compte reste la même."),
    Issue.REFUSE_PAR_LA_NOUVELLE: ("Ce changement a été refusé.", "L’adresse du compte reste la même."),
    Issue.MOT_DE_PASSE_CHANGE: (
        "Le changement de mot de passe a annulé cette demande.",
        "Demandez de nouveau le changement d’adresse depuis «\N{NO-BREAK SPACE}Mon compte\N{NO-BREAK SPACE}».",
    ),
    Issue.ADRESSE_PRISE: ("Cette adresse est devenue celle d’un autre compte.", "Choisissez-en une autre depuis votre compte."),
}


async def lire(session: AsyncSession, jeton: str, cles: Sequence[str]) -> tuple[ChangementEmail, Lien, Compte]:
    """What a link asks. Looking changes nothing: mail scanners open links. Raises when there is nothing to answer any more."""
    lien, compte = await _trouver(session, jeton, cles)
    return await _a_repondre(session, lien, compte), lien, compte


async def repondre(session: AsyncSession, jeton: str, reponse: Reponse, cles: Sequence[str]) -> str:
    """Confirm or refuse; what became of the change."""
    lien, compte = await _trouver(session, jeton, cles)
    await _prendre_son_tour(session, compte)
    changement = await _a_repondre(session, lien, compte)
    maintenant = now()
    if not await repository_liens.consommer(session, lien.id, maintenant):
        raise liens.perime("Ce lien a déjà servi.", "Il n’y a plus rien à faire.")
    if reponse is Reponse.REFUSER:
        return await _refuser(session, lien, compte, maintenant)
    if lien.usage == UsageLien.EMAIL_NOUVEAU:
        changement.nouvelle_confirmee_le = maintenant
    elif changement.ancienne_confirmee_le is None:
        changement.ancienne_confirmee_le, changement.ancienne_confirmee_par = maintenant, compte.nom_complet
    return await _appliquer_si_complet(session, changement, compte, maintenant)


async def a_confirmer(session: AsyncSession, acteur: Acteur) -> Sequence[tuple[ChangementEmail, Compte]]:
    """In one's collectivité, what waits for an old mailbox."""
    maintenant = now()
    return await repository.a_confirmer(session, _collectivite_reglee(acteur), day_of(maintenant), maintenant)


async def confirmer_a_la_place(session: AsyncSession, acteur: Acteur, changement_id: UUID, motif: str) -> str:
    """The gestionnaire principal answers for a lost mailbox. It may still refuse until the change is made, and is told so."""
    visibles = {changement.id: compte for changement, compte in await a_confirmer(session, acteur)}
    compte = visibles.get(changement_id)
    if compte is None:
        raise introuvable()
    await _prendre_son_tour(session, compte)
    changement = await repository.verrouiller(session, changement_id)
    if changement is None or changement.clos_le is not None or changement.ancienne_confirmee_le is not None:
        raise introuvable()
    if compte.id == acteur.compte_id:
        raise Forbidden("Nul ne confirme à sa propre place.", detail="Un autre gestionnaire principal de la collectivité peut le faire.")
    maintenant = now()
    changement.ancienne_confirmee_le = maintenant
    changement.ancienne_confirmee_par, changement.motif_confirmation = acteur.signature, motif
    suite = await _appliquer_si_complet(session, changement, compte, maintenant)
    if suite == ATTEND_L_AUTRE:
        lien = await session.get(Lien, changement.lien_ancienne_id)
        faits = {"par": acteur.signature, "nouvelle": changement.nouvelle, "motif": motif, "expire_le": instant_long(changement.expire_le)}
        gabarit = GabaritCompte.EMAIL_CONFIRME_POUR_VOUS
        await ecrire(session, gabarit, nom=compte.nom_complet, email=changement.ancienne, lien=lien, page=PAGE, faits=faits)
    return suite


async def _trouver(session: AsyncSession, jeton: str, cles: Sequence[str]) -> tuple[Lien, Compte]:
    trouve = await liens.trouver(session, jeton, cles, ADRESSES)
    if trouve is None:
        raise liens.inconnu()
    return trouve


async def _a_repondre(session: AsyncSession, lien: Lien, compte: Compte) -> ChangementEmail:
    changement = await repository.du_lien(session, lien.id)
    if changement is None:
        raise liens.inconnu()
    if changement.clos_le is not None:
        raise liens.perime(*FINS[changement.issue])
    if lien.utilise_le is not None:
        raise liens.perime("Cette adresse est déjà confirmée.", "Il reste à confirmer depuis l’autre, où un lien a été envoyé.")
    if not compte.actif or lien.annule_le is not None or lien.expire_le <= now():
        raise liens.perime("Ce lien n’est plus valable.", "Demandez de nouveau le changement d’adresse depuis votre compte.")
    return changement


async def _prendre_son_tour(session: AsyncSession, compte: Compte) -> None:
    """Wait for all that the change may touch, in the order of whoever gives identifiants: in another, two would wait for each other."""
    maintenant = now()
    for collectivite_id in await _gerees(session, compte, maintenant):
        await collectivites_a_publier(session, day_of(maintenant), collectivite_id)
    await reserver_les_identifiants(session)
    await repository_connexion.verrouiller(session, compte)


async def _refuser(session: AsyncSession, lien: Lien, compte: Compte, maintenant: datetime) -> str:
    """From the old mailbox, the holder did not ask: somebody else has his password, and is put out."""
    if lien.usage == UsageLien.EMAIL_NOUVEAU:
        await fermer(session, compte, Issue.REFUSE_PAR_LA_NOUVELLE, maintenant)
        return Issue.REFUSE_PAR_LA_NOUVELLE
    await fermer(session, compte, Issue.REFUSE_PAR_L_ANCIENNE, maintenant)
    await repository_connexion.revoquer_familles(session, compte.id, "changement_d_adresse_refuse", maintenant)
    return Issue.REFUSE_PAR_L_ANCIENNE


async def _appliquer_si_complet(session: AsyncSession, changement: ChangementEmail, compte: Compte, maintenant: datetime) -> str:
    session.add(changement)
    if not Confirmations(changement.nouvelle_confirmee_le, changement.ancienne_confirmee_le).completes:
        return ATTEND_L_AUTRE
    await repository.reserver(session, changement.nouvelle)
    await session.flush()
    if await repository.prise(session, changement.nouvelle, compte.id, maintenant):
        await fermer(session, compte, Issue.ADRESSE_PRISE, maintenant)
        return Issue.ADRESSE_PRISE
    await _changer(session, changement, compte, maintenant)
    await fermer(session, compte, Issue.APPLIQUE, maintenant)
    return Issue.APPLIQUE


async def _changer(session: AsyncSession, changement: ChangementEmail, compte: Compte, maintenant: datetime) -> None:
    identifiant = identifiant_apres(compte.identifiant, changement.ancienne, changement.nouvelle)
    if identifiant != compte.identifiant:
        jusqu_au = maintenant + VALIDITE_DE_L_ANCIEN_IDENTIFIANT
        await repository.garder_l_identifiant(session, compte.identifiant, compte.id, jusqu_au, maintenant)
    compte.identifiant, compte.email = identifiant, changement.nouvelle
    session.add(compte)
    for usage in MOTS_DE_PASSE:
        # They went to the old mailbox.
        await repository_liens.annuler(session, compte.id, usage, maintenant)
    await session.flush()
    faits = {
        "identifiant": identifiant,
        "ancienne": changement.ancienne,
        "nouvelle": changement.nouvelle,
        "change_le": instant_long(maintenant),
        "par": changement.ancienne_confirmee_par if changement.motif_confirmation else "",
    }
    for adresse in (changement.ancienne, changement.nouvelle):
        await ecrire(session, GabaritCompte.EMAIL_CHANGE_FAIT, nom=compte.nom_complet, email=adresse, page="/connexion", faits=faits)
    await _publier(session, compte, maintenant)


async def _publier(session: AsyncSession, compte: Compte, maintenant: datetime) -> None:
    """The other services write to the gestionnaires."""
    for collectivite_id in await _gerees(session, compte, maintenant):
        await publier_la_collectivite(session, collectivite_id)


async def _gerees(session: AsyncSession, compte: Compte, maintenant: datetime) -> list[UUID]:
    appartenances = await repository_connexion.appartenances_en_cours(session, compte.id, day_of(maintenant))
    roles = roles_qui(Droit.GERER_DEMANDES)
    return sorted({a.collectivite_id for a in appartenances if a.collectivite_id is not None and not roles.isdisjoint(a.roles)})


def _collectivite_reglee(acteur: Acteur) -> UUID:
    if not acteur.peut(Droit.REGLER_COLLECTIVITE):
        raise Forbidden("Seul le gestionnaire principal répond pour les adresses des siens.")
    if acteur.collectivite_id is None:
        raise Conflict("sans-collectivite", "Vous n’agissez pour aucune collectivité.")
    return acteur.collectivite_id
