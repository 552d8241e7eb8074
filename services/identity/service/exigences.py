"""Organisations that require a second factor of those who decide for them."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.contracts.acteur import Acteur, Droit, Role
from services.identity.domain.historique import Sujet
from services.identity.domain.roles import organisation
from services.identity.domain.second_facteur import FaitFacteur, concerne
from services.identity.models import Appartenance, Collectivite, FaitSecondFacteur, Structure
from services.identity.repository import lecture as repository_lecture
from services.identity.repository import second_facteur as repository
from services.identity.service.historique import noter
from services.identity.service.lecture import portee
from services.kit.clock import now
from services.kit.problems import Conflict, Forbidden, NotFound


async def attendu(session: AsyncSession, appartenance: Appartenance, *, organisme: bool) -> bool:
    """Whether someone must add a second factor before he may act there. `organisme`: required of those who act for the whole of it."""
    sorte = organisation(appartenance.collectivite_id, appartenance.structure)
    if not concerne([Role(role) for role in appartenance.roles], sorte):
        return False
    partout = appartenance.collectivite_id is None and appartenance.structure is None
    exige = organisme if partout else await repository.exige(session, appartenance)
    return exige and not await repository.possede(session, appartenance.compte_id)


async def attendu_sous_mandat(session: AsyncSession, appartenance: Appartenance, mandant_id: UUID) -> bool:
    """The same, for someone who acts for another collectivité: what either of them requires."""
    exige = await repository.exige(session, appartenance) or await repository.exige_de_ses_gestionnaires(session, mandant_id)
    return exige and not await repository.possede(session, appartenance.compte_id)


async def collectivite(session: AsyncSession, acteur: Acteur, collectivite_id: UUID) -> Collectivite:
    if not acteur.peut(Droit.REGLER_COLLECTIVITE):
        raise Forbidden("Seul le gestionnaire principal règle la sécurité de sa collectivité.")
    trouvee = await repository.collectivite_a_regler(session, portee(acteur), collectivite_id)
    if trouvee is None:
        raise NotFound("Cette collectivité n’existe pas, ou ne vous est pas accessible.")
    return trouvee


async def exiger(session: AsyncSession, acteur: Acteur, collectivite_id: UUID, *, exige: bool) -> Collectivite:
    """Asked again, it changes nothing and leaves no second trace."""
    trouvee = await collectivite(session, acteur, collectivite_id)
    await _regler(session, acteur, trouvee, exige=exige)
    return trouvee


async def structures(session: AsyncSession, acteur: Acteur) -> Sequence[Structure]:
    _exiger_d_administrer(acteur)
    return await repository_lecture.structures(session)


async def exiger_d_une_structure(session: AsyncSession, acteur: Acteur, code: str, *, exige: bool) -> Structure:
    _exiger_d_administrer(acteur)
    structure = await repository.structure_a_regler(session, code)
    if structure is None:
        raise NotFound("Cette structure n’existe pas.")
    await _regler(session, acteur, structure, exige=exige)
    return structure


def _exiger_d_administrer(acteur: Acteur) -> None:
    if not acteur.peut(Droit.ADMINISTRER):
        raise Forbidden("La sécurité des structures est réservée à l’administration de l’organisme.")


async def _regler(session: AsyncSession, acteur: Acteur, sujet: Collectivite | Structure, *, exige: bool) -> None:
    if sujet.second_facteur_exige == exige:
        return
    if exige and not await repository.possede(session, acteur.compte_id):
        raise Conflict(
            "sans-second-facteur",
            "Ajoutez d’abord un second facteur à votre propre compte.",
            detail="Vous perdriez sinon aussitôt vos droits. Rendez-vous dans «\N{NO-BREAK SPACE}Mon compte\N{NO-BREAK SPACE}».",
        )
    sujet.second_facteur_exige = exige
    if isinstance(sujet, Collectivite):
        apres = {"second_facteur_exige": exige}
        noter(session, sujet.id, Sujet.SECOND_FACTEUR, par=acteur.signature, avant={"second_facteur_exige": not exige}, apres=apres)
        return
    fait = FaitFacteur.EXIGE if exige else FaitFacteur.PLUS_EXIGE
    session.add(FaitSecondFacteur(structure=sujet.code, fait=fait, par=acteur.signature, survenu_le=now()))
