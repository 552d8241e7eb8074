"""Mandates: proposed by one side, accepted by the other, ended by either; read by both and by the organisme."""

from collections.abc import Sequence
from uuid import UUID

from psycopg.errors import ExclusionViolation
from sqlalchemy.exc import IntegrityError
from sqlmodel.ext.asyncio.session import AsyncSession

from services.contracts.acteur import Acteur, Droit
from services.identity.domain.historique import Sujet
from services.identity.domain.mandats import (
    APRES,
    AVEC_MOTIF,
    Acte,
    Cote,
    EtatMandat,
    Objet,
    Periode,
    actes_possibles,
    etat_au,
)
from services.identity.libelles import deja_donne, ne_se_transmet_pas, portee_en_mots
from services.identity.models import Collectivite, Mandat
from services.identity.repository import mandats as repository
from services.identity.repository.mandats import LigneMandat
from services.identity.schemas.mandats import ActeCreate, MandatCreate
from services.identity.service.courriels_mandats import annoncer_l_acte, annoncer_la_proposition
from services.identity.service.historique import noter
from services.identity.service.lecture import portee
from services.identity.service.publication import publier_la_collectivite
from services.kit.clock import day_of, now
from services.kit.pagination import decode_moment, encode_moment
from services.kit.problems import Conflict, FieldError, Forbidden, Invalid, NotFound

TAILLE_DE_PAGE = 50
TROUVEES_AU_PLUS = 5
LETTRES_AU_MOINS = 3
A_CORRIGER = "La proposition est à corriger."


async def lister(session: AsyncSession, acteur: Acteur, *, q: str, cursor: str | None) -> tuple[Sequence[LigneMandat], str | None]:
    """Those given and received, live or not: the newest first."""
    _exiger_de_lire(acteur)
    lignes = await repository.lister(session, portee(acteur), q=q, avant=decode_moment(cursor), taille=TAILLE_DE_PAGE + 1)
    page = lignes[:TAILLE_DE_PAGE]
    dernier = page[-1].mandat if len(lignes) > TAILLE_DE_PAGE else None
    return page, encode_moment(dernier.propose_le, dernier.id) if dernier else None


async def lire(session: AsyncSession, acteur: Acteur, mandat_id: UUID) -> LigneMandat:
    _exiger_de_lire(acteur)
    ligne = await repository.lire(session, portee(acteur), mandat_id)
    if ligne is None:
        raise NotFound("Ce mandat n’existe pas, ou ne vous est pas accessible.")
    return ligne


async def chercher(session: AsyncSession, acteur: Acteur, q: str) -> Sequence[Collectivite]:
    """The few collectivités that answer to a SIRET or a name: enough to find the one that is meant, too few to browse."""
    sienne = _exiger_de_regler(acteur)
    if len("".join(q.split())) < LETTRES_AU_MOINS:
        raise Invalid(
            "La recherche est à préciser.", errors=[FieldError(champ="q", message="Écrivez trois lettres au moins, ou un SIRET.")]
        )
    compacte = "".join(q.split())
    return await repository.chercher(session, compacte if compacte.isdigit() else q, sauf=sienne, taille=TROUVEES_AU_PLUS)


async def proposer(session: AsyncSession, acteur: Acteur, corps: MandatCreate) -> LigneMandat:
    sienne = _exiger_de_regler(acteur)
    autre = await repository.collectivite_par_siret(session, corps.siret)
    _verifier(corps, autre, sienne)
    autre_id = autre.id if autre else sienne
    mandant, mandataire = (sienne, autre_id) if corps.cote is Cote.MANDANT else (autre_id, sienne)
    mandat = Mandat(
        mandant_id=mandant,
        mandataire_id=mandataire,
        debut=corps.debut,
        fin=corps.fin,
        portee=[objet for objet in Objet if objet in corps.portee],
        etat=EtatMandat.PROPOSE,
        propose_par_cote=corps.cote,
        propose_par=acteur.signature,
        propose_le=now(),
    )
    await repository.verrouiller(session, mandant, mandataire)
    await _exiger_compatible(session, mandat)
    session.add(mandat)
    await session.flush()
    ligne = await lire(session, acteur, mandat.id)
    _tracer(session, acteur, ligne, "proposer")
    await annoncer_la_proposition(session, ligne, a=corps.cote.autre)
    return ligne


