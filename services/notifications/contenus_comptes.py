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
    GabaritCompte.SECOND_FACTEUR_SECOURU: "Vos seconds facteurs ont été retirés",
    GabaritCompte.EMAIL_A_CONFIRMER: "Confirmez votre adresse électronique",
    GabaritCompte.EMAIL_CHANGE: "Changement de votre adresse électronique",
    GabaritCompte.EMAIL_DEJA_PRIS: "Cette adresse sert déjà à un compte",
    GabaritCompte.EMAIL_CONFIRME_POUR_VOUS: "Changement de votre adresse électronique, confirmé à votre place",
    GabaritCompte.EMAIL_CHANGE_FAIT: "L’adresse de votre compte a changé",
    GabaritCompte.IDENTITE_LIEE: "Une nouvelle façon de vous connecter",
    GabaritCompte.IDENTITE_DELIEE: "Une façon de vous connecter a été retirée",
    GabaritCompte.IDENTIFIANT_CHANGE: "Votre identifiant de connexion change",
    GabaritCompte.OUVERTURE_MOT_DE_PASSE: "Ouverture de votre compte\N{NO-BREAK SPACE}: le mot de passe provisoire",
    GabaritCompte.OUVERTURE_A_VALIDER: "Une collectivité attend sa validation",
    GabaritCompte.OUVERTURE_VALIDEE: "Votre collectivité est validée",
    GabaritCompte.OUVERTURE_REFUSEE: "L’ouverture du compte de votre collectivité est à reprendre",
    GabaritCompte.GESTIONNAIRE_NOMME: "Vous gérez désormais les formations d’une collectivité",
    GabaritCompte.GESTIONNAIRE_MODIFIE: "Votre rôle a changé",
    GabaritCompte.GESTIONNAIRE_FINI: "Votre accès a pris fin",
    GabaritCompte.COLLECTIVITE_SUSPENDUE: "Le compte de votre collectivité est suspendu",
    GabaritCompte.COLLECTIVITE_CLOSE: "Le compte de votre collectivité est clos",
    GabaritCompte.COLLECTIVITE_ROUVERTE: "Le compte de votre collectivité est rouvert",
    GabaritCompte.MANDAT_PROPOSE: "Un mandat vous est proposé",
    GabaritCompte.MANDAT_REPONDU: "Réponse à votre proposition de mandat",
    GabaritCompte.MANDAT_FINI: "Fin d’un mandat",
}

CE_N_EST_PAS_MOI = "Si vous n’êtes pas à l’origine de cette demande, ne faites rien\N{NO-BREAK SPACE}: rien ne changera."
PAS_MOI_REFUSEZ = (
    "Si vous n’êtes pas à l’origine de cette demande, suivez ce lien et choisissez "
    "«\N{NO-BREAK SPACE}Ce n’est pas moi\N{NO-BREAK SPACE}»\N{NO-BREAK SPACE}: elle sera annulée."
)
PERSONNEL = "Ce lien est personnel et ne sert qu’une fois. Ne le transmettez pas."


def composer_compte(courriel: Courriel) -> Contenu:
    return COMPOSITIONS[courriel.gabarit](courriel)


def _contenu(courriel: Courriel, bouton: str, *paragraphes: str, pourquoi: str) -> Contenu:
    sujet = SUJETS[courriel.gabarit]
    return Contenu(
        sujet=sujet,
        titre=sujet,
        paragraphes=(f"Bonjour {courriel.nom}," if courriel.nom else "Bonjour,", *filter(None, paragraphes)),
        bouton=Bouton(bouton, courriel.lien),
        pourquoi=pourquoi,
    )


def _fait(courriel: Courriel, nom: str) -> str:
    return courriel.faits.get(nom, "")


UN_COMPTE = "Vous recevez ce message parce qu’un compte est à votre nom."
UN_COMPTE_A_CETTE_ADRESSE = "Vous recevez ce message parce qu’un compte est à cette adresse."
UNE_COLLECTIVITE = "Vous recevez ce message parce que cette adresse est celle de votre collectivité."
UN_GESTIONNAIRE = "Vous recevez ce message parce que vous gérez les formations de votre collectivité."
DEUX_COLLECTIVITES = "Vous recevez ce message parce que vous décidez des mandats de votre collectivité."
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
    ajoute = courriel.gabarit is GabaritCompte.SECOND_FACTEUR_AJOUTE
    geste = "ajouté au" if ajoute else "retiré du"
    return _contenu(
        courriel,
        "Vérifier mes seconds facteurs",
        f"{_fait(courriel, 'facteur')} a été {geste} compte {_fait(courriel, 'identifiant')} le {_fait(courriel, 'change_le')}.",
        "Partout ailleurs où votre compte était ouvert, il faut vous connecter de nouveau." if ajoute else "",
        "Si ce n’est pas vous, changez tout de suite votre mot de passe et prévenez votre service formation.",
        pourquoi=UN_COMPTE,
    )


