"""The settings of a collectivité, topic by topic: read by its people, changed by its gestionnaire principal, told to the services."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.contracts.acteur import Acteur
from services.contracts.notifications import EN_COPIE, Gabarit
from services.identity.domain.copies import en_mots
from services.identity.domain.historique import Sujet
from services.identity.models import Collectivite, Copie
from services.identity.repository import parametres as repository
from services.identity.schemas.parametres import CopiesSaisies, IdentiteSaisie
from services.identity.service.historique import collectivite_lue, collectivite_reglee, noter, qui_et_quoi
from services.identity.service.publication import publier_la_collectivite
from services.kit.etag import etag_of, require_match
from services.kit.problems import FieldError, Invalid, NotFound

IDENTITE = tuple(IdentiteSaisie.model_fields)


def etiquette_de_l_identite(collectivite: Collectivite) -> str:
    return etag_of(*(getattr(collectivite, champ) for champ in IDENTITE))


def etiquette_de_la_preinscription(collectivite: Collectivite) -> str:
    return etag_of(collectivite.preinscription_agents)


def etiquette_des_transferts(collectivite: Collectivite) -> str:
    return etag_of(*collectivite.transferts)


def etiquette_des_copies(copies: Sequence[Copie]) -> str:
    return etag_of(*_faits(copies))


async def lire(session: AsyncSession, acteur: Acteur) -> Collectivite:
    return _trouvee(await repository.collectivite(session, collectivite_lue(acteur)))


async def changer_l_identite(session: AsyncSession, acteur: Acteur, saisie: IdentiteSaisie, *, lue: str) -> Collectivite:
    collectivite = await _tenir(session, acteur)
    await _verifier(session, collectivite.id, Sujet.IDENTITE, etiquette_de_l_identite(collectivite), lue)
    saisi = saisie.model_dump()
    avant = {champ: getattr(collectivite, champ) for champ in IDENTITE if getattr(collectivite, champ) != saisi[champ]}
    if not avant:
        return collectivite
    collectivite.sqlmodel_update(saisi)
    session.add(collectivite)
    apres = {champ: saisi[champ] for champ in avant}
    noter(session, collectivite.id, Sujet.IDENTITE, par=acteur.signature, avant=avant, apres=apres)
    await session.flush()
    await publier_la_collectivite(session, collectivite.id)
    return collectivite


async def changer_la_preinscription(session: AsyncSession, acteur: Acteur, *, permise: bool, lue: str) -> Collectivite:
    collectivite = await _tenir(session, acteur)
    await _verifier(session, collectivite.id, Sujet.PREINSCRIPTION, etiquette_de_la_preinscription(collectivite), lue)
    if collectivite.preinscription_agents == permise:
        return collectivite
    avant, apres = {"preinscription_agents": not permise}, {"preinscription_agents": permise}
    noter(session, collectivite.id, Sujet.PREINSCRIPTION, par=acteur.signature, avant=avant, apres=apres)
    collectivite.preinscription_agents = permise
    session.add(collectivite)
    await session.flush()
    await publier_la_collectivite(session, collectivite.id)
    return collectivite


async def changer_les_transferts(session: AsyncSession, acteur: Acteur, gabarits: Collection[Gabarit], *, lue: str) -> Collectivite:
    """What the supérieur of each agent gets from now on."""
    collectivite = await _tenir(session, acteur)
    await _verifier(session, collectivite.id, Sujet.TRANSFERTS, etiquette_des_transferts(collectivite), lue)
    if not set(gabarits) <= set(EN_COPIE):
        message = "Seuls les messages adressés aux gestionnaires peuvent être transmis."
        raise Invalid("Les transferts sont à corriger.", errors=[FieldError(champ="gabarits", message=message)])
    anciens, nouveaux = collectivite.transferts, [str(gabarit) for gabarit in EN_COPIE if gabarit in gabarits]
    if anciens == nouveaux:
        return collectivite
    avant, apres = {"transferts": en_mots(anciens)}, {"transferts": en_mots(nouveaux)}
    noter(session, collectivite.id, Sujet.TRANSFERTS, par=acteur.signature, avant=avant, apres=apres)
    collectivite.transferts = nouveaux
    session.add(collectivite)
    await session.flush()
    await publier_la_collectivite(session, collectivite.id)
    return collectivite


async def copies(session: AsyncSession, acteur: Acteur) -> Sequence[Copie]:
    return await repository.copies(session, collectivite_lue(acteur))


async def changer_les_copies(session: AsyncSession, acteur: Acteur, saisies: CopiesSaisies, *, lue: str) -> Sequence[Copie]:
    """Write the list anew."""
    collectivite = await _tenir(session, acteur)
    anciennes = await repository.copies(session, collectivite.id)
    await _verifier(session, collectivite.id, Sujet.COPIES, etiquette_des_copies(anciennes), lue)
    _verifier_les_copies(saisies)
    avant = _faits(anciennes)
    nouvelles = [
        Copie(collectivite_id=collectivite.id, nom=saisie.nom, email=saisie.email, gabarits=[g for g in EN_COPIE if g in saisie.gabarits])
        for saisie in saisies.copies
    ]
    apres = _faits(sorted(nouvelles, key=lambda copie: copie.email.lower()))
    if avant == apres:
        return anciennes
    await repository.remplacer_les_copies(session, collectivite.id, nouvelles)
    noter(session, collectivite.id, Sujet.COPIES, par=acteur.signature, avant={"copies": avant}, apres={"copies": apres})
    await publier_la_collectivite(session, collectivite.id)
    return await repository.copies(session, collectivite.id)


def _verifier_les_copies(saisies: CopiesSaisies) -> None:
    erreurs = []
    adresses = [saisie.email.casefold() for saisie in saisies.copies]
    for rang, saisie in enumerate(saisies.copies):
        if adresses[rang] in adresses[:rang]:
            erreurs.append(FieldError(champ=f"copies.{rang}.email", message="Cette adresse est déjà dans la liste."))
        if not set(saisie.gabarits) <= set(EN_COPIE):
            message = "Seuls les messages adressés aux gestionnaires peuvent être copiés."
            erreurs.append(FieldError(champ=f"copies.{rang}.gabarits", message=message))
    if erreurs:
        raise Invalid("Les copies sont à corriger.", errors=erreurs)


async def _tenir(session: AsyncSession, acteur: Acteur) -> Collectivite:
    return _trouvee(await repository.collectivite(session, collectivite_reglee(acteur), verrou=True))


async def _verifier(session: AsyncSession, collectivite_id: UUID, sujet: Sujet, actuelle: str, lue: str) -> None:
    if actuelle != lue:
        require_match(actuelle, lue, "Ce réglage a été modifié entre-temps.", await qui_et_quoi(session, collectivite_id, sujet))


def _faits(copies: Sequence[Copie]) -> list[dict[str, object]]:
    return [{"nom": copie.nom, "email": copie.email, "gabarits": list(copie.gabarits)} for copie in copies]


def _trouvee(collectivite: Collectivite | None) -> Collectivite:
    if collectivite is None:
        raise NotFound("Cette collectivité n’existe pas.")
    return collectivite
