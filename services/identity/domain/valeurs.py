"""The closed lists that the law sets. Grades, métiers and structures are data, loaded from files."""

from enum import StrEnum


class GenreStructure(StrEnum):
    DELEGATION = "delegation"
    INSTITUT = "institut"
    """National: its ressort is not a list of départements."""


class EtatCollectivite(StrEnum):
    """Whether the people of a collectivité may work."""

    EN_OUVERTURE = "en_ouverture"
    OPERATIONNELLE = "operationnelle"
    SUSPENDUE = "suspendue"
    CLOSE = "close"


class Nature(StrEnum):
    """What a collectivité is."""

    COMMUNE = "commune"
    DEPARTEMENT = "departement"
    REGION = "region"
    COMMUNAUTE_DE_COMMUNES = "communaute_de_communes"
    COMMUNAUTE_D_AGGLOMERATION = "communaute_d_agglomeration"
    COMMUNAUTE_URBAINE = "communaute_urbaine"
    METROPOLE = "metropole"
    SYNDICAT = "syndicat"
    CCAS = "ccas"
    CIAS = "cias"
    SDIS = "sdis"
    CAISSE_DES_ECOLES = "caisse_des_ecoles"
    OPH = "oph"
    CENTRE_DE_GESTION = "centre_de_gestion"
    AUTRE_ETABLISSEMENT = "autre_etablissement"


class Statut(StrEnum):
    TITULAIRE = "titulaire"
    STAGIAIRE = "stagiaire"
    CONTRACTUEL_DROIT_PUBLIC = "contractuel_droit_public"
    CONTRACTUEL_DROIT_PRIVE = "contractuel_droit_prive"
    APPRENTI = "apprenti"
    ASSISTANT_MATERNEL = "assistant_maternel"
    EMPLOI_AIDE = "emploi_aide"


class Categorie(StrEnum):
    A_PLUS = "A+"
    A = "A"
    B = "B"
    C = "C"


class Civilite(StrEnum):
    MADAME = "Mme"
    MONSIEUR = "M."
