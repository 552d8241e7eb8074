"""What all mails about accounts share: their subjects, their form."""

from services.contracts.identity import Courriel
from services.contracts.notifications import GabaritCompte
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

UN_COMPTE = "Vous recevez ce message parce qu’un compte est à votre nom."


def contenu(courriel: Courriel, bouton: str, *paragraphes: str, pourquoi: str) -> Contenu:
    sujet = SUJETS[courriel.gabarit]
    return Contenu(
        sujet=sujet,
        titre=sujet,
        paragraphes=(f"Bonjour {courriel.nom}," if courriel.nom else "Bonjour,", *filter(None, paragraphes)),
        bouton=Bouton(bouton, courriel.lien),
        pourquoi=pourquoi,
    )


def fait(courriel: Courriel, nom: str) -> str:
    return courriel.faits.get(nom, "")
