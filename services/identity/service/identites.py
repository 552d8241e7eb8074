"""Login by a third party: whose account an identity opens, and what one does of those linked to one's own."""

from collections.abc import Mapping, Sequence
from uuid import UUID, uuid4

from sqlmodel.ext.asyncio.session import AsyncSession

from services.contracts.acteur import Acteur
from services.contracts.notifications import GabaritCompte
from services.identity.domain.identites import IdentiteTierce
from services.identity.models import Compte, IdentiteExterne
from services.identity.repository import connexion as repository_connexion
from services.identity.repository import identites as repository
from services.identity.service import connexion
from services.identity.service.comptes import annoncer_l_activation
from services.identity.service.connexion import Connexion
from services.identity.service.courriels import ecrire
from services.identity.settings import Settings
from services.identity.trousseau import Trousseau
from services.kit.clock import now
from services.kit.french import instant_long
from services.kit.logs import get_logger
from services.kit.problems import Conflict, Forbidden, NotFound, Problem, Unauthenticated

MON_COMPTE = "«\N{NO-BREAK SPACE}Mon compte\N{NO-BREAK SPACE}»"
PAR_L_ADRESSE = "adresse vérifiée, à la connexion"

log = get_logger(__name__)


async def ouvrir(
    session: AsyncSession, trousseau: Trousseau, identite: IdentiteTierce, *, nom: str, reglages: Settings, depuis: str
) -> Connexion | Problem:
    """Log in whoever the provider says. Refused is answered: a link just made stays, even when its account has no access now."""
    await repository.reserver(session, identite)
    connue = await repository.liee(session, identite)
    if connue is None:
        trouve = await _compte_a_l_adresse(session, identite, nom)
        if isinstance(trouve, Problem):
            return trouve
        compte = trouve
        await _lier(session, compte, identite, nom=nom, par=PAR_L_ADRESSE)
        premier, compte.par_un_tiers = not compte.active, True
        session.add(compte)
        if premier:
            # His first login: he shows that the mailbox is his, as the activation link would.
            await annoncer_l_activation(session, compte)
    else:
        ligne, compte = connue
        if not compte.actif:
            return Forbidden("Ce compte est fermé.", slug="compte-ferme", detail=DEMANDEZ)
        ligne.vue_le = now()
        session.add(ligne)
    return await connexion.poursuivre(session, trousseau, compte, reglages=reglages, depuis=depuis)


async def les_siennes(session: AsyncSession, acteur: Acteur) -> tuple[bool, Sequence[IdentiteExterne]]:
    """Whether one may be taken away (there is another way in), and those linked."""
    compte = await repository_connexion.compte(session, acteur.compte_id)
    return compte is not None and compte.mot_de_passe is not None, await repository.siennes(session, acteur.compte_id)


async def lier(session: AsyncSession, acteur: Acteur, identite: IdentiteTierce, *, nom: str) -> None:
    """Link an identity to one's account, whatever its address; the provider must have verified it all the same."""
    compte = await repository_connexion.compte(session, acteur.compte_id)
    if compte is None:
        raise Unauthenticated("Ce compte n’existe plus.")
    if not identite.adresse_sure:
        raise _adresse_non_verifiee(nom)
    await repository.reserver(session, identite)
    connue = await repository.liee(session, identite)
    if connue is not None and connue[1].id != compte.id:
        raise Conflict(
            "identite-prise",
            f"Cette identité {nom} ouvre déjà un autre compte.",
            detail="Connectez-vous avec elle pour savoir lequel, et retirez-la de ce compte si elle doit ouvrir celui-ci.",
        )
    if connue is None:
        await _lier(session, compte, identite, nom=nom, par=acteur.signature)


async def delier(session: AsyncSession, acteur: Acteur, identite_id: UUID, *, noms: Mapping[str, str]) -> None:
    """Take a link away, never the last way in. `noms`: how people call the issuers."""
    compte = await repository_connexion.compte(session, acteur.compte_id)
    if compte is None:
        raise Unauthenticated("Ce compte n’existe plus.")
    maintenant = now()
    ligne = await repository.delier(session, compte.id, identite_id, maintenant)
    if ligne is None:
        raise NotFound("Cette identité n’est plus liée à votre compte.")
    if compte.mot_de_passe is None:
        raise Conflict(
            "derniere-facon",
            "Choisissez d’abord un mot de passe.",
            detail="Sans lui, vous ne pourriez plus vous connecter. Demandez-en un par «\N{NO-BREAK SPACE}mot de passe oublié"
            "\N{NO-BREAK SPACE}», à la page de connexion.",
        )
    log.info("identite.deliee", compte=str(compte.id), identite=str(identite_id))
    faits = {
        "identifiant": compte.identifiant,
        "par": noms.get(ligne.emetteur, ligne.emetteur),
        "adresse": ligne.email,
        "deliee_le": instant_long(maintenant),
    }
    await ecrire(session, GabaritCompte.IDENTITE_DELIEE, nom=compte.nom_complet, email=compte.email, page="/connexion", faits=faits)


async def _compte_a_l_adresse(session: AsyncSession, identite: IdentiteTierce, nom: str) -> Compte | Problem:
    """The one active account of the verified address, or why there is none to open."""
    if not identite.adresse_sure:
        return _adresse_non_verifiee(nom)
    comptes = await repository.comptes_a_l_adresse(session, identite.email)
    if not comptes:
        return Forbidden(f"Aucun compte n’a l’adresse {identite.email}.", slug="aucun-compte", detail=DEMANDEZ)
    if len(comptes) > 1:
        return Forbidden(
            f"Plusieurs comptes ont l’adresse {identite.email}.",
            slug="plusieurs-comptes",
            detail=f"Connectez-vous à celui que vous voulez avec son mot de passe, puis liez-le à {nom} depuis {MON_COMPTE}.",
        )
    if await repository.fut_deliee(session, identite, comptes[0].id):
        return Forbidden(
            f"Vous avez retiré ce lien avec {nom}.",
            slug="lien-retire",
            detail=f"Connectez-vous avec votre mot de passe, puis liez-le de nouveau depuis {MON_COMPTE}.",
        )
    return comptes[0]


async def _lier(session: AsyncSession, compte: Compte, identite: IdentiteTierce, *, nom: str, par: str) -> None:
    maintenant = now()
    ligne = IdentiteExterne(
        id=uuid4(),
        compte_id=compte.id,
        emetteur=identite.emetteur,
        sujet=identite.sujet,
        email=identite.email,
        liee_par=par,
        liee_le=maintenant,
        vue_le=maintenant,
    )
    session.add(ligne)
    await session.flush()
    log.info("identite.liee", compte=str(compte.id), identite=str(ligne.id))
    faits = {"identifiant": compte.identifiant, "par": nom, "adresse": identite.email, "liee_le": instant_long(maintenant)}
    page = "/mon-compte/identites"
    await ecrire(session, GabaritCompte.IDENTITE_LIEE, nom=compte.nom_complet, email=compte.email, page=page, faits=faits)


DEMANDEZ = (
    "Si vous avez un compte à une autre adresse, connectez-vous avec son mot de passe. Sinon, demandez au service formation de votre "
    "collectivité, ou à votre délégation si vous travaillez pour l’organisme, de vous en ouvrir un."
)


def _adresse_non_verifiee(nom: str) -> Problem:
    return Forbidden(
        f"{nom} n’a pas vérifié votre adresse électronique.",
        slug="adresse-non-verifiee",
        detail=f"Vérifiez-la auprès de {nom}, puis recommencez, ou connectez-vous avec votre identifiant et votre mot de passe.",
    )