async def agir(session: AsyncSession, acteur: Acteur, mandat_id: UUID, corps: ActeCreate) -> LigneMandat:
    """Accept, refuse, take back or revoke. One change at a time: of two at once the second finds what the first did."""
    _exiger_de_regler(acteur)
    ligne = await lire(session, acteur, mandat_id)
    mandat, cote = ligne.mandat, cote_de(ligne, acteur)
    await repository.verrouiller(session, mandat.mandant_id, mandat.mandataire_id)
    await session.refresh(mandat)
    if cote is None or corps.acte not in actes(mandat, cote):
        raise Conflict(
            "mandat-autre-etat", "Ce mandat n’attend pas cette décision.", detail="Rechargez la page\N{NO-BREAK SPACE}: il a pu changer."
        )
    if corps.acte in AVEC_MOTIF and not corps.motif.strip():
        raise Invalid("Cette décision se motive.", errors=[FieldError(champ="motif", message="Dites pourquoi à l’autre collectivité.")])
    await _appliquer(session, acteur, mandat, corps.acte, corps.motif.strip())
    _tracer(session, acteur, ligne, corps.acte, corps.motif.strip())
    await annoncer_l_acte(session, ligne, corps.acte, corps.motif.strip(), a=cote.autre)
    # Who follows the requests of the mandant has changed: those who write to them are told.
    await publier_la_collectivite(session, mandat.mandant_id)
    return ligne


def _tracer(session: AsyncSession, acteur: Acteur, ligne: LigneMandat, acte: str, motif: str = "") -> None:
    """In the history of both sides."""
    faits = {"acte": acte, "mandant": ligne.mandant.nom, "mandataire": ligne.mandataire.nom, "motif": motif or None}
    if acte == "proposer":
        faits["portee"] = portee_en_mots([Objet(objet) for objet in ligne.mandat.portee])
    for collectivite in (ligne.mandant, ligne.mandataire):
        noter(session, collectivite.id, Sujet.MANDAT, par=acteur.signature, apres=faits)


def peut_decider(acteur: Acteur) -> bool:
    return acteur.peut(Droit.REGLER_COLLECTIVITE) and acteur.mandat is None


def actes(mandat: Mandat, cote: Cote) -> tuple[Acte, ...]:
    return actes_possibles(etat_du_jour(mandat), propose_par=Cote(mandat.propose_par_cote), cote=cote)


def etat_du_jour(mandat: Mandat) -> EtatMandat:
    return etat_au(EtatMandat(mandat.etat), _periode(mandat), day_of(now()))


def cote_de(ligne: LigneMandat, acteur: Acteur) -> Cote | None:
    if acteur.collectivite_id == ligne.mandat.mandant_id:
        return Cote.MANDANT
    return Cote.MANDATAIRE if acteur.collectivite_id == ligne.mandat.mandataire_id else None


async def _appliquer(session: AsyncSession, acteur: Acteur, mandat: Mandat, acte: Acte, motif: str) -> None:
    maintenant = now()
    jour = day_of(maintenant)
    if acte is Acte.ACCEPTER:
        if _periode(mandat).finie(jour):
            raise Conflict("mandat-perime", "Les dates de ce mandat sont passées.", detail="Proposez-en un autre.")
        mandat.debut = _periode(mandat).a_partir_de(jour).debut
        await _exiger_compatible(session, mandat)
    mandat.etat = APRES[acte]
    if acte is Acte.REVOQUER:
        mandat.revoque_par, mandat.revoque_le, mandat.motif_revocation = acteur.signature, maintenant, motif
        mandat.fin = max(mandat.debut, jour)
    else:
        mandat.repondu_par, mandat.repondu_le, mandat.motif_reponse = acteur.signature, maintenant, motif
    session.add(mandat)
    await _ecrire(session)


