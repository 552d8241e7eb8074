"""Intérims: someone stands in for a time, and the avis of the absent go to him; the end comes by itself."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.contracts.acteur import Acteur, Droit
from services.identity.domain.fiches import Objet
from services.identity.models import Interim
from services.identity.repository import fiches as repository_fiches
from services.identity.repository import interims as repository
from services.identity.repository.publication import verrouiller
from services.identity.schemas.fiches import InterimSaisi
from services.identity.service.fiches import sa_collectivite, tracer
from services.identity.service.lecture import portee
from services.identity.service.publication import publier_la_collectivite
from services.kit.clock import day_of, now
from services.kit.french import date_longue
from services.kit.problems import Conflict, FieldError, Forbidden, Invalid, NotFound

AU_PLUS = 200


async def lister(session: AsyncSession, acteur: Acteur) -> Sequence[repository.Ligne]:
    """Those to come, those of today, then the past, the last ended first."""
    if not acteur.peut(Droit.LIRE_COLLECTIVITE):
        raise Forbidden("Les intérims sont réservés aux gestionnaires de la collectivité.")
    return await repository.lister(session, portee(acteur), AU_PLUS)


async def lire(session: AsyncSession, acteur: Acteur, interim_id: UUID) -> repository.Ligne:
    for ligne in await repository.lister(session, portee(acteur), 1, interim_id):
        return ligne
    raise NotFound("Cet intérim n’existe pas, ou ne vous est pas accessible.")


async def confier(session: AsyncSession, acteur: Acteur, saisi: InterimSaisi) -> Interim:
    """Refused when somebody stands in already, or when the person named is away himself."""
    collectivite_id = sa_collectivite(acteur)
    await verrouiller(session, collectivite_id)
    await _verifier(session, acteur, collectivite_id, saisi)
    interim = Interim(collectivite_id=collectivite_id, cree_le=now(), cree_par=acteur.signature, **saisi.model_dump())
    autre = await repository.en_meme_temps(session, interim)
    if autre is not None:
        raise Conflict(
            "interim-en-meme-temps",
            f"Un intérim est déjà prévu du {date_longue(autre.debut)} au {date_longue(autre.fin)}.",
            detail="Annulez-le, ou choisissez d’autres dates.",
        )
    session.add(interim)
    await session.flush()
    qui = await repository_fiches.nom_de_l_agent(session, collectivite_id, interim.interimaire_id)
    motif = f"{qui}, du {date_longue(interim.debut)} au {date_longue(interim.fin)}"
    tracer(session, acteur, Objet.INTERIM, interim.id, "creation", motif=motif)
    tracer(session, acteur, _objet(interim), _remplace(interim), "interim", motif=motif)
    await publier_la_collectivite(session, collectivite_id)
    return interim


async def annuler(session: AsyncSession, acteur: Acteur, interim_id: UUID) -> Interim:
    """From now on: the avis asked for meanwhile stay as they are."""
    collectivite_id = sa_collectivite(acteur)
    await verrouiller(session, collectivite_id)
    interim, _, _ = await lire(session, acteur, interim_id)
    if interim.annule_le is not None:
        return interim
    if interim.fin < day_of(now()):
        raise Conflict("interim-termine", "Cet intérim est terminé.", detail="Il a pris fin de lui-même.")
    interim.annule_le, interim.annule_par = now(), acteur.signature
    session.add(interim)
    tracer(session, acteur, Objet.INTERIM, interim.id, "annulation")
    tracer(session, acteur, _objet(interim), _remplace(interim), "fin_interim")
    await publier_la_collectivite(session, collectivite_id)
    return interim


def etat(interim: Interim, aujourd_hui: date) -> str:
    if interim.annule_le is not None:
        return "annule"
    if interim.debut > aujourd_hui:
        return "a_venir"
    return "termine" if interim.fin < aujourd_hui else "en_cours"


def _objet(interim: Interim) -> Objet:
    return Objet.SERVICE if interim.service_id is not None else Objet.AGENT


def _remplace(interim: Interim) -> UUID:
    remplace = interim.service_id or interim.remplace_id
    if remplace is None:
        raise LookupError("an intérim replaces a head of service or a person")
    return remplace


async def _verifier(session: AsyncSession, acteur: Acteur, collectivite_id: UUID, saisi: InterimSaisi) -> None:
    erreurs: dict[str, str] = {}
    if (saisi.service_id is None) == (saisi.remplace_id is None):
        erreurs["remplace_id"] = "Choisissez la personne remplacée, ou le service dont la tête est remplacée."
    elif saisi.service_id is not None and await repository_fiches.service(session, portee(acteur), saisi.service_id) is None:
        erreurs["service_id"] = "Choisissez un service de votre collectivité."
    elif saisi.remplace_id is not None and await repository_fiches.agent(session, portee(acteur), saisi.remplace_id) is None:
        erreurs["remplace_id"] = "Choisissez un agent de votre collectivité."
    if saisi.fin < saisi.debut:
        erreurs["fin"] = "Le dernier jour ne peut précéder le premier."
    elif saisi.fin < day_of(now()):
        erreurs["fin"] = "Cet intérim serait déjà terminé\N{NO-BREAK SPACE}: choisissez une date à venir."
    if saisi.interimaire_id == saisi.remplace_id:
        erreurs["interimaire_id"] = "Choisissez quelqu’un d’autre que la personne remplacée."
    elif erreur := await _interimaire_refuse(session, collectivite_id, saisi):
        erreurs["interimaire_id"] = erreur
    if erreurs:
        raise Invalid("L’intérim est à corriger.", errors=[FieldError(champ=champ, message=message) for champ, message in erreurs.items()])


async def _interimaire_refuse(session: AsyncSession, collectivite_id: UUID, saisi: InterimSaisi) -> str | None:
    interimaire = await repository_fiches.collegue(session, collectivite_id, saisi.interimaire_id)
    if interimaire is None:
        return "Choisissez un agent en poste dans votre collectivité."
    if interimaire.sortie_le is not None and interimaire.sortie_le <= saisi.fin:
        return f"{interimaire.prenom} {interimaire.nom} quitte la collectivité le {date_longue(interimaire.sortie_le)}, avant la fin."
    absence = await repository.remplace_pendant(session, collectivite_id, interimaire.id, saisi.debut, saisi.fin)
    if absence is not None:
        return (
            f"{interimaire.prenom} {interimaire.nom} sera aussi remplacé·e, du {date_longue(absence.debut)} au {date_longue(absence.fin)}."
        )
    return None
