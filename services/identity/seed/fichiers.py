"""Reading of the files: every line checked, then every name that one file takes from another."""

import csv
from collections.abc import Callable, Collection, Hashable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import ValidationError

from services.identity.seed.lignes import Ligne, LigneAgent, LigneCollectivite, LigneCompte, LigneMandat, LigneService, LigneStructure
from services.kit.french import NBSP

LigneT = TypeVar("LigneT", bound=Ligne)

MESSAGES = {
    "missing": "cette colonne manque",
    "extra_forbidden": "cette colonne n’est pas attendue",
    "string_too_short": "cette cellule est vide ou trop courte",
    "too_short": "donnez au moins une valeur",
    "enum": "valeur inconnue, choisissez parmi {expected}",
    "int_parsing": "écrivez un nombre entier",
    "greater_than_equal": "la valeur doit être au moins {ge}",
    "less_than_equal": "la valeur doit être au plus {le}",
    "date_from_datetime_parsing": "écrivez la date sous la forme AAAA-MM-JJ",
    "date_parsing": "écrivez la date sous la forme AAAA-MM-JJ",
    "value_error": "{error}",
}


class DonneesRefuseesError(Exception):
    """What is wrong in the files, one French sentence each."""

    def __init__(self, anomalies: Sequence[str]) -> None:
        super().__init__("\n".join(anomalies))
        self.anomalies = anomalies


@dataclass(frozen=True)
class Fichier(Generic[LigneT]):
    """The lines of a file by their number in it (the header is line 1)."""

    nom: str
    lignes: dict[int, LigneT]

    def __iter__(self) -> Iterator[LigneT]:
        return iter(self.lignes.values())

    def __len__(self) -> int:
        return len(self.lignes)


@dataclass(frozen=True)
class Donnees:
    structures: Fichier[LigneStructure]
    collectivites: Fichier[LigneCollectivite]
    services: Fichier[LigneService]
    agents: Fichier[LigneAgent]
    comptes: Fichier[LigneCompte]
    mandats: Fichier[LigneMandat]


def lire(dossier: Path) -> Donnees:
    """All six files, sound and in agreement. DonneesRefuseesError tells every anomaly at once."""
    anomalies: list[str] = []
    donnees = Donnees(
        structures=_lire(dossier / "structures.csv", LigneStructure, anomalies),
        collectivites=_lire(dossier / "collectivites.csv", LigneCollectivite, anomalies),
        services=_lire(dossier / "services.csv", LigneService, anomalies),
        agents=_lire(dossier / "agents.csv", LigneAgent, anomalies),
        comptes=_lire(dossier / "comptes.csv", LigneCompte, anomalies),
        mandats=_lire(dossier / "mandats.csv", LigneMandat, anomalies),
    )
    # Names are compared only once the lines are sound: a bad SIRET would otherwise be told a hundred times.
    if not anomalies:
        anomalies.extend(_desaccords(donnees))
    if anomalies:
        raise DonneesRefuseesError(anomalies)
    return donnees


def _lire(chemin: Path, modele: type[LigneT], anomalies: list[str]) -> Fichier[LigneT]:
    lignes: dict[int, LigneT] = {}
    try:
        with chemin.open(encoding="utf-8-sig", newline="") as flux:
            lecteur = csv.DictReader(flux, delimiter=";", restkey="colonnes en trop", restval=None)
            for brute in lecteur:
                cellules = {nom: _nettoyee(cellule) for nom, cellule in brute.items() if cellule is not None}
                try:
                    lignes[lecteur.line_num] = modele.model_validate(cellules)
                except ValidationError as erreur:
                    anomalies.extend(_en_francais(chemin.name, lecteur.line_num, erreur))
    except FileNotFoundError:
        anomalies.append(f"{chemin.name}{NBSP}: ce fichier manque dans {chemin.parent}.")
    except UnicodeDecodeError:
        anomalies.append(f"{chemin.name}{NBSP}: ce fichier n’est pas enregistré en UTF-8.")
    return Fichier(chemin.name, lignes)


def _nettoyee(cellule: object) -> object:
    return cellule.strip() if isinstance(cellule, str) else cellule


