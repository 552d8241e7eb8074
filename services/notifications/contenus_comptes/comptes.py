"""What the mails about one's own account say: password, factors, address, ways to log in."""

from collections.abc import Callable

from services.contracts.identity import Courriel
from services.contracts.notifications import GabaritCompte
from services.kit.french import NBSP
from services.notifications.contenus import Contenu
from services.notifications.contenus_comptes.commun import UN_COMPTE, contenu, fait

CE_N_EST_PAS_MOI = "Si vous n’êtes pas à l’origine de cette demande, ne faites rien\N{NO-BREAK SPACE}: rien ne changera."
PAS_MOI_REFUSEZ = (
    "Si vous n’êtes pas à l’origine de cette demande, suivez ce lien et choisissez "
    "«\N{NO-BREAK SPACE}Ce n’est pas moi\N{NO-BREAK SPACE}»\N{NO-BREAK SPACE}: elle sera annulée."
)
PERSONNEL = "Ce lien est personnel et ne sert qu’une fois. Ne le transmettez pas."
UN_COMPTE_A_CETTE_ADRESSE = "Vous recevez ce message parce qu’un compte est à cette adresse."


def _activation(courriel: Courriel) -> Contenu:
    organisation = fait(courriel, "organisation")
    return contenu(
        courriel,
        "Activer mon compte",
        f"Un compte a été créé pour vous{f' par {organisation}' if organisation else ''} sur Inscription en ligne.",
        f"Votre identifiant{NBSP}: {fait(courriel, 'identifiant')}",
        f"Choisissez votre mot de passe avant le {fait(courriel, 'expire_le')}.",
        PERSONNEL,
        pourquoi=UN_COMPTE,
    )


def _mot_de_passe(courriel: Courriel) -> Contenu:
    return contenu(
        courriel,
        "Choisir un nouveau mot de passe",
        f"Un nouveau mot de passe a été demandé pour le compte {fait(courriel, 'identifiant')}.",
        f"Choisissez-le avant le {fait(courriel, 'expire_le')}.",
        PERSONNEL,
        CE_N_EST_PAS_MOI,
        pourquoi=UN_COMPTE,
    )


def _mot_de_passe_change(courriel: Courriel) -> Contenu:
    return contenu(
        courriel,
        "Se connecter",
        f"Le mot de passe du compte {fait(courriel, 'identifiant')} a été changé le {fait(courriel, 'change_le')}. "
        "Vous avez été déconnecté partout.",
        "Si ce n’est pas vous, demandez tout de suite un nouveau mot de passe depuis la page de connexion.",
        pourquoi=UN_COMPTE,
    )


def _second_facteur(courriel: Courriel) -> Contenu:
    ajoute = courriel.gabarit is GabaritCompte.SECOND_FACTEUR_AJOUTE
    geste = "ajouté au" if ajoute else "retiré du"
    return contenu(
        courriel,
        "Vérifier mes seconds facteurs",
        f"{fait(courriel, 'facteur')} a été {geste} compte {fait(courriel, 'identifiant')} le {fait(courriel, 'change_le')}.",
        "Partout ailleurs où votre compte était ouvert, il faut vous connecter de nouveau." if ajoute else "",
        "Si ce n’est pas vous, changez tout de suite votre mot de passe et prévenez votre service formation.",
        pourquoi=UN_COMPTE,
    )


def _second_facteur_secouru(courriel: Courriel) -> Contenu:
    return contenu(
        courriel,
        "Ajouter un second facteur",
        f"{fait(courriel, 'par')} a retiré tous les seconds facteurs du compte {fait(courriel, 'identifiant')} "
        f"le {fait(courriel, 'change_le')}. Vous êtes déconnecté partout.",
        f"Le motif{NBSP}: {fait(courriel, 'motif')}",
        "Votre mot de passe suffit jusqu’à ce que vous en ajoutiez un autre. "
        "Si vous n’avez rien demandé, changez tout de suite votre mot de passe et prévenez votre service formation.",
        pourquoi=UN_COMPTE,
    )


def _email_a_confirmer(courriel: Courriel) -> Contenu:
    return contenu(
        courriel,
        "Confirmer cette adresse",
        f"Cette adresse doit devenir celle du compte {fait(courriel, 'identifiant')}.",
        f"Confirmez-la avant le {fait(courriel, 'expire_le')}.",
        PERSONNEL,
        CE_N_EST_PAS_MOI,
        pourquoi=UN_COMPTE,
    )


def _email_change(courriel: Courriel) -> Contenu:
    return contenu(
        courriel,
        "Confirmer ou refuser",
        f"L’adresse du compte {fait(courriel, 'identifiant')} doit devenir {fait(courriel, 'nouvelle')}.",
        f"Confirmez ce changement avant le {fait(courriel, 'expire_le')}.",
        "Il ne se fera qu’une fois la nouvelle adresse confirmée elle aussi.",
        PERSONNEL,
        PAS_MOI_REFUSEZ,
        pourquoi=UN_COMPTE,
    )


