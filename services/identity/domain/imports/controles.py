"""The value of each cell, checked. What is refused raises ValueError, with a French sentence that says how to mend it."""

import re
from collections.abc import Callable, Mapping
from datetime import date

from services.identity.domain.imports.cellules import entier_ecrit, jour, sans_accents
from services.identity.domain.valeurs import Categorie, Civilite, Statut

COURRIEL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
LONGUEUR = 200
TRES_JEUNE, TRES_AGE = 14, 90
FILIERES = (
    "administrative",
    "technique",
    "culturelle",
    "sportive",
    "médico-sociale",
    "médico-technique",
    "police municipale",
    "animation",
    "sapeurs-pompiers",
)
_CIVILITES = {
    "mme": Civilite.MADAME,
    "madame": Civilite.MADAME,
    "f": Civilite.MADAME,
    "mlle": Civilite.MADAME,
    "m": Civilite.MONSIEUR,
    "mr": Civilite.MONSIEUR,
    "monsieur": Civilite.MONSIEUR,
    "h": Civilite.MONSIEUR,
}
LIBELLES_STATUT = {
    Statut.TITULAIRE: "Titulaire",
    Statut.STAGIAIRE: "Stagiaire",
    Statut.CONTRACTUEL_DROIT_PUBLIC: "Contractuel de droit public",
    Statut.CONTRACTUEL_DROIT_PRIVE: "Contractuel de droit privé",
    Statut.APPRENTI: "Apprenti",
    Statut.ASSISTANT_MATERNEL: "Assistant maternel",
    Statut.EMPLOI_AIDE: "Emploi aidé",
}
_STATUTS = {sans_accents(nom): statut for statut, libelle in LIBELLES_STATUT.items() for nom in (statut, libelle)} | {
    "contractuel": Statut.CONTRACTUEL_DROIT_PUBLIC,
    "fonctionnaire": Statut.TITULAIRE,
    "fonctionnaire titulaire": Statut.TITULAIRE,
    "fonctionnaire stagiaire": Statut.STAGIAIRE,
}


def texte(cellule: str) -> str:
    if len(cellule) > LONGUEUR:
        raise ValueError(f"Ce texte est trop long\N{NO-BREAK SPACE}: {LONGUEUR} caractères au plus.")
    return cellule


def matricule(cellule: str) -> str:
    return texte(entier_ecrit(cellule))


def civilite(cellule: str) -> str:
    return _parmi(_CIVILITES, cellule, "Mme ou M.")


def statut(cellule: str) -> str:
    return _parmi(_STATUTS, cellule, ", ".join(LIBELLES_STATUT.values()))


def categorie(cellule: str) -> str:
    return _parmi({sans_accents(valeur): valeur for valeur in Categorie}, cellule.removeprefix("Catégorie "), "A+, A, B ou C")


def filiere(cellule: str) -> str:
    return _parmi({sans_accents(valeur): valeur for valeur in FILIERES}, cellule, ", ".join(FILIERES))


def courriel(cellule: str) -> str:
    if not COURRIEL.fullmatch(cellule) or len(cellule) > LONGUEUR:
        raise ValueError("Cette adresse électronique n’a pas la forme attendue, comme prenom.nom@commune.fr.")
    return cellule


def portable(cellule: str) -> str:
    """`06 12 34 56 78`, also from a number whose zero a spreadsheet dropped; a foreign number is kept as `+…`."""
    chiffres = re.sub(r"[\s.\-/()]", "", entier_ecrit(cellule))
    chiffres = re.sub(r"^(\+|00)33(0?)", "0", chiffres)
    if re.fullmatch(r"[1-9]\d{8}", chiffres):
        chiffres = "0" + chiffres
    if re.fullmatch(r"0[1-9]\d{8}", chiffres):
        return " ".join(chiffres[i : i + 2] for i in range(0, 10, 2))
    if re.fullmatch(r"(\+|00)\d{6,15}", chiffres):
        return chiffres.replace("00", "+", 1) if chiffres.startswith("00") else chiffres
    raise ValueError("Ce numéro de téléphone n’a pas la forme attendue, comme 06 12 34 56 78.")


def date_de_naissance(cellule: str, aujourd_hui: date) -> str:
    ne_le = jour(cellule)
    if not TRES_JEUNE <= aujourd_hui.year - ne_le.year <= TRES_AGE:
        raise ValueError("Cette date de naissance n’est pas vraisemblable pour un agent.")
    return ne_le.isoformat()


def date_simple(cellule: str) -> str:
    return jour(cellule).isoformat()


def temps_de_travail(cellule: str) -> str:
    nombre = entier_ecrit(re.sub(r"\s*%$", "", cellule))
    # A spreadsheet gives 80 % as 0,8.
    if trouve := re.fullmatch(r"0[.,](\d{1,2})", nombre):
        nombre = str(int(trouve.group(1).ljust(2, "0")))
    if not re.fullmatch(r"\d{1,3}", nombre) or not 1 <= int(nombre) <= 100:  # noqa: PLR2004 -- a percentage
        raise ValueError("Le temps de travail est un pourcentage entier, de 1 à 100.")
    return str(int(nombre))


def controles(aujourd_hui: date) -> dict[str, Callable[[str], str]]:
    """How each field that stands alone is read; service and supérieur are looked up elsewhere."""
    return {
        "matricule": matricule,
        "civilite": civilite,
        "nom": texte,
        "nom_naissance": texte,
        "prenom": texte,
        "date_naissance": lambda cellule: date_de_naissance(cellule, aujourd_hui),
        "email": courriel,
        "portable": portable,
        "statut": statut,
        "categorie": categorie,
        "filiere": filiere,
        "cadre_emplois": texte,
        "grade": texte,
        "fonction": texte,
        "temps_travail": temps_de_travail,
        "niveau_diplome": texte,
        "entree_le": date_simple,
        "sortie_le": date_simple,
    }


def _parmi(valeurs: Mapping[str, str], cellule: str, choix: str) -> str:
    trouvee = valeurs.get(sans_accents(cellule))
    if trouvee is None:
        raise ValueError(f"Choisissez parmi\N{NO-BREAK SPACE}: {choix.removesuffix('.')}.")
    return str(trouvee)