def _en_francais(fichier: str, numero: int, erreur: ValidationError) -> Iterator[str]:
    for detail in erreur.errors():
        colonne = f", colonne {detail['loc'][0]}" if detail["loc"] else ""
        message = MESSAGES.get(detail["type"], "cette valeur n’est pas acceptée").format_map(detail.get("ctx", {}))
        yield f"{fichier}, ligne {numero}{colonne}{NBSP}: {message}."


def _desaccords(donnees: Donnees) -> Iterator[str]:
    """Names given twice, and names that nothing bears."""
    yield from _doublons(donnees.structures, "ce code", lambda ligne: ligne.code)
    yield from _doublons(donnees.collectivites, "ce SIRET", lambda ligne: ligne.siret)
    yield from _doublons(donnees.services, "ce code de service", lambda ligne: (ligne.siret, ligne.code))
    yield from _doublons(donnees.agents, "ce matricule", lambda ligne: (ligne.siret, ligne.matricule))
    yield from _doublons(donnees.agents, "cette personne", lambda ligne: (ligne.siret, ligne.nom, ligne.prenom, ligne.date_naissance))
    yield from _doublons(donnees.comptes, "cet identifiant", lambda ligne: ligne.identifiant)

    structures = {ligne.code for ligne in donnees.structures}
    sirets = {ligne.siret for ligne in donnees.collectivites}
    services = {(ligne.siret, ligne.code) for ligne in donnees.services}
    agents = {(ligne.siret, ligne.matricule) for ligne in donnees.agents}
    yield from _inconnus(donnees.collectivites, "delegation", structures, lambda ligne: ligne.delegation)
    yield from _inconnus(donnees.services, "siret", sirets, lambda ligne: ligne.siret)
    yield from _inconnus(donnees.services, "parent", services, lambda ligne: ligne.parent and (ligne.siret, ligne.parent))
    yield from _inconnus(donnees.services, "responsable", agents, lambda ligne: ligne.responsable and (ligne.siret, ligne.responsable))
    yield from _inconnus(donnees.services, "suppleant", agents, lambda ligne: ligne.suppleant and (ligne.siret, ligne.suppleant))
    yield from _inconnus(donnees.agents, "siret", sirets, lambda ligne: ligne.siret)
    yield from _inconnus(donnees.agents, "service", services, lambda ligne: ligne.service and (ligne.siret, ligne.service))
    yield from _inconnus(donnees.agents, "superieur", agents, lambda ligne: ligne.superieur and (ligne.siret, ligne.superieur))
    yield from _inconnus(donnees.comptes, "collectivite", sirets, lambda ligne: ligne.collectivite)
    yield from _inconnus(donnees.comptes, "structure", structures, lambda ligne: ligne.structure)
    yield from _inconnus(donnees.mandats, "mandant", sirets, lambda ligne: ligne.mandant)
    yield from _inconnus(donnees.mandats, "mandataire", sirets, lambda ligne: ligne.mandataire)
    yield from _inconnus(donnees.comptes, "matricule", agents, lambda ligne: ligne.matricule and (ligne.collectivite, ligne.matricule))


def _doublons(fichier: Fichier[LigneT], quoi: str, cle: Callable[[LigneT], Hashable]) -> Iterator[str]:
    premieres: dict[Hashable, int] = {}
    for numero, ligne in fichier.lignes.items():
        premiere = premieres.setdefault(cle(ligne), numero)
        if premiere != numero:
            yield f"{fichier.nom}, ligne {numero}{NBSP}: {quoi} est déjà à la ligne {premiere}."


def _inconnus(fichier: Fichier[LigneT], colonne: str, connus: Collection[Hashable], cle: Callable[[LigneT], Hashable]) -> Iterator[str]:
    for numero, ligne in fichier.lignes.items():
        cherche = cle(ligne)
        if cherche and cherche not in connus:
            valeur = cherche[-1] if isinstance(cherche, tuple) else cherche
            yield f"{fichier.nom}, ligne {numero}, colonne {colonne}{NBSP}: {valeur} n’existe pas."