async def _ecrire(session: AsyncSession) -> None:
    """The constraint of the database has the last word, whoever forgot to ask first."""
    try:
        async with session.begin_nested():
            await session.flush()
    except IntegrityError as erreur:
        if isinstance(erreur.orig, ExclusionViolation):
            raise Conflict("mandat-en-concurrence", "Ce mandat en recouvre un autre, déjà en vigueur.") from erreur
        raise


async def _exiger_compatible(session: AsyncSession, mandat: Mandat) -> None:
    periode = _periode(mandat)
    # Not written yet: what is asked must not flush it.
    with session.no_autoflush:
        autre = await repository.en_concurrence(session, mandat.mandant_id, [Objet(o) for o in mandat.portee], periode, sauf=mandat.id)
        maillon = await repository.chaine(session, mandat.mandant_id, mandat.mandataire_id, periode)
    if autre is not None:
        existant = _periode(autre.mandat)
        phrase = deja_donne(autre.mandant.nom, autre.mandataire.nom, [Objet(o) for o in autre.mandat.portee], existant)
        raise Conflict("mandat-en-concurrence", phrase, detail="Changez les dates ou l’objet, ou révoquez d’abord ce mandat.")
    if maillon is not None:
        raise Conflict(
            "mandat-en-chaine",
            ne_se_transmet_pas(maillon.mandant.nom, maillon.mandataire.nom, _periode(maillon.mandat)),
            detail="Qui agit pour d’autres ne donne pas mandat lui-même, et qui donne mandat n’agit pas pour d’autres.",
        )


def _verifier(corps: MandatCreate, autre: Collectivite | None, sienne: UUID) -> None:
    erreurs = []
    if autre is None:
        erreurs.append(FieldError(champ="siret", message="Aucune collectivité active n’a ce SIRET. Cherchez-la par son nom."))
    elif autre.id == sienne:
        erreurs.append(FieldError(champ="siret", message="C’est votre collectivité\N{NO-BREAK SPACE}: nul ne se donne mandat à lui-même."))
    if corps.debut < day_of(now()):
        erreurs.append(FieldError(champ="debut", message="Un mandat ne commence pas dans le passé."))
    if corps.fin is not None and corps.fin <= corps.debut:
        erreurs.append(FieldError(champ="fin", message="Un mandat finit après avoir commencé."))
    if erreurs:
        raise Invalid(A_CORRIGER, errors=erreurs)


def _exiger_de_lire(acteur: Acteur) -> None:
    if acteur.mandat is not None:
        raise _chez_soi()
    if not acteur.peut(Droit.LIRE_COLLECTIVITE) and not acteur.peut(Droit.LIRE_RESSORT):
        raise Forbidden("Les mandats sont lus par les gestionnaires des deux collectivités et par l’organisme.", slug="mandats-reserves")


def _exiger_de_regler(acteur: Acteur) -> UUID:
    """One's collectivité. Whoever acts under a mandate changes none, or he would extend his own."""
    if acteur.mandat is not None:
        raise _chez_soi()
    if not peut_decider(acteur) or acteur.collectivite_id is None:
        raise Forbidden("Seul le gestionnaire principal d’une collectivité décide de ses mandats.", slug="mandats-reserves")
    return acteur.collectivite_id


def _chez_soi() -> Forbidden:
    return Forbidden(
        "Les mandats ne se lisent ni ne se changent sous mandat.",
        slug="sous-mandat",
        detail="Revenez d’abord à votre propre organisation.",
    )


def _periode(mandat: Mandat) -> Periode:
    return Periode(mandat.debut, mandat.fin)
