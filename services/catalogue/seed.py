"""Demonstration data: `python -m services.catalogue.seed deploy/demo` loads structures, stages and sessions, once.

The columns are described in the folder's README. Dates are relative to the Monday of the current week. Either all rows are
sound and all are loaded, or every anomaly is told with its file, line and column, and nothing is.
"""

import asyncio
import csv
import os
import re
import sys
from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from services.catalogue import domain, service
from services.contracts import ids
from services.kit.clock import PARIS
from services.kit.database import Database
from services.kit.french import NBSP, nombre

REGROUPEMENT = re.compile(r"(\d+)-(\d+)@(\d{2}:\d{2})-(\d{2}:\d{2})")
EN_TROP = "en trop"

T = TypeVar("T")
Choix = TypeVar("Choix", bound=StrEnum)


class AnomalieError(Exception):
    """A French sentence about one line, or one cell of it."""


@dataclass(frozen=True)
class Ligne:
    """One row of a file, read cell by cell; raises `AnomalieError` on the first that cannot be read."""

    cellules: Mapping[str, str]

    def texte(self, colonne: str) -> str:
        if not (texte := self.cellules[colonne].strip()):
            raise AnomalieError(f"colonne {colonne}{NBSP}: la cellule est vide.")
        return texte

    def liste(self, colonne: str) -> tuple[str, ...]:
        return tuple(element for cellule in self.cellules[colonne].split(",") if (element := cellule.strip()))

    def lire(self, colonne: str, convertir: Callable[[str], T], attendu: str) -> T:
        texte = self.texte(colonne)
        try:
            return convertir(texte)
        except (ValueError, KeyError) as error:
            raise AnomalieError(f"colonne {colonne}{NBSP}: «{NBSP}{texte}{NBSP}» n’est pas {attendu}.") from error

    def entier(self, colonne: str) -> int:
        return self.lire(colonne, int, "un nombre entier")

    def decimal(self, colonne: str) -> float:
        return self.lire(colonne, float, "un nombre")

    def oui(self, colonne: str) -> bool:
        return self.lire(
            colonne,
            {"oui": True, "non": False}.__getitem__,
            "«\N{NO-BREAK SPACE}oui\N{NO-BREAK SPACE}» ou «\N{NO-BREAK SPACE}non\N{NO-BREAK SPACE}»",
        )

    def choix(self, colonne: str, valeurs: type[Choix]) -> Choix:
        return self.lire(colonne, valeurs, "l’une des valeurs " + ", ".join(valeurs))


