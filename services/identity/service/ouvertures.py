"""The opening of a collectivité as its délégation sees it: codes, follow-up, decision."""

from collections.abc import Sequence
from uuid import UUID, uuid5

from sqlmodel.ext.asyncio.session import AsyncSession

from services.contracts.acteur import Acteur, Droit
from services.contracts.notifications import GabaritCompte
from services.contracts.ouvertures import EtapeOuverture, IssueOuverture, OuvertureAvance, SoumettreOuverture
from services.contracts.ouvertures import FaitOuverture as Fait
from services.identity.domain import ouverture as regles
from services.identity.models import DecisionOuverture, FaitOuverture, Ouverture
from services.identity.repository import ouvertures as repository
from services.identity.schemas.ouvertures import DecisionCreate, OuvertureCreate
from services.identity.service.courriels import ecrire
from services.identity.service.lecture import portee
from services.kit.clock import now
from services.kit.context import Context
from services.kit.french import instant_long
from services.kit.outbox import publish
from services.kit.pagination import decode_moment, encode_moment
from services.kit.problems import Conflict, FieldError, Forbidden, Invalid, NotFound

TAILLE_DE_PAGE = 50
PAGE_OUVERTURE = "/ouverture"
PLATEFORME = "Inscription en ligne"
"""Who signs, in a timeline, what happens by itself."""


async def remettre_les_codes(session: AsyncSession, acteur: Acteur, corps: OuvertureCreate) -> Ouverture:
    """Open a case: the code goes on a letter, the password leaves by mail to the collectivité."""
    _exiger(acteur)
    await _verifier(session, acteur, corps)
    maintenant = now()
    ouverture = Ouverture(
        siret=corps.siret,
        nom=corps.nom,
        email=corps.email,
        departement=corps.departement,
        adresse=corps.adresse or "",
        code_postal=corps.code_postal or "",
        ville=corps.ville or "",
        delegation=acteur.structure or corps.delegation or "",
        code=regles.nouveau_code(corps.departement),
        codes_expirent_le=maintenant + regles.VALIDITE_DES_CODES,
        etape=EtapeOuverture.CODES_REMIS,
        cree_par=acteur.signature,
        cree_le=maintenant,
    )
    session.add(ouverture)
    await session.flush()
    await noter(session, ouverture, "codes:1", "Code remis par courrier, mot de passe envoyé par courriel", par=acteur.signature)
    await _envoyer_le_mot_de_passe(session, ouverture)
    await avancer(session, ouverture, Fait.COMMENCEE)
    return ouverture


async def renvoyer_le_mot_de_passe(session: AsyncSession, acteur: Acteur, ouverture_id: UUID) -> Ouverture:
    """A new password; the one before serves no more. The codes last as long again."""
    _exiger(acteur)
    ouverture = await _verrouiller(session, acteur, ouverture_id)
    if ouverture.etape not in regles.EN_ATTENTE_DE_LA_COLLECTIVITE:
        raise Conflict("dossier-depose", "Le dossier est déjà déposé\N{NO-BREAK SPACE}: le mot de passe provisoire ne sert plus.")
    ouverture.envois += 1
    ouverture.acces = None
    ouverture.codes_expirent_le = now() + regles.VALIDITE_DES_CODES
    session.add(ouverture)
    await noter(session, ouverture, f"codes:{ouverture.envois}", "Nouveau mot de passe provisoire envoyé", par=acteur.signature)
    await _envoyer_le_mot_de_passe(session, ouverture)
    return ouverture


async def lister(
    session: AsyncSession, acteur: Acteur, *, etape: EtapeOuverture | None, cursor: str | None
) -> tuple[Sequence[Ouverture], str | None]:
    _exiger(acteur)
    lignes = await repository.lister(session, portee(acteur), etape=etape, apres=decode_moment(cursor), taille=TAILLE_DE_PAGE + 1)
    page = lignes[:TAILLE_DE_PAGE]
    suivant = encode_moment(page[-1].cree_le, page[-1].id) if len(lignes) > TAILLE_DE_PAGE else None
    return page, suivant


async def lire(session: AsyncSession, acteur: Acteur, ouverture_id: UUID) -> tuple[Ouverture, Sequence[FaitOuverture]]:
    _exiger(acteur)
    ouverture = await repository.lire(session, portee(acteur), ouverture_id)
    if ouverture is None:
        raise introuvable()
    return ouverture, await repository.faits(session, ouverture.id)


