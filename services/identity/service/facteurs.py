"""The factors of one's account: an application added and taken away, recovery codes drawn."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.contracts.acteur import Acteur
from services.contracts.notifications import GabaritCompte
from services.identity import secret, totp
from services.identity.domain.second_facteur import VALIDITE_DE_LA_PREPARATION, FaitFacteur, code_normalise, nouveaux_codes
from services.identity.models import CleAcces, Compte, FaitSecondFacteur, Totp
from services.identity.repository import connexion as repository_connexion
from services.identity.repository import second_facteur as repository
from services.identity.service.comptes import prouver
from services.identity.service.courriels import ecrire
from services.identity.settings import Settings
from services.kit.clock import now
from services.kit.french import instant_long
from services.kit.problems import Conflict, FieldError, Invalid, NotFound, Problem, Unauthenticated
from services.kit.sealed import seal, unseal

SCELLE = "identity:totp"
PAGE = "/mon-compte/second-facteur"
APPLICATION = "Une application d’authentification"


@dataclass(frozen=True)
class Etat:
    totp: Totp | None
    cles: list[CleAcces]
    codes_restants: int


async def etat(session: AsyncSession, acteur: Acteur) -> Etat:
    connu = await repository.totp(session, acteur.compte_id)
    return Etat(
        totp=connu if connu is not None and connu.actif_le is not None else None,
        cles=list(await repository.cles(session, acteur.compte_id)),
        codes_restants=await repository.codes_restants(session, acteur.compte_id),
    )


async def preparer_totp(session: AsyncSession, acteur: Acteur, reglages: Settings) -> tuple[str, str]:
    """The secret to put in an application and its address for a QR code; the same for an hour, until a right code was typed."""
    compte = await _le_sien(session, acteur)
    connu = await repository.totp_verrouille(session, compte.id)
    if connu is not None and connu.actif_le is not None:
        raise Conflict("totp-actif", "Une application est déjà enregistrée.", detail="Retirez-la avant d’en enregistrer une autre.")
    if connu is None or _perimee(connu):
        # One that waited for long may have been prepared, and kept, by somebody else.
        nouveau = Totp(compte_id=compte.id, secret=seal(totp.nouveau_secret(), SCELLE, reglages.cles_des_facteurs), cree_le=now())
        connu = await session.merge(nouveau)
        await session.flush()
    clair = unseal(connu.secret, SCELLE, reglages.cles_des_facteurs)
    return clair, totp.adresse(clair, compte.identifiant)


async def activer_totp(session: AsyncSession, acteur: Acteur, code: str, reglages: Settings) -> list[str]:
    """The application counts from now on. The recovery codes when these are the first."""
    compte = await _le_sien(session, acteur)
    connu = await repository.totp_verrouille(session, compte.id)
    if connu is None or connu.actif_le is not None or _perimee(connu):
        raise Conflict("totp-non-prepare", "Aucune application n’attend d’être enregistrée.", detail="Rechargez la page.")
    pas = totp.pas_du_code(unseal(connu.secret, SCELLE, reglages.cles_des_facteurs), code_normalise(code), now(), None)
    if pas is None:
        message = "Ce code n’est pas celui que l’application montre en ce moment. Vérifiez aussi l’heure de votre téléphone."
        raise Invalid("La saisie est à corriger.", errors=[FieldError(champ="code", message=message)])
    connu.actif_le, connu.dernier_pas = now(), pas
    return await ajoute(session, acteur, compte, FaitFacteur.TOTP_AJOUTE, APPLICATION)


async def retirer_totp(session: AsyncSession, acteur: Acteur, mot_de_passe: str) -> Problem | None:
    compte = await _le_sien(session, acteur)
    probleme = await prouver(session, compte, mot_de_passe, "mot_de_passe")
    if probleme is not None:
        return probleme
    if not await repository.retirer_totp(session, compte.id):
        raise NotFound("Aucune application n’est enregistrée.")
    await _retire(session, compte, FaitFacteur.TOTP_RETIRE, APPLICATION)
    return None


async def retirer_cle(session: AsyncSession, acteur: Acteur, cle_id: UUID, mot_de_passe: str) -> Problem | None:
    compte = await _le_sien(session, acteur)
    probleme = await prouver(session, compte, mot_de_passe, "mot_de_passe")
    if probleme is not None:
        return probleme
    nom = await repository.retirer_cle(session, compte.id, cle_id)
    if nom is None:
        raise NotFound("Cette clé d’accès n’existe pas.")
    await _retire(session, compte, FaitFacteur.CLE_RETIREE, f"La clé d’accès «\N{NO-BREAK SPACE}{nom}\N{NO-BREAK SPACE}»")
    return None


async def tirer_les_codes(session: AsyncSession, acteur: Acteur, mot_de_passe: str) -> list[str] | Problem:
    """New recovery codes in place of the former ones."""
    compte = await _le_sien(session, acteur)
    probleme = await prouver(session, compte, mot_de_passe, "mot_de_passe")
    if probleme is not None:
        return probleme
    if not await repository.possede(session, compte.id):
        raise Conflict("sans-second-facteur", "Ajoutez d’abord un second facteur.")
    return await _tirer(session, compte)


async def ajoute(session: AsyncSession, acteur: Acteur, compte: Compte, fait: FaitFacteur, facteur: str) -> list[str]:
    """A factor was added: it is noted and the person told; the first one comes with recovery codes.

    Wherever else the account is open, it must log in again: the factor was not shown there, and gives rights.
    """
    await repository_connexion.revoquer_familles(session, compte.id, "second_facteur_ajoute", now(), sauf=acteur.session_id)
    noter(session, compte, fait)
    await _prevenir(session, compte, GabaritCompte.SECOND_FACTEUR_AJOUTE, facteur)
    return [] if await repository.codes_restants(session, compte.id) else await _tirer(session, compte)


def noter(session: AsyncSession, compte: Compte, fait: FaitFacteur) -> None:
    session.add(FaitSecondFacteur(compte_id=compte.id, fait=fait, par=compte.nom_complet, survenu_le=now()))


def _perimee(preparee: Totp) -> bool:
    return preparee.cree_le + VALIDITE_DE_LA_PREPARATION < now()


async def _tirer(session: AsyncSession, compte: Compte) -> list[str]:
    codes = nouveaux_codes()
    await repository.remplacer_codes(session, compte.id, [secret.empreinte(code_normalise(code)) for code in codes])
    noter(session, compte, FaitFacteur.CODES_TIRES)
    return codes


async def _retire(session: AsyncSession, compte: Compte, fait: FaitFacteur, facteur: str) -> None:
    noter(session, compte, fait)
    if not await repository.possede(session, compte.id):
        # What is left would let in again whoever holds an old list, once a factor is added later.
        await repository.remplacer_codes(session, compte.id, [])
    await _prevenir(session, compte, GabaritCompte.SECOND_FACTEUR_RETIRE, facteur)


async def _prevenir(session: AsyncSession, compte: Compte, gabarit: GabaritCompte, facteur: str) -> None:
    faits = {"identifiant": compte.identifiant, "facteur": facteur, "change_le": instant_long(now())}
    await ecrire(session, gabarit, nom=compte.nom_complet, email=compte.email, page=PAGE, faits=faits)


async def _le_sien(session: AsyncSession, acteur: Acteur) -> Compte:
    compte = await repository_connexion.compte(session, acteur.compte_id)
    if compte is None:
        raise Unauthenticated("Ce compte n’existe plus.")
    return compte
