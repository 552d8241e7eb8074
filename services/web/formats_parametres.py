"""How the pages name what is set in a collectivité."""

from dataclasses import dataclass

SUJETS = (
    ("/collectivite/identite", "Identité", "Adresse, courriel, effectif, autorité territoriale."),
    ("/collectivite/gestionnaires", "Gestionnaires", "Qui a accès, avec quel rôle, pour quels services."),
    ("/collectivite/preinscription", "Préinscription", "Si vos agents déposent eux-mêmes leurs demandes."),
    ("/circuit", "Circuit", "Qui donne son avis, et dans quel délai."),
    ("/collectivite/copies", "Copies", "Les adresses qui reçoivent copie de certains messages."),
    ("/collectivite/mandats", "Mandats", "Les organismes qui gèrent pour vous, ou pour qui vous gérez."),
    ("/collectivite/identifiants", "Identifiants", "La forme des identifiants de connexion."),
    ("/collectivite/securite", "Sécurité", "Le second facteur, exigé ou non."),
    ("/collectivite/historique", "Historique", "Ce qui a changé, quand, et par qui."),
)

ROLES = {
    "gestionnaire_principal": "Gestionnaire principal",
    "gestionnaire": "Gestionnaire de formation",
    "lecture": "Consultation",
}
PORTEES = {
    "gestionnaire_principal": "traite les demandes, règle la collectivité, nomme les gestionnaires",
    "gestionnaire": "traite les demandes et tient les fiches des agents",
    "lecture": "consulte sans décider",
}
ETATS = {"actif": "Actif", "invite": "Invitation envoyée", "termine": "Accès terminé"}


@dataclass(frozen=True)
class Pas:
    """A first step: what it is called, and what stands when it is skipped."""

    titre: str
    par_defaut: str


PAS = {
    "identite": Pas("Vérifier l’identité de la collectivité", "Votre dossier d’ouverture fait foi."),
    "preinscription": Pas("Vos agents peuvent-ils se préinscrire\N{NARROW NO-BREAK SPACE}?", "Ils le peuvent."),
    "avis": Pas("Qui donne l’avis\N{NARROW NO-BREAK SPACE}?", "Le supérieur hiérarchique, en cinq jours ouvrés."),
    "agents": Pas("Ajouter vos agents", "Vous les ajouterez depuis la page Agents."),
    "collegue": Pas("Inviter un collègue", "Vous gérez seul pour l’instant."),
}
ETATS_ETAPES = {"a_faire": "À faire", "faite": "Fait", "passee": "Passé"}