async def proposer_une_decision(session: AsyncSession, acteur: Acteur, ouverture_id: UUID, corps: DecisionCreate) -> SoumettreOuverture:
    """Keep the decision, for the workflow to apply. The same decision on the same file, sent twice, is one."""
    ouverture, _ = await lire(session, acteur, ouverture_id)
    if corps.issue is IssueOuverture.REFUSER and not corps.motif.strip():
        raise Invalid("Un refus se motive.", errors=[FieldError(champ="motif", message="Écrivez ce que la collectivité doit corriger.")])
    if not ouverture.depots:
        raise Conflict("decision-refusee", "La collectivité n’a pas encore déposé son dossier.")
    decision = DecisionOuverture(
        id=uuid5(ouverture.id, f"{ouverture.depots}\n{corps.issue}\n{corps.motif}\n{acteur.compte_id}"),
        ouverture_id=ouverture.id,
        issue=corps.issue,
        motif=corps.motif.strip(),
        par=acteur.signature,
        prise_le=now(),
    )
    await repository.proposer(session, decision)
    return SoumettreOuverture(ouverture_id=ouverture.id, decision_id=decision.id, issue=corps.issue)


async def decider(context: Context, soumission: SoumettreOuverture) -> None:
    """Ask the workflow, which applies the decision or says why not."""
    await context.bus.request(soumission, timeout=10)


async def prevenir_la_delegation(session: AsyncSession, ouverture: Ouverture, depuis: str = "") -> None:
    """A file waits; `depuis` makes it a reminder, and says for how long."""
    structure = await repository.structure(session, ouverture.delegation)
    faits = {"collectivite": ouverture.nom, "depose_le": instant_long(ouverture.depose_le or now()), "rappel": depuis}
    page = f"/ouvertures/{ouverture.id}"
    await ecrire(session, GabaritCompte.OUVERTURE_A_VALIDER, nom=structure.nom, email=structure.email, page=page, faits=faits)


async def avancer(session: AsyncSession, ouverture: Ouverture, fait: Fait) -> None:
    """Tell the workflow, once this is committed."""
    await publish(session, OuvertureAvance(survenu_le=now(), ouverture_id=ouverture.id, fait=fait, depots=ouverture.depots))


async def noter(session: AsyncSession, ouverture: Ouverture, cle: str, libelle: str, *, par: str, motif: str = "") -> bool:
    """A line of the timeline, once by `cle`."""
    ligne = FaitOuverture(ouverture_id=ouverture.id, cle=cle, libelle=libelle, par=par, motif=motif, survenu_le=now())
    return await repository.noter(session, ligne)


def introuvable() -> NotFound:
    return NotFound("Cette ouverture n’existe pas, ou n’est pas de votre ressort.")


async def _envoyer_le_mot_de_passe(session: AsyncSession, ouverture: Ouverture) -> None:
    structure = await repository.structure(session, ouverture.delegation)
    faits = {
        "ouverture": str(ouverture.id),
        "envoi": str(ouverture.envois),
        "collectivite": ouverture.nom,
        "delegation": structure.nom,
        "expire_le": instant_long(ouverture.codes_expirent_le),
    }
    await ecrire(session, GabaritCompte.OUVERTURE_MOT_DE_PASSE, nom=ouverture.nom, email=ouverture.email, page=PAGE_OUVERTURE, faits=faits)


async def _verrouiller(session: AsyncSession, acteur: Acteur, ouverture_id: UUID) -> Ouverture:
    visible = await repository.lire(session, portee(acteur), ouverture_id)
    ouverture = await repository.verrouiller(session, ouverture_id) if visible else None
    if ouverture is None:
        raise introuvable()
    return ouverture


async def _verifier(session: AsyncSession, acteur: Acteur, corps: OuvertureCreate) -> None:
    erreurs = []
    if await repository.collectivite_au_travail(session, corps.siret):
        erreurs.append(FieldError(champ="siret", message="Cette collectivité a déjà un compte."))
    elif await repository.ouverture_en_cours(session, corps.siret):
        erreurs.append(FieldError(champ="siret", message="L’ouverture de cette collectivité est déjà en cours."))
    if acteur.structure is None and not corps.delegation:
        erreurs.append(FieldError(champ="delegation", message="Choisissez la délégation de référence."))
    if erreurs:
        raise Invalid("La saisie est à corriger.", errors=erreurs)


def _exiger(acteur: Acteur) -> None:
    if not acteur.peut(Droit.OUVRIR_COLLECTIVITES):
        raise Forbidden("L’ouverture des comptes est réservée aux délégations.")
