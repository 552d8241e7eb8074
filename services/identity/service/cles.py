"""Passkeys (WebAuthn): registered, then asked to sign what is drawn for them, once."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from sqlmodel.ext.asyncio.session import AsyncSession
from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import options_to_json_dict
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from services.contracts.acteur import Acteur
from services.identity.domain.second_facteur import VALIDITE_DU_DEFI, FaitFacteur, UsageEpreuve
from services.identity.models import CleAcces, Compte, EpreuveCle
from services.identity.repository import connexion as repository_connexion
from services.identity.repository import second_facteur as repository
from services.identity.service.facteurs import ajoute
from services.identity.totp import EMETTEUR
from services.kit.clock import now
from services.kit.problems import Conflict, Invalid, Unauthenticated

# What a malformed answer of a browser makes the library raise.
REFUS = (WebAuthnException, ValueError, KeyError, TypeError)


@dataclass(frozen=True)
class Epreuve:
    """What the browser hands to the passkey, and the name under which it comes back."""

    id: UUID
    options: dict[str, Any]


async def demander(session: AsyncSession, usage: UsageEpreuve, compte: Compte | None, public_url: str) -> Epreuve:
    """A challenge for the passkeys of an account; for any discoverable one, which checks its holder, when there is none."""
    connues = await repository.cles(session, compte.id) if compte is not None else []
    seule = compte is None
    options = generate_authentication_options(
        rp_id=_rp_id(public_url),
        allow_credentials=[PublicKeyCredentialDescriptor(id=cle.reference) for cle in connues],
        user_verification=UserVerificationRequirement.REQUIRED if seule else UserVerificationRequirement.PREFERRED,
    )
    return await _poser(session, usage, compte, options.challenge, options_to_json_dict(options))


async def preparer(session: AsyncSession, acteur: Acteur, public_url: str) -> Epreuve:
    """What is needed to register a passkey."""
    compte = await _compte(session, acteur)
    options = generate_registration_options(
        rp_id=_rp_id(public_url),
        rp_name=EMETTEUR,
        user_id=compte.id.bytes,
        user_name=compte.identifiant,
        user_display_name=compte.nom_complet,
        exclude_credentials=[PublicKeyCredentialDescriptor(id=cle.reference) for cle in await repository.cles(session, compte.id)],
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED, user_verification=UserVerificationRequirement.PREFERRED
        ),
    )
    return await _poser(session, UsageEpreuve.ENREGISTREMENT, compte, options.challenge, options_to_json_dict(options))


async def enregistrer(session: AsyncSession, acteur: Acteur, *, epreuve: UUID, nom: str, cle: dict[str, Any], public_url: str) -> list[str]:
    """The passkey counts from now on. The recovery codes when it is the first factor."""
    compte = await _compte(session, acteur)
    defi = await repository.consommer_epreuve(session, epreuve, UsageEpreuve.ENREGISTREMENT, compte.id, now())
    if defi is None:
        raise Conflict("epreuve-perimee", "Cet enregistrement a expiré.", detail="Recommencez, la clé n’a pas été ajoutée.")
    try:
        verifiee = verify_registration_response(
            credential=cle, expected_challenge=defi, expected_rp_id=_rp_id(public_url), expected_origin=_origine(public_url)
        )
    except REFUS as erreur:
        raise Invalid("Cette clé d’accès n’a pas pu être enregistrée.", detail="Réessayez, avec une autre clé au besoin.") from erreur
    if await repository.cle(session, verifiee.credential_id) is not None:
        raise Conflict("cle-connue", "Cette clé d’accès est déjà enregistrée.")
    session.add(
        CleAcces(
            id=uuid4(),
            compte_id=compte.id,
            reference=verifiee.credential_id,
            cle_publique=verifiee.credential_public_key,
            compteur=verifiee.sign_count,
            nom=nom,
            cree_le=now(),
        )
    )
    await session.flush()
    return await ajoute(session, acteur, compte, FaitFacteur.CLE_AJOUTEE, f"La clé d’accès «\N{NO-BREAK SPACE}{nom}\N{NO-BREAK SPACE}»")


async def confirmer(session: AsyncSession, compte: Compte, epreuve: UUID, cle: dict[str, Any], public_url: str) -> bool:
    """Whether a passkey of this account signed what it was asked after the password."""
    defi = await repository.consommer_epreuve(session, epreuve, UsageEpreuve.SECOND_FACTEUR, compte.id, now())
    connue = await _connue(session, cle)
    return defi is not None and connue is not None and connue.compte_id == compte.id and _signe(connue, cle, defi, public_url, seule=False)


async def reconnaitre(session: AsyncSession, epreuve: UUID, cle: dict[str, Any], public_url: str) -> Compte | None:
    """Whose passkey signed what was asked of any; it must have checked its holder."""
    defi = await repository.consommer_epreuve(session, epreuve, UsageEpreuve.CONNEXION, None, now())
    connue = await _connue(session, cle)
    if defi is None or connue is None or not _signe(connue, cle, defi, public_url, seule=True):
        return None
    return await repository_connexion.compte(session, connue.compte_id)


def _signe(connue: CleAcces, cle: dict[str, Any], defi: bytes, public_url: str, *, seule: bool) -> bool:
    """A counter that does not grow betrays a copied passkey: the library refuses it."""
    try:
        verifiee = verify_authentication_response(
            credential=cle,
            expected_challenge=defi,
            expected_rp_id=_rp_id(public_url),
            expected_origin=_origine(public_url),
            credential_public_key=connue.cle_publique,
            credential_current_sign_count=connue.compteur,
            require_user_verification=seule,
        )
    except REFUS:
        return False
    connue.compteur, connue.vue_le = verifiee.new_sign_count, now()
    return True


async def _connue(session: AsyncSession, cle: dict[str, Any]) -> CleAcces | None:
    try:
        return await repository.cle(session, base64url_to_bytes(str(cle["rawId"])))
    except (ValueError, KeyError):
        return None


async def _poser(session: AsyncSession, usage: UsageEpreuve, compte: Compte | None, defi: bytes, options: dict[str, Any]) -> Epreuve:
    maintenant = now()
    await repository.oublier_epreuves(session, maintenant)
    identifiant = compte.id if compte is not None else None
    epreuve = EpreuveCle(id=uuid4(), usage=usage, compte_id=identifiant, defi=defi, expire_le=maintenant + VALIDITE_DU_DEFI)
    session.add(epreuve)
    await session.flush()
    return Epreuve(epreuve.id, options)


async def _compte(session: AsyncSession, acteur: Acteur) -> Compte:
    compte = await repository_connexion.compte(session, acteur.compte_id)
    if compte is None:
        raise Unauthenticated("Ce compte n’existe plus.")
    return compte


def _rp_id(public_url: str) -> str:
    return urlsplit(public_url).hostname or ""


def _origine(public_url: str) -> str:
    adresse = urlsplit(public_url)
    return f"{adresse.scheme}://{adresse.netloc}"