def _email_deja_pris(courriel: Courriel) -> Contenu:
    return contenu(
        courriel,
        "Aller à la page de connexion",
        "Quelqu’un, sans doute vous-même, a demandé que cette adresse devienne celle d’un compte. Elle est déjà celle d’un autre.",
        f"Si c’est vous{NBSP}: connectez-vous avec cet autre compte, ou changez d’abord son adresse. Si vous ne savez plus lequel c’est, "
        "choisissez « mot de passe oublié » à la page de connexion et donnez cette adresse.",
        CE_N_EST_PAS_MOI,
        pourquoi=UN_COMPTE_A_CETTE_ADRESSE,
    )


def _email_confirme_pour_vous(courriel: Courriel) -> Contenu:
    return contenu(
        courriel,
        "Voir ce changement",
        f"L’adresse de votre compte doit devenir {fait(courriel, 'nouvelle')}.",
        f"{fait(courriel, 'par')} l’a confirmé à la place de l’adresse où arrive ce message. Son motif{NBSP}: {fait(courriel, 'motif')}",
        f"Il se fera dès que la nouvelle adresse sera confirmée, au plus tard le {fait(courriel, 'expire_le')}.",
        PAS_MOI_REFUSEZ,
        pourquoi=UN_COMPTE,
    )


def _email_change_fait(courriel: Courriel) -> Contenu:
    par = fait(courriel, "par")
    return contenu(
        courriel,
        "Se connecter",
        f"Depuis le {fait(courriel, 'change_le')}, l’adresse de votre compte est {fait(courriel, 'nouvelle')}, "
        f"au lieu de {fait(courriel, 'ancienne')}.",
        f"{par} l’a confirmé à la place de l’ancienne adresse." if par else "",
        f"Votre identifiant{NBSP}: {fait(courriel, 'identifiant')}",
        "Si ce n’est pas vous, prévenez tout de suite le service formation de votre organisation.",
        pourquoi=UN_COMPTE,
    )


def _identite_liee(courriel: Courriel) -> Contenu:
    return contenu(
        courriel,
        "Voir mes façons de me connecter",
        f"Depuis le {fait(courriel, 'liee_le')}, vous pouvez vous connecter au compte {fait(courriel, 'identifiant')} "
        f"par {fait(courriel, 'par')}, avec l’adresse {fait(courriel, 'adresse')}.",
        "Si ce n’est pas vous, retirez ce lien depuis votre compte et changez de mot de passe.",
        pourquoi=UN_COMPTE,
    )


def _identite_deliee(courriel: Courriel) -> Contenu:
    return contenu(
        courriel,
        "Se connecter",
        f"Depuis le {fait(courriel, 'deliee_le')}, le compte {fait(courriel, 'identifiant')} ne s’ouvre plus "
        f"par {fait(courriel, 'par')} avec l’adresse {fait(courriel, 'adresse')}.",
        "Si ce n’est pas vous, changez de mot de passe depuis la page de connexion.",
        pourquoi=UN_COMPTE,
    )


def _identifiant_change(courriel: Courriel) -> Contenu:
    return contenu(
        courriel,
        "Se connecter",
        f"{fait(courriel, 'organisation')} a choisi une autre forme pour les identifiants de connexion.",
        f"Votre identifiant{NBSP}: {fait(courriel, 'identifiant')}",
        f"Jusqu’au {fait(courriel, 'jusqu_au')}, l’ancien ({fait(courriel, 'ancien')}) sert encore. Votre mot de passe ne change pas.",
        pourquoi=UN_COMPTE,
    )


COMPOSITIONS: dict[GabaritCompte, Callable[[Courriel], Contenu]] = {
    GabaritCompte.ACTIVATION: _activation,
    GabaritCompte.MOT_DE_PASSE: _mot_de_passe,
    GabaritCompte.MOT_DE_PASSE_CHANGE: _mot_de_passe_change,
    GabaritCompte.SECOND_FACTEUR_AJOUTE: _second_facteur,
    GabaritCompte.SECOND_FACTEUR_RETIRE: _second_facteur,
    GabaritCompte.SECOND_FACTEUR_SECOURU: _second_facteur_secouru,
    GabaritCompte.EMAIL_A_CONFIRMER: _email_a_confirmer,
    GabaritCompte.EMAIL_CHANGE: _email_change,
    GabaritCompte.EMAIL_DEJA_PRIS: _email_deja_pris,
    GabaritCompte.EMAIL_CONFIRME_POUR_VOUS: _email_confirme_pour_vous,
    GabaritCompte.EMAIL_CHANGE_FAIT: _email_change_fait,
    GabaritCompte.IDENTITE_LIEE: _identite_liee,
    GabaritCompte.IDENTITE_DELIEE: _identite_deliee,
    GabaritCompte.IDENTIFIANT_CHANGE: _identifiant_change,
}
