"""Imports of agents as people ask for them: deposit, report, application. The work itself is done beside (`travail_imports`)."""

from collections.abc import Sequence
from uuid import UUID, uuid4

from sqlmodel.ext.asyncio.session import AsyncSession

from services.contracts.acteur import Acteur, Droit
from services.identity.domain.imports.analyse import Action, Ligne
from services.identity.domain.imports.cellules import contient_un_nir, nettoyer
from services.identity.domain.imports.colonnes import Entete, EnteteInvalideError, reconnaitre
from services.identity.domain.imports.etats import DEMANDES, Choix, EtatImport
from services.identity.models import ImportAgents, LigneImport
from services.identity.repository import imports as repository
from services.identity.tableurs.feuille import Feuille, FichierRefuse
from services.kit.clock import now
from services.kit.french import nombre
from services.kit.pagination import decode_cursor, decode_moment, encode_cursor, encode_moment, no_such_page
from services.kit.problems import Conflict, Forbidden, NotFound

TAILLE_DE_PAGE = 50


def importateur(acteur: Acteur) -> UUID:
    """The collectivité for which the acteur may import. Forbidden otherwise, with the reason."""
    if not acteur.peut(Droit.GERER_AGENTS) or acteur.collectivite_id is None:
        raise Forbidden("L’import des agents est réservé à ceux qui gèrent les agents de leur collectivité.")
    if acteur.services:
        raise Forbidden(
            "Un import porte sur tous les agents de la collectivité, et votre gestion se limite à certains services.",
            detail="Demandez-le à un gestionnaire de toute la collectivité.",
        )
    return acteur.collectivite_id


def lignes_de(feuille: Feuille) -> tuple[Entete, list[Ligne]]:
    """The lines under the header, without what must never be kept. FichierRefuse when the header is not one."""
    (_, premiere), *suite = feuille.lignes
    try:
        entete = reconnaitre(premiere)
    except EnteteInvalideError as erreur:
        raise FichierRefuse(str(erreur)) from erreur
    return entete, [_ligne(numero, cellules, entete) for numero, cellules in suite]


def _ligne(numero: int, cellules: Sequence[str], entete: Entete) -> Ligne:
    lues: dict[str, str] = {}
    nirs = []
    for champ, place in entete.places.items():
        texte = nettoyer(cellules[place]) if place < len(cellules) else ""
        if contient_un_nir(texte):
            nirs.append(champ)
        elif texte:
            lues[champ] = texte
    return Ligne(numero, lues, tuple(nirs))


async def deposer(session: AsyncSession, acteur: Acteur, *, nom: str, entete: Entete, lignes: Sequence[Ligne]) -> ImportAgents:
    """Keep the lines and have them analysed; no agent is touched."""
    depose = ImportAgents(
        id=uuid4(),
        collectivite_id=importateur(acteur),
        nom_fichier="fichier" if contient_un_nir(nom) else nom,
        depose_par=acteur.signature,
        depose_le=now(),
        etat=EtatImport.ANALYSE,
        total=len(lignes),
        colonnes_ignorees=[colonne for colonne in entete.ignorees if not contient_un_nir(colonne)],
    )
    session.add(depose)
    await session.flush()
    await repository.ajouter_les_lignes(session, depose.id, lignes)
    await repository.reveiller(session)
    return depose


async def lire(session: AsyncSession, acteur: Acteur, import_id: UUID) -> ImportAgents:
    return _trouve(await repository.lire(session, importateur(acteur), import_id))


async def lister(session: AsyncSession, acteur: Acteur, *, cursor: str | None) -> tuple[Sequence[ImportAgents], str | None]:
    collectivite = importateur(acteur)
    lus = await repository.lister(session, collectivite, decode_moment(cursor), TAILLE_DE_PAGE + 1)
    suite = len(lus) > TAILLE_DE_PAGE
    dernier = lus[TAILLE_DE_PAGE - 1] if suite else None
    return lus[:TAILLE_DE_PAGE], encode_moment(dernier.depose_le, dernier.id) if dernier else None


