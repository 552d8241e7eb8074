"""The names people log in with: the form a collectivité chooses for its own, each given once."""

import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

PREFIXE = re.compile(r"[a-z0-9]([a-z0-9.-]{0,8}[a-z0-9-])?")


class FormeIdentifiants(StrEnum):
    PRENOM_NOM = "prenom_nom"
    MATRICULE = "matricule"
    """With the prefix of the collectivité: two of them number their people alike."""
    EMAIL = "email"


FORMES = {
    FormeIdentifiants.PRENOM_NOM: "prénom et nom",
    FormeIdentifiants.MATRICULE: "préfixe et matricule",
    FormeIdentifiants.EMAIL: "adresse électronique",
}


@dataclass(frozen=True)
class Regle:
    forme: FormeIdentifiants = FormeIdentifiants.PRENOM_NOM
    prefixe: str = ""


@dataclass(frozen=True)
class Titulaire:
    """Someone who has an identifiant, or is about to (`actuel` empty)."""

    compte_id: UUID
    actuel: str
    prenom: str
    nom: str
    email: str
    matricule: str | None = None


def attribuer(regle: Regle, titulaires: Iterable[Titulaire], pris: Mapping[str, UUID]) -> dict[UUID, str]:
    """The new identifiant of each whose own is not of this form. `pris`: whose each name is, or was until lately.

    A name given up by one is not given to another at once: it still opens the account of the first.
    """
    a_qui = dict(pris)
    nouveaux = {}
    for titulaire in titulaires:
        if deja_conforme(regle, titulaire):
            continue
        nouveau = next(essai for essai in _essais(regle, titulaire) if a_qui.get(essai, titulaire.compte_id) == titulaire.compte_id)
        a_qui[nouveau] = titulaire.compte_id
        if nouveau != titulaire.actuel:
            nouveaux[titulaire.compte_id] = nouveau
    return nouveaux


def deja_conforme(regle: Regle, titulaire: Titulaire) -> bool:
    """Whether he keeps his identifiant: it is of the form already, numbered or not."""
    voulu = racine(regle, titulaire)
    return bool(re.fullmatch(rf"{re.escape(voulu)}({re.escape(_liaison(voulu))}[0-9]+)?", titulaire.actuel))


def racine(regle: Regle, titulaire: Titulaire) -> str:
    """What he would be called if he were alone."""
    if regle.forme is FormeIdentifiants.EMAIL:
        return titulaire.email.casefold()
    if regle.forme is FormeIdentifiants.MATRICULE and titulaire.matricule and _propre(titulaire.matricule):
        return f"{regle.prefixe}{_propre(titulaire.matricule)}"
    return prenom_nom(titulaire)


def prenom_nom(titulaire: Titulaire) -> str:
    return f"{_propre(titulaire.prenom)}.{_propre(titulaire.nom)}"


def _essais(regle: Regle, titulaire: Titulaire) -> Iterator[str]:
    voulu = racine(regle, titulaire)
    yield voulu
    # An address with a number would be somebody else's.
    suite = prenom_nom(titulaire) if regle.forme is FormeIdentifiants.EMAIL else voulu
    if suite != voulu:
        yield suite
    for rang in itertools.count(2):
        yield f"{suite}{_liaison(suite)}{rang}"


def _liaison(debut: str) -> str:
    """A number after a number would read as another one."""
    return "-" if debut[-1:].isdigit() else ""


def _propre(texte: str) -> str:
    """As anybody can type it: no accent, no capital, no space nor apostrophe."""
    decompose = unicodedata.normalize("NFKD", texte.replace("œ", "oe").replace("Œ", "oe").replace("æ", "ae")).casefold()
    return re.sub(r"[^a-z0-9-]", "", decompose)
