"""The words of the openings."""

from services.contracts.ouvertures import EtapeOuverture

ETAPES: dict[EtapeOuverture, str] = {
    EtapeOuverture.CODES_REMIS: "Codes remis",
    EtapeOuverture.A_VALIDER: "À valider",
    EtapeOuverture.A_REPRENDRE: "À reprendre par la collectivité",
    EtapeOuverture.VALIDEE: "Validée, compte à activer",
    EtapeOuverture.OPERATIONNELLE: "Opérationnelle",
    EtapeOuverture.ABANDONNEE: "Codes expirés",
}

NATURES: dict[str, str] = {
    "commune": "Commune",
    "departement": "Département",
    "region": "Région",
    "communaute_de_communes": "Communauté de communes",
    "communaute_d_agglomeration": "Communauté d’agglomération",
    "communaute_urbaine": "Communauté urbaine",
    "metropole": "Métropole",
    "syndicat": "Syndicat",
    "ccas": "CCAS",
    "cias": "CIAS",
    "sdis": "SDIS",
    "caisse_des_ecoles": "Caisse des écoles",
    "oph": "Office public de l’habitat",
    "centre_de_gestion": "Centre de gestion",
    "autre_etablissement": "Autre établissement",
}
