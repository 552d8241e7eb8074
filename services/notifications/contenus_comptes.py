"""What the mails about accounts say: one function a gabarit."""

from collections.abc import Callable

from services.contracts.identity import Courriel
from services.contracts.notifications import GabaritCompte
from services.kit.french import NBSP
from services.notifications.contenus import Bouton, Contenu

SUJETS: dict[GabaritCompte, str] = {
    GabaritCompte.ACTIVATION: "Activez votre compte",
    GabaritCompte.MOT_DE_PASSE: "Choisissez un nouveau mot de passe",
    GabaritCompte.MOT_DE_PASSE_CHANGE: "Votre mot de passe a été changé",
    GabaritCompte.SECOND_FACTEUR_AJOUTE: "Un second facteur protège désormais votre compte",
    GabaritCompte.SECOND_FACTEUR_RETIRE: "Un second facteur a été retiré de votre compte",
    GabaritCompte.EMAIL_A_CONFIRMER: "Confirmez votre adresse électronique",
    GabaritCompte.EMAIL_CHANGE: "Changement de votre adresse électronique",
    GabaritCompte.OUVERTURE_MOT_DE_PASSE: "Ouverture de votre compte\N{NO-BREAK SPACE}: le mot de passe provisoire",
    GabaritCompte.OUVERTURE_A_VALIDER: "Une collectivité attend sa validation",
    GabaritCompte.OUVERTURE_VALIDEE: "Votre collectivité est validée",
    GabaritCompte.OUVERTURE_REFUSEE: "L’ouverture du compte de votre collectivité est à reprendre",
}

CE_N_EST_PAS_MOI = "Si vous n’êtes pas à l’origine de cette demande, ne faites rien\N{NO-BREAK SPACE}: rien ne changera."
PERSONNEL = "Ce lien est personnel et ne sert qu’une fois. Ne le transmettez pas."


def composer_compte(courriel: Courriel) -> Contenu:
    return COMPOSITIONS[courriel.gabarit](courriel)


def _contenu(courriel: Courriel, bouton: str, *paragraphes: str, pourquoi: str) -> Contenu:
    sujet = SUJETS[courriel.gabarit]
    return Contenu(
        sujet=sujet,
        titre=sujet,
        paragraphes=(f"Bonjour {courriel.nom},", *filter(None, paragraphes)),
        bouton=Bouton(bouton, courriel.lien),
        pourquoi=pourquoi,
    )


def _fait(courriel: Courriel, nom: str) -> str:
    return courriel.faits.get(nom, "")


UN_COMPTE = "Vous recevez ce message parce qu’un compte est à votre nom."
UNE_COLLECTIVITE = "Vous recevez ce message parce que cette adresse est celle de votre collectivité."
UNE_DELEGATION = "Vous recevez ce message parce que cette adresse est celle de votre structure."


def _activation(courriel: Courriel) -> Contenu:
    organisation = _fait(courriel, "organisation")
    return _contenu(
        courriel,
        "Activer mon compte",
        f"Un compte a été créé pour vous{f' par {organisation}' if organisation else ''} sur Inscription en ligne.",
        f"Votre identifiant{NBSP}: {_fait(courriel, 'identifiant')}",
        f"Choisissez votre mot de passe avant le {_fait(courriel, 'expire_le')}.",
        PERSONNEL,
        pourquoi=UN_COMPTE,
    )


def _mot_de_passe(courriel: Courriel) -> Contenu:
    return _contenu(
        courriel,
        "Choisir un nouveau mot de passe",
        f"Un nouveau mot de passe a été demandé pour le compte {_fait(courriel, 'identifiant')}.",
        f"Choisissez-le avant le {_fait(courriel, 'expire_le')}.",
        PERSONNEL,
        CE_N_EST_PAS_MOI,
        pourquoi=UN_COMPTE,
    )


def _mot_de_passe_change(courriel: Courriel) -> Contenu:
    return _contenu(
        courriel,
        "Se connecter",
        f"Le mot de passe du compte {_fait(courriel, 'identifiant')} a été changé le {_fait(courriel, 'change_le')}. "
        "Vous avez été déconnecté partout.",
        "Si ce n’est pas vous, demandez tout de suite un nouveau mot de passe depuis la page de connexion.",
        pourquoi=UN_COMPTE,
    )


