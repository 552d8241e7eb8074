"""How the people of a collectivité are called when they log in: chosen, shown, applied."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlmodel.ext.asyncio.session import AsyncSession

from services.contracts.acteur import Acteur, Droit
from services.contracts.notifications import GabaritCompte
from services.identity.domain.adresses import VALIDITE_DE_L_ANCIEN_IDENTIFIANT
from services.identity.domain.historique import Sujet
from services.identity.domain.identifiants import FORMES, PREFIXE, FormeIdentifiants, Regle, Titulaire, attribuer, prenom_nom, racine
from services.identity.models import Collectivite
from services.identity.repository import identifiants as repository
from services.identity.service.courriels import Lettre, ecrire_a_tous
from services.identity.service.historique import noter
from services.kit.clock import day_of, now
from services.kit.etag import require_match
from services.kit.french import date_longue
from services.kit.problems import Conflict, FieldError, Forbidden, Invalid

LIGNES_D_APERCU = 10


@dataclass(frozen=True)
class Ligne:
    nom: str
    actuel: str
    nouveau: str


@dataclass(frozen=True)
class Apercu:
    """`changent` of the `total` accounts would get another identifiant; `lignes` are the first of them."""

    total: int
    changent: int
    lignes: Sequence[Ligne]


async def lire(session: AsyncSession, acteur: Acteur) -> Regle:
    return _regle(await repository.collectivite(session, _collectivite_reglee(acteur)))


async def changer(session: AsyncSession, acteur: Acteur, regle: Regle, *, lue: str) -> Regle:
    """For the accounts to come. `lue` is the mark of the rule that was read: another's change in between is not overwritten."""
    collectivite = await repository.collectivite(session, _collectivite_reglee(acteur), verrouillee=True)
    regle = _valable(regle)
    actuelle = _regle(collectivite)
    require_match(etiquette(actuelle), lue, "La règle a changé entre-temps.")
    if regle != actuelle:
        collectivite.forme_identifiants, collectivite.prefixe_identifiants = regle.forme, regle.prefixe
        session.add(collectivite)
        avant, apres = {"identifiants": _en_mots(actuelle)}, {"identifiants": _en_mots(regle)}
        noter(session, collectivite.id, Sujet.IDENTIFIANTS, par=acteur.signature, avant=avant, apres=apres)
    return regle


async def apercu(session: AsyncSession, acteur: Acteur, regle: Regle) -> Apercu:
    """What this rule would change, before anything is."""
    gens, nouveaux = await _changements(session, _collectivite_reglee(acteur), _valable(regle))
    lignes = [Ligne(nom, qui.actuel, nouveaux[qui.compte_id]) for qui, nom in gens if qui.compte_id in nouveaux]
    return Apercu(len(gens), len(lignes), lignes[:LIGNES_D_APERCU])


async def appliquer(session: AsyncSession, acteur: Acteur) -> int:
    """Give the accounts that are there an identifiant of the form chosen, and tell each. Twice is once."""
    # The collectivité first, as whoever invites does: in another order, the two would wait for each other.
    collectivite = await repository.collectivite(session, _collectivite_reglee(acteur), verrouillee=True)
    await repository.reserver(session)
    regle = _regle(collectivite)
    gens, nouveaux = await _changements(session, collectivite.id, regle)
    if not nouveaux:
        return 0
    maintenant = now()
    jusqu_au = maintenant + VALIDITE_DE_L_ANCIEN_IDENTIFIANT
    anciens = {qui.compte_id: qui.actuel for qui, _ in gens}
    await repository.changer(session, anciens, nouveaux, jusqu_au, maintenant)
    apres = {"nombre": len(nouveaux)}
    noter(session, collectivite.id, Sujet.IDENTIFIANTS_APPLIQUES, par=acteur.signature, apres=apres)
    communs = {"organisation": collectivite.nom, "jusqu_au": date_longue(day_of(jusqu_au))}
    lettres = [
        Lettre(nom, qui.email, {"ancien": qui.actuel, "identifiant": nouveaux[qui.compte_id], **communs})
        for qui, nom in gens
        if qui.compte_id in nouveaux
    ]
    await ecrire_a_tous(session, GabaritCompte.IDENTIFIANT_CHANGE, lettres, page="/connexion")
    return len(nouveaux)


async def nouvel_identifiant(
    session: AsyncSession, collectivite: Collectivite, *, prenom: str, nom: str, email: str, matricule: str | None = None
) -> str:
    """For an account about to be made."""
    await repository.reserver(session)
    regle, qui = _regle(collectivite), Titulaire(uuid4(), "", prenom, nom, email, matricule)
    return attribuer(regle, [qui], await repository.pris(session, {racine(regle, qui), prenom_nom(qui)}, now()))[qui.compte_id]


def etiquette(regle: Regle) -> str:
    return f'"{regle.forme}:{regle.prefixe}"'


async def _changements(
    session: AsyncSession, collectivite_id: UUID, regle: Regle
) -> tuple[Sequence[tuple[Titulaire, str]], Mapping[UUID, str]]:
    maintenant = now()
    gens = await repository.titulaires(session, collectivite_id, day_of(maintenant))
    racines = {nom for qui, _ in gens for nom in (racine(regle, qui), prenom_nom(qui))}
    pris = await repository.pris(session, racines, maintenant)
    return gens, attribuer(regle, [qui for qui, _ in gens], pris)


def _regle(collectivite: Collectivite) -> Regle:
    return Regle(FormeIdentifiants(collectivite.forme_identifiants), collectivite.prefixe_identifiants)


def _valable(regle: Regle) -> Regle:
    """A prefix goes with matricules, and with nothing else."""
    if regle.forme is not FormeIdentifiants.MATRICULE:
        return Regle(regle.forme)
    prefixe = regle.prefixe.strip().lower()
    if not PREFIXE.fullmatch(prefixe):
        message = "Écrivez une à dix lettres sans accent, chiffres ou tirets, comme «\N{NO-BREAK SPACE}roc-\N{NO-BREAK SPACE}»."
        raise Invalid("La saisie est à corriger.", errors=[FieldError(champ="prefixe", message=message)])
    return Regle(regle.forme, prefixe)


def _en_mots(regle: Regle) -> str:
    forme = FORMES[regle.forme]
    return f"{forme}, préfixe {regle.prefixe}" if regle.prefixe else forme


def _collectivite_reglee(acteur: Acteur) -> UUID:
    if not acteur.peut(Droit.REGLER_COLLECTIVITE):
        raise Forbidden("Seul le gestionnaire principal règle les identifiants de la collectivité.")
    if acteur.collectivite_id is None:
        raise Conflict("sans-collectivite", "Vous n’agissez pour aucune collectivité.")
    return acteur.collectivite_id
