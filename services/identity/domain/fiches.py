"""The record of an agent as it is typed, field by field, with the same rules as in a file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from services.identity.domain.imports.analyse import DATES, NIR_REFUSE, cellule_ecrite
from services.identity.domain.imports.cellules import contient_un_nir, nettoyer
from services.identity.domain.imports.colonnes import PAR_CHAMP
from services.identity.domain.imports.controles import controles

CHAMPS = tuple(champ for champ in PAR_CHAMP if champ not in {"service", "superieur"})
"""What is typed as text; the service and the supérieur are chosen."""
REQUIS = ("civilite", "nom", "prenom", "email", "statut", "fonction")


class Objet(StrEnum):
    """What kind of record changed."""

    AGENT = "agent"
    SERVICE = "service"
    INTERIM = "interim"


@dataclass
class Saisie:
    """`valeurs` by column, as they are stored; `erreurs` by field, a French sentence each."""

    valeurs: dict[str, Any] = field(default_factory=dict)
    erreurs: dict[str, str] = field(default_factory=dict)


def lire(saisie: Mapping[str, str], aujourd_hui: date) -> Saisie:
    """What was typed in a form: every field stands in it, a blank one is unknown."""
    lue = Saisie()
    regles = controles(aujourd_hui)
    for champ in CHAMPS:
        texte = nettoyer(saisie.get(champ, ""))
        if contient_un_nir(texte):
            lue.erreurs[champ] = NIR_REFUSE.replace("Cette cellule", "Ce champ").replace("du fichier", "de la saisie")
        elif texte:
            try:
                lue.valeurs[champ] = _stockee(champ, regles[champ](texte))
            except ValueError as erreur:
                lue.erreurs[champ] = str(erreur)
        elif champ in REQUIS:
            lue.erreurs[champ] = "À renseigner."
        else:
            lue.valeurs[champ] = 100 if champ == "temps_travail" else None
    entree, sortie = lue.valeurs.get("entree_le"), lue.valeurs.get("sortie_le")
    if entree and sortie and sortie <= entree:
        lue.erreurs["sortie_le"] = "La date de sortie doit suivre la date d’entrée."
    return lue


def _stockee(champ: str, valeur: str) -> Any:
    if champ in DATES:
        return date.fromisoformat(valeur)
    return int(valeur) if champ == "temps_travail" else valeur


def differences(avant: Mapping[str, Any], apres: Mapping[str, Any]) -> list[dict[str, str]]:
    """What changes, as the history keeps it: column names and stored values."""
    return [
        {"champ": champ, "avant": _texte(avant.get(champ)), "apres": _texte(valeur)}
        for champ, valeur in apres.items()
        if avant.get(champ) != valeur
    ]


def en_clair(detail: Mapping[str, str]) -> dict[str, str]:
    """A difference as people read it."""
    champ = detail["champ"]
    libelle = PAR_CHAMP[champ].libelle if champ in PAR_CHAMP else champ
    return {"champ": libelle, "avant": cellule_ecrite(champ, detail["avant"]), "apres": cellule_ecrite(champ, detail["apres"])}


def _texte(valeur: Any) -> str:
    if valeur is None:
        return ""
    return valeur.isoformat() if isinstance(valeur, date) else str(valeur)