def _second_facteur(courriel: Courriel) -> Contenu:
    geste = "ajouté au" if courriel.gabarit is GabaritCompte.SECOND_FACTEUR_AJOUTE else "retiré du"
    return _contenu(
        courriel,
        "Vérifier mes seconds facteurs",
        f"{_fait(courriel, 'facteur')} a été {geste} compte {_fait(courriel, 'identifiant')} le {_fait(courriel, 'change_le')}.",
        "Si ce n’est pas vous, changez tout de suite votre mot de passe et prévenez votre service formation.",
        pourquoi=UN_COMPTE,
    )


def _email_a_confirmer(courriel: Courriel) -> Contenu:
    return _contenu(
        courriel,
        "Confirmer cette adresse",
        f"Cette adresse doit devenir celle du compte {_fait(courriel, 'identifiant')}.",
        f"Confirmez-la avant le {_fait(courriel, 'expire_le')}.",
        PERSONNEL,
        CE_N_EST_PAS_MOI,
        pourquoi=UN_COMPTE,
    )


def _email_change(courriel: Courriel) -> Contenu:
    return _contenu(
        courriel,
        "Accepter ce changement",
        f"L’adresse du compte {_fait(courriel, 'identifiant')} doit devenir {_fait(courriel, 'nouvelle')}.",
        f"Acceptez ce changement avant le {_fait(courriel, 'expire_le')}.",
        "Il ne se fera qu’une fois la nouvelle adresse confirmée elle aussi.",
        PERSONNEL,
        CE_N_EST_PAS_MOI,
        pourquoi=UN_COMPTE,
    )


def _ouverture_mot_de_passe(courriel: Courriel) -> Contenu:
    return _contenu(
        courriel,
        "Ouvrir le compte de la collectivité",
        f"Le mot de passe provisoire de {_fait(courriel, 'collectivite')}{NBSP}: {_fait(courriel, 'mot_de_passe')}",
        f"Il sert avec le code que {_fait(courriel, 'delegation')} vous a remis à part, jusqu’au {_fait(courriel, 'expire_le')}.",
        pourquoi=UNE_COLLECTIVITE,
    )


def _ouverture_a_valider(courriel: Courriel) -> Contenu:
    rappel = _fait(courriel, "rappel")
    return _contenu(
        courriel,
        "Examiner la demande",
        f"{_fait(courriel, 'collectivite')} a rempli son dossier d’ouverture le {_fait(courriel, 'depose_le')} et attend votre validation.",
        f"Ceci est un rappel{NBSP}: la demande attend depuis {rappel}." if rappel else "",
        pourquoi=UNE_DELEGATION,
    )


def _ouverture_validee(courriel: Courriel) -> Contenu:
    return _contenu(
        courriel,
        "Se connecter",
        f"{_fait(courriel, 'delegation')} a validé {_fait(courriel, 'collectivite')}{NBSP}: vos agents peuvent désormais être inscrits.",
        pourquoi=UNE_COLLECTIVITE,
    )


def _ouverture_refusee(courriel: Courriel) -> Contenu:
    return _contenu(
        courriel,
        "Reprendre le dossier",
        f"{_fait(courriel, 'delegation')} n’a pas validé le dossier de {_fait(courriel, 'collectivite')}.",
        f"Le motif{NBSP}: {_fait(courriel, 'motif')}",
        "Ce que vous avez saisi est conservé. Corrigez le dossier avec le même code et le même mot de passe, puis renvoyez-le.",
        pourquoi=UNE_COLLECTIVITE,
    )


COMPOSITIONS: dict[GabaritCompte, Callable[[Courriel], Contenu]] = {
    GabaritCompte.ACTIVATION: _activation,
    GabaritCompte.MOT_DE_PASSE: _mot_de_passe,
    GabaritCompte.MOT_DE_PASSE_CHANGE: _mot_de_passe_change,
    GabaritCompte.SECOND_FACTEUR_AJOUTE: _second_facteur,
    GabaritCompte.SECOND_FACTEUR_RETIRE: _second_facteur,
    GabaritCompte.EMAIL_A_CONFIRMER: _email_a_confirmer,
    GabaritCompte.EMAIL_CHANGE: _email_change,
    GabaritCompte.OUVERTURE_MOT_DE_PASSE: _ouverture_mot_de_passe,
    GabaritCompte.OUVERTURE_A_VALIDER: _ouverture_a_valider,
    GabaritCompte.OUVERTURE_VALIDEE: _ouverture_validee,
    GabaritCompte.OUVERTURE_REFUSEE: _ouverture_refusee,
}
