"""What notifications can be asked."""

from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from services.contracts.base import Fait, Message, Request


class Gabarit(StrEnum):
    """The messages there are; each decides who gets it from the dossier."""

    AVIS_DEMANDE = "avis_demande"
    """To the person asked, with the link."""
    AVIS_RELANCE = "avis_relance"
    AVIS_CLOS = "avis_clos"
    """To the person asked: the request was withdrawn, or the deputy is asked instead."""
    A_VALIDER = "a_valider"
    """To the gestionnaires, with the avis or its absence."""
    TRANSMISE = "transmise"
    """Receipt of transmission, to the agent and the gestionnaires."""
    REFUSEE_COLLECTIVITE = "refusee_collectivite"
    RETIREE = "retiree"
    EXPIREE = "expiree"
    LISTE_ATTENTE = "liste_attente"
    REFUSEE_ORGANISME = "refusee_organisme"
    ACCEPTEE = "acceptee"
    CONVOCATION = "convocation"
    """To the agent, copy to the gestionnaires, with the PDF."""


EN_COPIE = (
    Gabarit.TRANSMISE,
    Gabarit.RETIREE,
    Gabarit.EXPIREE,
    Gabarit.LISTE_ATTENTE,
    Gabarit.REFUSEE_ORGANISME,
    Gabarit.ACCEPTEE,
    Gabarit.CONVOCATION,
)
"""What a collectivité may have copied to other addresses: what its gestionnaires get for information. Never an avis, nor its link."""


class GabaritCompte(StrEnum):
    """The mails about someone's account or his organisation's: identity asks for them, one person at a time."""

    ACTIVATION = "activation"
    """To a new person, with the link by which he chooses his password."""
    MOT_DE_PASSE = "mot_de_passe"
    """With the link by which a forgotten password is replaced."""
    MOT_DE_PASSE_CHANGE = "mot_de_passe_change"
    SECOND_FACTEUR_AJOUTE = "second_facteur_ajoute"
    SECOND_FACTEUR_RETIRE = "second_facteur_retire"
    SECOND_FACTEUR_SECOURU = "second_facteur_secouru"
    """All of them, by someone else, for he had lost them."""
    EMAIL_A_CONFIRMER = "email_a_confirmer"
    """To the new address, with the link that confirms it."""
    EMAIL_CHANGE = "email_change"
    """To the old address, with the link that agrees."""
    EMAIL_DEJA_PRIS = "email_deja_pris"
    """To an address asked for, that is another account's already."""
    EMAIL_CONFIRME_POUR_VOUS = "email_confirme_pour_vous"
    """To the old address: a gestionnaire principal answered in its place; with the link that still refuses."""
    EMAIL_CHANGE_FAIT = "email_change_fait"
    """To both addresses."""
    IDENTITE_LIEE = "identite_liee"
    """Someone may now log in by a third party."""
    IDENTITE_DELIEE = "identite_deliee"
    IDENTIFIANT_CHANGE = "identifiant_change"
    """His collectivité gives its people other identifiants."""
    OUVERTURE_MOT_DE_PASSE = "ouverture_mot_de_passe"
    """To a collectivité: its provisional password; the code comes by letter."""
    OUVERTURE_A_VALIDER = "ouverture_a_valider"
    """To the délégation: a collectivité waits."""
    OUVERTURE_VALIDEE = "ouverture_validee"
    OUVERTURE_REFUSEE = "ouverture_refusee"
    GESTIONNAIRE_NOMME = "gestionnaire_nomme"
    """To someone who has an account already: a collectivité counts him among its gestionnaires."""
    GESTIONNAIRE_MODIFIE = "gestionnaire_modifie"
    """His role or his services have changed."""
    GESTIONNAIRE_FINI = "gestionnaire_fini"
    """His access to the collectivité has ended."""
    COLLECTIVITE_SUSPENDUE = "collectivite_suspendue"
    """To its gestionnaires, as the next two: on what ground, and whom to write to."""
    COLLECTIVITE_CLOSE = "collectivite_close"
    COLLECTIVITE_ROUVERTE = "collectivite_rouverte"
    MANDAT_PROPOSE = "mandat_propose"
    """To the gestionnaires principaux of the other side, who answer."""
    MANDAT_REPONDU = "mandat_repondu"
    MANDAT_FINI = "mandat_fini"
    """Taken back before the answer, or revoked."""


class DeposerMessage(Request[Fait]):
    """Queue a message about a request. Idempotent by `cle`."""

    subject: ClassVar[str] = "rpc.notifications.v1.message.deposer"
    reply: ClassVar[type[Message]] = Fait

    cle: str
    gabarit: Gabarit
    inscription_id: UUID
    document_id: UUID | None = None