def _second_facteur_secouru(courriel: Courriel) -> Contenu:
    return _contenu(
        courriel,
        "Ajouter un second facteur",
        f"{_fait(courriel, 'par')} a retiré tous les seconds facteurs du compte {_fait(courriel, 'identifiant')} "
        f"le {_fait(courriel, 'change_le')}. Vous êtes déconnecté partout.",
        f"Le motif{NBSP}: {_fait(courriel, 'motif')}",
        "Votre mot de passe suffit jusqu’à ce que vous en ajoutiez un autre. "
        "Si vous n’avez rien demandé, changez tout de suite votre mot de passe et prévenez votre service formation.",
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
        "Confirmer ou refuser",
        f"L’adresse du compte {_fait(courriel, 'identifiant')} doit devenir {_fait(courriel, 'nouvelle')}.",
        f"Confirmez ce changement avant le {_fait(courriel, 'expire_le')}.",
        "Il ne se fera qu’une fois la nouvelle adresse confirmée elle aussi.",
        PERSONNEL,
        PAS_MOI_REFUSEZ,
        pourquoi=UN_COMPTE,
    )


def _email_deja_pris(courriel: Courriel) -> Contenu:
    return _contenu(
        courriel,
        "Aller à la page de connexion",
        "Quelqu’un, sans doute vous-même, a demandé que cette adresse devienne celle d’un compte. Elle est déjà celle d’un autre.",
        f"Si c’est vous{NBSP}: connectez-vous avec cet autre compte, ou changez d’abord son adresse. Si vous ne savez plus lequel c’est, "
        "choisissez « mot de passe oublié » à la page de connexion et donnez cette adresse.",
        CE_N_EST_PAS_MOI,
        pourquoi=UN_COMPTE_A_CETTE_ADRESSE,
    )


def _email_confirme_pour_vous(courriel: Courriel) -> Contenu:
    return _contenu(
        courriel,
        "Voir ce changement",
        f"L’adresse de votre compte doit devenir {_fait(courriel, 'nouvelle')}.",
        f"{_fait(courriel, 'par')} l’a confirmé à la place de l’adresse où arrive ce message. Son motif{NBSP}: {_fait(courriel, 'motif')}",
        f"Il se fera dès que la nouvelle adresse sera confirmée, au plus tard le {_fait(courriel, 'expire_le')}.",
        PAS_MOI_REFUSEZ,
        pourquoi=UN_COMPTE,
    )


def _email_change_fait(courriel: Courriel) -> Contenu:
    par = _fait(courriel, "par")
    return _contenu(
        courriel,
        "Se connecter",
        f"Depuis le {_fait(courriel, 'change_le')}, l’adresse de votre compte est {_fait(courriel, 'nouvelle')}, "
        f"au lieu de {_fait(courriel, 'ancienne')}.",
        f"{par} l’a confirmé à la place de l’ancienne adresse." if par else "",
        f"Votre identifiant{NBSP}: {_fait(courriel, 'identifiant')}",
        "Si ce n’est pas vous, prévenez tout de suite le service formation de votre organisation.",
        pourquoi=UN_COMPTE,
    )


def _identite_liee(courriel: Courriel) -> Contenu:
    return _contenu(
        courriel,
        "Voir mes façons de me connecter",
        f"Depuis le {_fait(courriel, 'liee_le')}, vous pouvez vous connecter au compte {_fait(courriel, 'identifiant')} "
        f"par {_fait(courriel, 'par')}, avec l’adresse {_fait(courriel, 'adresse')}.",
        "Si ce n’est pas vous, retirez ce lien depuis votre compte et changez de mot de passe.",
        pourquoi=UN_COMPTE,
    )


def _identite_deliee(courriel: Courriel) -> Contenu:
    return _contenu(
        courriel,
        "Se connecter",
        f"Depuis le {_fait(courriel, 'deliee_le')}, le compte {_fait(courriel, 'identifiant')} ne s’ouvre plus "
        f"par {_fait(courriel, 'par')} avec l’adresse {_fait(courriel, 'adresse')}.",
        "Si ce n’est pas vous, changez de mot de passe depuis la page de connexion.",
        pourquoi=UN_COMPTE,
    )


