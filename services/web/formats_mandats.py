"""The words of mandates."""

from services.web.formats import Apparence

OBJETS: dict[str, str] = {
    "demandes": "Les demandes de formation\N{NO-BREAK SPACE}: les suivre, les valider, les refuser",
    "agents": "Les agents et les services\N{NO-BREAK SPACE}: les tenir à jour, importer et exporter",
    "reglages": "Les réglages de la collectivité, dont son circuit",
}

ETATS: dict[str, tuple[str, Apparence]] = {
    "propose": ("Proposé", Apparence("hourglass-split", "attente")),
    "accepte": ("Accepté", Apparence("check-circle-fill", "succes")),
    "refuse": ("Refusé", Apparence("x-circle-fill", "refus")),
    "retire": ("Retiré", Apparence("arrow-return-left", "neutre")),
    "revoque": ("Révoqué", Apparence("slash-circle", "neutre")),
    "termine": ("Terminé", Apparence("clock-history", "neutre")),
}

GROUPES: dict[str, tuple[str, ...]] = {
    "En attente de réponse": ("propose",),
    "En vigueur ou à venir": ("accepte",),
    "Historique": ("refuse", "retire", "revoque", "termine"),
}
"""The sections of the list, and the states that each holds."""

COTES: dict[str, str] = {
    "mandant": "Ma collectivité donne mandat\N{NO-BREAK SPACE}: l’autre agira pour elle",
    "mandataire": "Ma collectivité reçoit mandat\N{NO-BREAK SPACE}: elle agira pour l’autre",
}
