"""Accounts, as the pages read them: addresses that change, identities elsewhere."""

from uuid import UUID

from pydantic import AwareDatetime

from services.contracts.base import Message


class ChangementEnCours(Message):
    nouvelle: str
    expire_le: AwareDatetime
    nouvelle_confirmee: bool
    ancienne_confirmee: bool
    ancienne_confirmee_par: str


class Adresse(Message):
    """`gestionnaires`: who may confirm in place of a lost mailbox."""

    email: str
    identifiant: str
    identifiant_suit: bool
    gestionnaires: list[str]
    en_cours: ChangementEnCours | None


class LienAdresse(Message):
    """`ancienne` None: it is the new mailbox that answers."""

    usage: str
    nom: str
    identifiant: str
    ancienne: str | None
    nouvelle: str
    expire_le: AwareDatetime


class Suite(Message):
    """What became of a change of address."""

    suite: str


class ChangementAConfirmer(Message):
    id: UUID
    nom: str
    identifiant: str
    ancienne: str
    nouvelle: str
    nouvelle_confirmee: bool
    demande_le: AwareDatetime
    expire_le: AwareDatetime


class QuiIdentifie(Message):
    """The provider's name; None when nobody is configured."""

    nom: str | None


class Depart(Message):
    """Where to send the browser, and what to keep until it is back."""

    adresse: str
    etat: str
    nonce: str
    verificateur: str


class Retour(Message):
    """What the browser came back with, and what was kept."""

    code: str
    code_verifier: str
    nonce: str
    redirect_uri: str


class Identite(Message):
    id: UUID
    fournisseur: str
    email: str
    liee_par: str
    liee_le: AwareDatetime
    vue_le: AwareDatetime


class Identites(Message):
    """`retirable`: there is another way in."""

    fournisseur: str | None
    retirable: bool
    identites: list[Identite]


class RegleIdentifiants(Message):
    forme: str
    prefixe: str

    @property
    def etiquette(self) -> str:
        """What says that it is still this one, as the API's ETag does."""
        return f"{self.forme}:{self.prefixe}"


class LigneIdentifiant(Message):
    nom: str
    actuel: str
    nouveau: str


class ApercuIdentifiants(Message):
    """`lignes` are the first of those that change."""

    total: int
    changent: int
    lignes: list[LigneIdentifiant]


class Application(Message):
    changes: int