def _identifiant_change(courriel: Courriel) -> Contenu:
    return _contenu(
        courriel,
        "Se connecter",
        f"{_fait(courriel, 'organisation')} a choisi une autre forme pour les identifiants de connexion.",
        f"Votre identifiant{NBSP}: {_fait(courriel, 'identifiant')}",
        f"Jusqu’au {_fait(courriel, 'jusqu_au')}, l’ancien ({_fait(courriel, 'ancien')}) sert encore. Votre mot de passe ne change pas.",
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


def _gestionnaire_nomme(courriel: Courriel) -> Contenu:
    return _contenu(
        courriel,
        "Se connecter",
        f"{_fait(courriel, 'par')} vous a donné un accès à {_fait(courriel, 'collectivite')}.",
        *_role_et_services(courriel),
        f"Connectez-vous avec votre compte habituel{NBSP}: {_fait(courriel, 'identifiant')}",
        pourquoi=UN_COMPTE,
    )


def _gestionnaire_modifie(courriel: Courriel) -> Contenu:
    return _contenu(
        courriel,
        "Se connecter",
        f"{_fait(courriel, 'par')} a changé votre accès à {_fait(courriel, 'collectivite')}.",
        *_role_et_services(courriel),
        "Ce changement vaut dans quelques minutes, sans vous déconnecter.",
        pourquoi=UN_COMPTE,
    )


def _gestionnaire_fini(courriel: Courriel) -> Contenu:
    repreneur = _fait(courriel, "repreneur")
    return _contenu(
        courriel,
        "Aller à Inscription en ligne",
        f"{_fait(courriel, 'par')} a mis fin à votre accès de gestion à {_fait(courriel, 'collectivite')}.",
        f"Le motif{NBSP}: {_fait(courriel, 'motif')}",
        f"{repreneur} reprend ce que vous suiviez." if repreneur else "",
        "Vous gardez votre accès d’agent, à votre dossier et à vos demandes." if _fait(courriel, "reste_agent") else "",
        pourquoi=UN_COMPTE,
    )


def _role_et_services(courriel: Courriel) -> tuple[str, str]:
    return f"Votre rôle{NBSP}: {_fait(courriel, 'role')}", f"Vos services{NBSP}: {_fait(courriel, 'services')}"


def _collectivite_arretee(a_fait: str) -> Callable[[Courriel], Contenu]:
    def composer(courriel: Courriel) -> Contenu:
        return _contenu(
            courriel,
            "Voir la situation",
            f"{_fait(courriel, 'delegation')} {a_fait} le compte de {_fait(courriel, 'collectivite')} le {_fait(courriel, 'change_le')}.",
            f"Le motif{NBSP}: {_fait(courriel, 'motif')}",
            "Aucune nouvelle demande ne peut être déposée, et chacun est déconnecté dans les dix minutes. "
            "Les demandes en cours suivent leur circuit.",
            f"Pour toute question, écrivez à {_fait(courriel, 'contact')}.",
            pourquoi=UN_GESTIONNAIRE,
        )

    return composer


def _collectivite_rouverte(courriel: Courriel) -> Contenu:
    return _contenu(
        courriel,
        "Se connecter",
        f"{_fait(courriel, 'delegation')} a rouvert le compte de {_fait(courriel, 'collectivite')} le {_fait(courriel, 'change_le')}.",
        f"Le motif{NBSP}: {_fait(courriel, 'motif')}",
        "Chacun retrouve ses droits à sa prochaine connexion, et de nouvelles demandes peuvent être déposées.",
        pourquoi=UN_GESTIONNAIRE,
    )


def _le_mandat(courriel: Courriel) -> str:
    mandataire, mandant = _fait(courriel, "mandataire"), _fait(courriel, "mandant")
    return f"{mandataire} agirait pour {mandant} {_fait(courriel, 'periode')}{NBSP}: {_fait(courriel, 'portee')}."


def _mandat_propose(courriel: Courriel) -> Contenu:
    return _contenu(
        courriel,
        "Lire la proposition",
        f"{_fait(courriel, 'autre')} vous propose un mandat.",
        _le_mandat(courriel),
        "Rien ne change tant que vous n’avez pas accepté. Chacun peut y mettre fin à tout moment.",
        pourquoi=DEUX_COLLECTIVITES,
    )


def _mandat_repondu(courriel: Courriel) -> Contenu:
    accepte = _fait(courriel, "acte") == "accepter"
    return _contenu(
        courriel,
        "Voir le mandat",
        f"{_fait(courriel, 'autre')} a {'accepté' if accepte else 'refusé'} le mandat que vous aviez proposé.",
        _le_mandat(courriel).replace(" agirait pour ", " agit pour ") if accepte else "",
        _motif(courriel),
        pourquoi=DEUX_COLLECTIVITES,
    )


def _mandat_fini(courriel: Courriel) -> Contenu:
    if _fait(courriel, "acte") == "revoquer":
        phrase = f"a révoqué le mandat par lequel {_fait(courriel, 'mandataire')} agissait pour {_fait(courriel, 'mandant')}."
    else:
        phrase = "a retiré sa proposition de mandat. Vous n’avez rien à faire."
    return _contenu(courriel, "Voir le mandat", f"{_fait(courriel, 'autre')} {phrase}", _motif(courriel), pourquoi=DEUX_COLLECTIVITES)


def _motif(courriel: Courriel) -> str:
    motif = _fait(courriel, "motif")
    return f"Le motif{NBSP}: {motif}" if motif else ""


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
    GabaritCompte.MANDAT_PROPOSE: _mandat_propose,
    GabaritCompte.MANDAT_REPONDU: _mandat_repondu,
    GabaritCompte.MANDAT_FINI: _mandat_fini,
}