@dataclass
class Donnees:
    """The content of a folder, and what is wrong with it."""

    dossier: Path
    jour_zero: date
    anomalies: list[str] = field(default_factory=list)
    structures: dict[str, domain.Structure] = field(default_factory=dict)
    stages: dict[str, domain.Stage] = field(default_factory=dict)
    sessions: dict[str, domain.Session] = field(default_factory=dict)

    def lire(self) -> None:
        self._lire("structures.csv", self._structure, self.structures, cle=lambda structure: structure.code)
        self._lire("stages.csv", self._stage, self.stages, cle=lambda stage: stage.code)
        self._lire("sessions.csv", self._session, self.sessions, cle=lambda session: session.code)

    def _lire(self, nom: str, construire: Callable[[Ligne], T], connus: dict[str, T], *, cle: Callable[[T], str]) -> None:
        for numero, ligne in self._lignes(nom):
            try:
                objet = construire(ligne)
                connus[_nouvelle(cle(objet), connus)] = objet
            except AnomalieError as anomalie:
                self.anomalies.append(f"{nom}, ligne {numero}, {anomalie}")
            except KeyError as colonne:
                self.anomalies.append(f"{nom}{NBSP}: la colonne {colonne.args[0]} manque.")
                return

    def _lignes(self, nom: str) -> Iterator[tuple[int, Ligne]]:
        chemin = self.dossier / nom
        if not chemin.is_file():
            self.anomalies.append(f"Le fichier {chemin} n’existe pas.")
            return
        with chemin.open(encoding="utf-8-sig", newline="") as fichier:
            lecteur = csv.DictReader(fichier, delimiter=";", restval="", restkey=EN_TROP)
            for cellules in lecteur:
                if EN_TROP in cellules:
                    self.anomalies.append(f"{nom}, ligne {lecteur.line_num}, la ligne a plus de cellules que l’en-tête.")
                else:
                    yield lecteur.line_num, Ligne(cellules)

    @staticmethod
    def _structure(ligne: Ligne) -> domain.Structure:
        return domain.Structure(code=ligne.texte("code"), nom=ligne.texte("nom"))

    @staticmethod
    def _stage(ligne: Ligne) -> domain.Stage:
        stage = domain.Stage(
            code=ligne.texte("code"),
            intitule=ligne.texte("intitule"),
            domaine=ligne.texte("domaine"),
            nature=ligne.choix("nature", domain.Nature),
            organisation=ligne.choix("organisation", domain.Organisation),
            objectifs=ligne.texte("objectifs"),
            public=ligne.texte("public"),
            duree_jours=ligne.decimal("duree_jours"),
            duree_heures=ligne.decimal("duree_heures"),
        )
        return _saine(stage, domain.anomalies_du_stage(stage))

    def _session(self, ligne: Ligne) -> domain.Session:
        stage = ligne.lire("stage", self.stages.__getitem__, "le code d’un stage de stages.csv")
        regroupements = ligne.lire("regroupements", self._regroupements, "une suite de regroupements comme 57-58@09:00-17:00")
        premier_jour = min(regroupement.debut for regroupement in regroupements)
        numero = ligne.texte("numero")
        session = domain.Session(
            id=ids.session_id(f"{stage.code} {numero}"),
            stage=stage,
            numero=numero,
            structure=ligne.lire("structure", self.structures.__getitem__, "le code d’une structure de structures.csv"),
            lieu=ligne.texte("lieu"),
            adresse=ligne.texte("adresse"),
            regroupements=regroupements,
            date_limite=domain.fin_de_journee(premier_jour - timedelta(days=ligne.entier("limite_avant"))),
            effectif_attendu=ligne.entier("effectif_attendu"),
            effectif_minimum=ligne.entier("effectif_minimum"),
            conseiller=ligne.texte("conseiller"),
            conseiller_email=ligne.texte("conseiller_email"),
            aire=domain.Aire(
                nationale=ligne.oui("aire_nationale"),
                departements=ligne.liste("aire_departements"),
                collectivites=tuple(ids.collectivite_id(siret) for siret in ligne.liste("aire_collectivites")),
            ),
        )
        return _saine(session, domain.anomalies_de_la_session(session))

    def _regroupements(self, texte: str) -> tuple[domain.Regroupement, ...]:
        return tuple(self._regroupement(partie) for partie in texte.split("|"))

    def _regroupement(self, texte: str) -> domain.Regroupement:
        lu = REGROUPEMENT.fullmatch(texte.strip())
        if lu is None:
            raise ValueError(texte)
        debut, fin, heure_debut, heure_fin = lu.groups()
        return domain.Regroupement(
            debut=self.jour_zero + timedelta(days=int(debut)),
            fin=self.jour_zero + timedelta(days=int(fin)),
            heure_debut=time.fromisoformat(heure_debut),
            heure_fin=time.fromisoformat(heure_fin),
        )


def _saine(objet: T, anomalies: list[str]) -> T:
    if anomalies:
        raise AnomalieError(" ".join(anomalies))
    return objet


def _nouvelle(cle: str, connues: Container[str]) -> str:
    if cle in connues:
        raise AnomalieError(f"le code {cle} figure déjà plus haut.")
    return cle


def lundi_de(jour: date) -> date:
    """The Monday of its week: day 0 of the files."""
    return jour - timedelta(days=jour.weekday())


async def charger(dossier: Path, database_url: str) -> str:
    """Load the folder; the sentence that says what was done. Raises `AnomalieError` with every anomaly, one a line."""
    donnees = Donnees(dossier, lundi_de(datetime.now(PARIS).date()))
    donnees.lire()
    if donnees.anomalies:
        raise AnomalieError("\n".join(donnees.anomalies))
    database = Database(database_url)
    try:
        async with database.transaction() as session:
            fait = await service.charger(
                session, list(donnees.structures.values()), list(donnees.stages.values()), list(donnees.sessions.values())
            )
    finally:
        await database.dispose()
    if not fait:
        return "Catalogue de démonstration déjà chargé."
    return f"Catalogue de démonstration chargé{NBSP}: {nombre(len(donnees.stages))} stages, {nombre(len(donnees.sessions))} sessions."


def main() -> None:
    if len(sys.argv) != 2 or "IEL_DATABASE_URL" not in os.environ:  # noqa: PLR2004 -- the command and its folder
        sys.exit(f"Usage{NBSP}: IEL_DATABASE_URL=… python -m services.catalogue.seed DOSSIER")
    try:
        sys.stdout.write(asyncio.run(charger(Path(sys.argv[1]), os.environ["IEL_DATABASE_URL"])) + "\n")
    except AnomalieError as anomalies:
        sys.exit(f"Rien n’a été chargé. À corriger{NBSP}:\n{anomalies}")


if __name__ == "__main__":
    main()
