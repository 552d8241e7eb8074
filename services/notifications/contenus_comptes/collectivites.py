"""What the mails about the account of a collectivité say: its opening, its gestionnaires, its suspension."""

from collections.abc import Callable

from services.contracts.identity import Courriel
from services.contracts.notifications import GabaritCompte
from services.kit.french import NBSP
from services.notifications.contenus import Contenu
from services.notifications.contenus_comptes.commun import UN_COMPTE, contenu, fait

UNE_COLLECTIVITE = "Vous recevez ce message parce que cette adresse est celle de votre collectivité."
UN_GESTIONNAIRE = "Vous recevez ce message parce que vous gérez les formations de votre collectivité."
UNE_DELEGATION = "Vous recevez ce message parce que cette adresse est celle de votre structure."


def _ouverture_mot_de_passe(courriel: Courriel) -> Contenu:
    return contenu(
        courriel,
        "Ouvrir le compte de la collectivité",
        f"Le mot de passe provisoire de {fait(courriel, 'collectivite')}{NBSP}: {fait(courriel, 'mot_de_passe')}",
        f"Il sert avec le code que {fait(courriel, 'delegation')} vous a remis à part, jusqu’au {fait(courriel, 'expire_le')}.",
        pourquoi=UNE_COLLECTIVITE,
    )


def _ouverture_a_valider(courriel: Courriel) -> Contenu:
    rappel = fait(courriel, "rappel")
    return contenu(
        courriel,
        "Examiner la demande",
        f"{fait(courriel, 'collectivite')} a rempli son dossier d’ouverture le {fait(courriel, 'depose_le')} et attend votre validation.",
        f"Ceci est un rappel{NBSP}: la demande attend depuis {rappel}." if rappel else "",
        pourquoi=UNE_DELEGATION,
    )


def _ouverture_validee(courriel: Courriel) -> Contenu:
    return contenu(
        courriel,
        "Se connecter",
        f"{fait(courriel, 'delegation')} a validé {fait(courriel, 'collectivite')}{NBSP}: vos agents peuvent désormais être inscrits.",
        pourquoi=UNE_COLLECTIVITE,
    )


def _ouverture_refusee(courriel: Courriel) -> Contenu:
    return contenu(
        courriel,
        "Reprendre le dossier",
        f"{fait(courriel, 'delegation')} n’a pas validé le dossier de {fait(courriel, 'collectivite')}.",
        f"Le motif{NBSP}: {fait(courriel, 'motif')}",
        "Ce que vous avez saisi est conservé. Corrigez le dossier avec le même code et le même mot de passe, puis renvoyez-le.",
        pourquoi=UNE_COLLECTIVITE,
    )


def _gestionnaire_nomme(courriel: Courriel) -> Contenu:
    return contenu(
        courriel,
        "Se connecter",
        f"{fait(courriel, 'par')} vous a donné un accès à {fait(courriel, 'collectivite')}.",
        *_role_et_services(courriel),
        f"Connectez-vous avec votre compte habituel{NBSP}: {fait(courriel, 'identifiant')}",
        pourquoi=UN_COMPTE,
    )


def _gestionnaire_modifie(courriel: Courriel) -> Contenu:
    return contenu(
        courriel,
        "Se connecter",
        f"{fait(courriel, 'par')} a changé votre accès à {fait(courriel, 'collectivite')}.",
        *_role_et_services(courriel),
        "Ce changement vaut dans quelques minutes, sans vous déconnecter.",
        pourquoi=UN_COMPTE,
    )


def _gestionnaire_fini(courriel: Courriel) -> Contenu:
    repreneur = fait(courriel, "repreneur")
    return contenu(
        courriel,
        "Aller à Inscription en ligne",
        f"{fait(courriel, 'par')} a mis fin à votre accès de gestion à {fait(courriel, 'collectivite')}.",
        f"Le motif{NBSP}: {fait(courriel, 'motif')}",
        f"{repreneur} reprend ce que vous suiviez." if repreneur else "",
        "Vous gardez votre accès d’agent, à votre dossier et à vos demandes." if fait(courriel, "reste_agent") else "",
        pourquoi=UN_COMPTE,
    )


def _role_et_services(courriel: Courriel) -> tuple[str, str]:
    return f"Votre rôle{NBSP}: {fait(courriel, 'role')}", f"Vos services{NBSP}: {fait(courriel, 'services')}"


def _collectivite_arretee(a_fait: str) -> Callable[[Courriel], Contenu]:
    def composer(courriel: Courriel) -> Contenu:
        return contenu(
            courriel,
            "Voir la situation",
            f"{fait(courriel, 'delegation')} {a_fait} le compte de {fait(courriel, 'collectivite')} le {fait(courriel, 'change_le')}.",
            f"Le motif{NBSP}: {fait(courriel, 'motif')}",
            "Aucune nouvelle demande ne peut être déposée, et chacun est déconnecté dans les dix minutes. "
            "Les demandes en cours suivent leur circuit.",
            f"Pour toute question, écrivez à {fait(courriel, 'contact')}.",
            pourquoi=UN_GESTIONNAIRE,
        )

    return composer


def _collectivite_rouverte(courriel: Courriel) -> Contenu:
    return contenu(
        courriel,
        "Se connecter",
        f"{fait(courriel, 'delegation')} a rouvert le compte de {fait(courriel, 'collectivite')} le {fait(courriel, 'change_le')}.",
        f"Le motif{NBSP}: {fait(courriel, 'motif')}",
        "Chacun retrouve ses droits à sa prochaine connexion, et de nouvelles demandes peuvent être déposées.",
        pourquoi=UN_GESTIONNAIRE,
    )


COMPOSITIONS: dict[GabaritCompte, Callable[[Courriel], Contenu]] = {
    GabaritCompte.OUVERTURE_MOT_DE_PASSE: _ouverture_mot_de_passe,
    GabaritCompte.OUVERTURE_A_VALIDER: _ouverture_a_valider,
    GabaritCompte.OUVERTURE_VALIDEE: _ouverture_validee,
    GabaritCompte.OUVERTURE_REFUSEE: _ouverture_refusee,
    GabaritCompte.GESTIONNAIRE_NOMME: _gestionnaire_nomme,
    GabaritCompte.GESTIONNAIRE_MODIFIE: _gestionnaire_modifie,
    GabaritCompte.GESTIONNAIRE_FINI: _gestionnaire_fini,
    GabaritCompte.COLLECTIVITE_SUSPENDUE: _collectivite_arretee("a suspendu"),
    GabaritCompte.COLLECTIVITE_CLOSE: _collectivite_arretee("a clos"),
    GabaritCompte.COLLECTIVITE_ROUVERTE: _collectivite_rouverte,
}
