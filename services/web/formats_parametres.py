"""How the pages name what is set in a collectivité."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Sujet:
    """A page of settings. `reserve`: only who sets the collectivité may read it; `chez_soi`: nobody does under a mandate."""

    page: str
    nom: str
    aide: str
    reserve: bool = False
    chez_soi: bool = False


SUJETS = (
    Sujet("/collectivite/identite", "Identité", "Adresse, courriel, effectif, autorité territoriale."),
    Sujet("/collectivite/gestionnaires", "Gestionnaires", "Qui a accès, avec quel rôle, pour quels services."),
    Sujet("/collectivite/preinscription", "Préinscription", "Si vos agents déposent eux-mêmes leurs demandes."),
    Sujet("/circuit", "Circuit", "Qui donne son avis, et dans quel délai."),
    Sujet("/collectivite/copies", "Copies", "Les adresses qui reçoivent copie de certains messages."),
    Sujet("/collectivite/transferts", "Transferts", "Ce que le supérieur de chaque agent reçoit d’office."),
    Sujet("/collectivite/mandats", "Mandats", "Les organismes qui gèrent pour vous, ou pour qui vous gérez.", chez_soi=True),
    Sujet("/collectivite/identifiants", "Identifiants", "La forme des identifiants de connexion.", reserve=True),
    Sujet("/collectivite/adresses", "Adresses à confirmer", "Qui ne peut plus ouvrir son ancienne boîte aux lettres.", reserve=True),
    Sujet("/collectivite/securite", "Sécurité", "Le second facteur, exigé ou non.", reserve=True),
    Sujet("/collectivite/historique", "Historique", "Ce qui a changé, quand, et par qui."),
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