async def rapport(
    session: AsyncSession, acteur: Acteur, import_id: UUID, *, action: Action | None, avertis: bool, cursor: str | None
) -> tuple[Sequence[LigneImport], str | None]:
    """A page of lines of the report, and the cursor of the next."""
    await lire(session, acteur, import_id)
    apres = 0
    if cursor is not None:
        (numero,) = decode_cursor(cursor, 1)
        if not numero.isdecimal() or len(numero) > 9:  # noqa: PLR2004 -- a PostgreSQL integer
            raise no_such_page()
        apres = int(numero)
    lignes = await repository.lignes_lues(session, import_id, action=action, avertis=avertis, apres=apres, taille=TAILLE_DE_PAGE + 1)
    suivant = encode_cursor(str(lignes[TAILLE_DE_PAGE - 1].numero)) if len(lignes) > TAILLE_DE_PAGE else None
    return lignes[:TAILLE_DE_PAGE], suivant


async def tout_le_rapport(session: AsyncSession, acteur: Acteur, import_id: UUID) -> Sequence[LigneImport]:
    await lire(session, acteur, import_id)
    return await repository.lignes_lues(session, import_id, action=None, avertis=False, apres=0, taille=None)


async def appliquer(session: AsyncSession, acteur: Acteur, import_id: UUID, choix: Choix) -> ImportAgents:
    """Have it applied; asking again changes nothing. Conflict when it is not ready, or has errors and `rien_si_erreur`."""
    demande = _trouve(await repository.lire(session, importateur(acteur), import_id, verrou=True))
    if demande.etat in DEMANDES:
        return demande
    if demande.etat == EtatImport.ANALYSE:
        raise Conflict(
            "import-en-analyse", "Le fichier est encore en cours d’analyse.", detail="Attendez la fin de l’analyse pour l’appliquer."
        )
    if demande.etat == EtatImport.ABANDONNE:
        raise Conflict("import-abandonne", "Cet import a été abandonné.", detail="Déposez de nouveau le fichier.")
    erreurs = demande.compteurs.get(Action.ERREUR, 0)
    if choix is Choix.RIEN_SI_ERREUR and erreurs:
        raise Conflict(
            "import-avec-erreurs",
            f"{nombre(erreurs)} ligne{'s sont' if erreurs > 1 else ' est'} en erreur\N{NO-BREAK SPACE}: rien n’a été importé.",
            detail="Corrigez le fichier et déposez-le de nouveau, ou importez toutes les lignes bonnes.",
        )
    demande.etat = EtatImport.EN_APPLICATION
    demande.choix = choix
    demande.applique_par = acteur.signature
    demande.fait, demande.total = 0, demande.compteurs.get(Action.CREER, 0) + demande.compteurs.get(Action.MODIFIER, 0)
    demande.message = ""
    session.add(demande)
    await repository.reveiller(session)
    return demande


async def abandonner(session: AsyncSession, acteur: Acteur, import_id: UUID) -> ImportAgents:
    """Leave it aside, its lines forgotten."""
    abandonne = _trouve(await repository.lire(session, importateur(acteur), import_id, verrou=True))
    if abandonne.etat in DEMANDES:
        raise Conflict("import-applique", "Cet import est appliqué, ou en train de l’être\N{NO-BREAK SPACE}: il ne s’abandonne plus.")
    abandonne.etat = EtatImport.ABANDONNE
    abandonne.message = f"Abandonné par {acteur.signature}."
    session.add(abandonne)
    await repository.oublier_les_lignes(session, import_id)
    return abandonne


def _trouve(trouve: ImportAgents | None) -> ImportAgents:
    if trouve is None:
        raise NotFound("Cet import n’existe pas, ou ne vous est pas accessible.")
    return trouve
