"""Someone has lost all his second factors: whoever answers for him takes them away, and his password is enough once more."""

from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.contracts.acteur import Acteur, Droit
from services.contracts.notifications import GabaritCompte
from services.identity.domain.connexion import identifiant_normalise
from services.identity.domain.historique import Sujet
from services.identity.domain.second_facteur import FaitFacteur
from services.identity.models import Appartenance, Compte, FaitSecondFacteur
from services.identity.repository import connexion as repository_connexion
from services.identity.repository import second_facteur as repository
from services.identity.service import gestionnaires
from services.identity.service.courriels import ecrire
from services.identity.service.historique import collectivite_dotee, noter
from services.kit.clock import day_of, now
from services.kit.french import instant_long
from services.kit.problems import Conflict, FieldError, Forbidden, Invalid


async def a_un_second_facteur(session: AsyncSession, compte: Compte) -> bool:
    return await repository.possede(session, compte.id)


async def secourir_un_gestionnaire(session: AsyncSession, acteur: Acteur, gestionnaire_id: UUID, motif: str) -> None:
    """By the gestionnaire principal of his collectivité. An account that acts elsewhere too is for the organisme to help."""
    appartenance, compte = await gestionnaires.tenir(session, acteur, gestionnaire_id)
    if await _agit_ailleurs(session, compte, appartenance):
        raise Conflict(
            "compte-partage",
            f"{compte.nom_complet} agit aussi pour une autre organisation.",
            detail="Seule l’administration de l’organisme retire ses seconds facteurs\N{NO-BREAK SPACE}: écrivez-lui.",
        )
    await _retirer(session, acteur, compte, motif)
    noter(
        session,
        collectivite_dotee(acteur),
        Sujet.SECOND_FACTEUR_RETIRE,
        par=acteur.signature,
        apres={"qui": compte.nom_complet, "motif": motif},
    )


async def secourir(session: AsyncSession, acteur: Acteur, identifiant: str, motif: str) -> str:
    """By the administration of the organisme, whoever it is; his name."""
    if not acteur.peut(Droit.ADMINISTRER):
        raise Forbidden("Retirer les seconds facteurs de quelqu’un est réservé à l’administration de l’organisme.")
    compte = await repository_connexion.compte_par_identifiant(session, identifiant_normalise(identifiant))
    if compte is None:
        message = "Aucun compte n’a cet identifiant. Demandez-le à la personne, ou à son gestionnaire."
        raise Invalid("La saisie est à corriger.", errors=[FieldError(champ="identifiant", message=message)])
    await _retirer(session, acteur, compte, motif)
    return compte.nom_complet


async def _retirer(session: AsyncSession, acteur: Acteur, compte: Compte, motif: str) -> None:
    if compte.id == acteur.compte_id:
        detail = "Retirez vos seconds facteurs depuis «\N{NO-BREAK SPACE}Mon compte\N{NO-BREAK SPACE}»."
        raise Conflict("soi-meme", "On ne se secourt pas soi-même.", detail=detail)
    if not await repository.retirer_tout(session, compte.id):
        raise Conflict("sans-second-facteur", f"{compte.nom_complet} n’a pas de second facteur.", detail="Son mot de passe suffit déjà.")
    maintenant = now()
    # What was lost may be in other hands.
    await repository_connexion.revoquer_familles(session, compte.id, "second_facteur_retire", maintenant)
    fait = FaitFacteur.RETIRES_POUR_LUI
    session.add(FaitSecondFacteur(compte_id=compte.id, fait=fait, par=acteur.signature, motif=motif, survenu_le=maintenant))
    faits = {"identifiant": compte.identifiant, "par": acteur.signature, "motif": motif, "change_le": instant_long(maintenant)}
    page = "/mon-compte/second-facteur"
    await ecrire(session, GabaritCompte.SECOND_FACTEUR_SECOURU, nom=compte.nom_complet, email=compte.email, page=page, faits=faits)


async def _agit_ailleurs(session: AsyncSession, compte: Compte, ici: Appartenance) -> bool:
    siennes = await repository_connexion.appartenances_en_cours(session, compte.id, day_of(now()))
    return any(sienne.collectivite_id != ici.collectivite_id for sienne in siennes)
