"""Use cases of the catalogue: one function, one transaction, committed by whoever calls."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.catalogue import domain, repository
from services.catalogue.repository import Criteres, Position
from services.contracts.acteur import Acteur, Droit
from services.contracts.catalogue import AireDeRecrutement, EtatSession, Regroupement, SessionEnregistree
from services.contracts.identity import CollectiviteEnregistree
from services.contracts.inscriptions import PlacesActualisees
from services.kit import clock
from services.kit.etag import require_match
from services.kit.french import NBSP
from services.kit.outbox import publish, publish_many
from services.kit.pagination import decode_cursor, encode_cursor
from services.kit.problems import FieldError, Forbidden, Invalid, NotFound

PAR_PAGE = 20


@dataclass(frozen=True, kw_only=True)
class PageDeSessions:
    etats: list[domain.EtatDuStage]
    suivant: str | None


def perimetre_de(acteur: Acteur) -> domain.Perimetre:
    """What his roles let someone see: an administrateur all, a conseiller his structure's, the others their collectivité's."""
    return domain.Perimetre(
        tout=acteur.peut(Droit.LIRE_RESSORT) and acteur.structure is None,
        structure=acteur.structure if acteur.peut(Droit.LIRE_RESSORT) else None,
        collectivite_id=acteur.collectivite_id if not acteur.droits.isdisjoint({Droit.DEPOSER, Droit.LIRE_COLLECTIVITE}) else None,
    )


async def lister_sessions(
    session: AsyncSession,
    acteur: Acteur,
    *,
    texte: str = "",
    structure: str | None = None,
    fermees: bool = False,
    curseur: str | None = None,
) -> PageDeSessions:
    """One page of the sessions that `acteur` may see, open ones unless `fermees`; the most relevant first when `texte` is given.

    Raises `Invalid` when `curseur` was not made here.
    """
    trouvees = await repository.lister(
        session,
        perimetre_de(acteur),
        Criteres(mots=domain.termes(texte), structure=structure, fermees=fermees),
        maintenant=clock.now(),
        apres=_position(curseur) if curseur else None,
        nombre=PAR_PAGE + 1,
    )
    page = trouvees[:PAR_PAGE]
    suivant = _curseur(page[-1].position) if len(trouvees) > PAR_PAGE else None
    return PageDeSessions(etats=[trouvee.etat for trouvee in page], suivant=suivant)


async def lire_session(session: AsyncSession, acteur: Acteur, session_id: UUID) -> domain.EtatDuStage:
    """The session with its figures; `NotFound` when there is none, and just so when it is not for `acteur`."""
    etat = await repository.trouver(session, perimetre_de(acteur), session_id)
    if etat is None:
        raise NotFound(
            "Cette session n’existe pas, ou elle ne vous est pas proposée.",
            slug="session-introuvable",
            detail="Une session n’est visible que dans son aire de recrutement. Retrouvez dans la liste celles qui vous sont ouvertes.",
        )
    return etat


async def regler_l_accueil(
    session: AsyncSession, acteur: Acteur, session_id: UUID, voulu: domain.Accueil, *, motif: str, lue: str
) -> domain.EtatDuStage:
    """Change how many a session expects and how it takes them; everybody is told. `lue` is the mark it was read at.

    An effectif below the seats already given takes nobody off: the ledger has the last word, and gives none until enough are free.
    """
    if not acteur.peut(Droit.PUBLIER_SESSIONS):
        raise Forbidden("Seul un conseiller de la structure qui organise la session la modifie.", slug="session-protegee")
    await repository.verrouiller(session, session_id)
    etat = await lire_session(session, acteur, session_id)
    avant = etat.session
    require_match(avant.etiquette, lue, "Cette session a changé depuis que vous l’avez ouverte.", "Voici ce qu’elle est maintenant.")
    _refuser(voulu)
    differences = avant.accueil.differences(voulu)
    if not differences:
        return etat
    apres = replace(avant, **asdict(voulu), version=avant.version + 1)
    changement = domain.Changement(version=apres.version, le=clock.now(), par=acteur.signature, motif=motif.strip(), champs=differences)
    await repository.changer_l_accueil(session, avant.id, voulu, changement)
    await publish(session, _enregistree(apres))
    return replace(etat, session=apres)


async def lire_les_changements(session: AsyncSession, acteur: Acteur, session_id: UUID) -> list[domain.Changement]:
    """Who changed a session, the newest first: for the people of the organisme."""
    if not acteur.peut(Droit.LIRE_RESSORT):
        raise Forbidden("L’historique d’une session est tenu par la structure qui l’organise.", slug="historique-reserve")
    await lire_session(session, acteur, session_id)
    return await repository.changements(session, session_id)


def _refuser(voulu: domain.Accueil) -> None:
    anomalies = voulu.anomalies()
    if anomalies:
        erreurs = [FieldError(champ=champ, message=phrase) for champ, phrase in anomalies.items()]
        raise Invalid("La saisie est à corriger.", errors=erreurs)


async def charger(
    session: AsyncSession, structures: Sequence[domain.Structure], stages: Sequence[domain.Stage], sessions: Sequence[domain.Session]
) -> bool:
    """Load a whole catalogue and tell the other services; False, and nothing done, when there is one already."""
    if await repository.a_des_sessions(session):
        return False
    await repository.ajouter(session, structures, stages, sessions)
    await publish_many(session, [_enregistree(s) for s in sessions])
    return True


async def suivre_collectivite(session: AsyncSession, event: CollectiviteEnregistree) -> None:
    await repository.retenir_collectivite(session, event.collectivite_id, version=event.version, departement=event.departement)


async def suivre_places(session: AsyncSession, event: PlacesActualisees) -> None:
    places = domain.Places(recues=event.recues, admises=event.admises, en_attente=event.en_attente)
    await repository.retenir_places(session, event.session_id, version=event.version, places=places)


def _enregistree(s: domain.Session) -> SessionEnregistree:
    return SessionEnregistree(
        survenu_le=clock.now(),
        session_id=s.id,
        version=s.version,
        code=s.code,
        intitule=s.stage.intitule,
        nature=s.stage.nature,
        organisation=s.stage.organisation,
        structure=s.structure.code,
        structure_nom=s.structure.nom,
        lieu=s.lieu,
        adresse=s.adresse,
        regroupements=tuple(Regroupement(**asdict(r)) for r in s.regroupements),
        duree_heures=s.stage.duree_heures,
        date_limite=s.date_limite,
        effectif_attendu=s.effectif_attendu,
        etat=EtatSession(s.etat),
        aire=AireDeRecrutement(**asdict(s.aire)),
        conseiller=s.conseiller,
        conseiller_email=s.conseiller_email,
        objectifs=s.stage.objectifs,
        mode_admission=s.mode_admission,
        liste_attente=s.liste_attente,
        effectif_minimum=s.effectif_minimum,
    )


def _curseur(position: Position) -> str:
    return encode_cursor(str(position.pertinence), position.debut.isoformat(), str(position.id))


def _position(curseur: str) -> Position:
    pertinence, debut, session_id = decode_cursor(curseur, 3)
    try:
        return Position(pertinence=int(pertinence), debut=date.fromisoformat(debut), id=UUID(session_id))
    except ValueError as error:
        reprendre = f"Reprenez la valeur «{NBSP}suivant{NBSP}» de la page précédente, ou revenez à la première page."
        raise Invalid("Cette page n’existe pas.", errors=[FieldError(champ="cursor", message=reprendre)]) from error
