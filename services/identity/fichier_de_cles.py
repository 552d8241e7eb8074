"""The file of the signing keys: a JSON Web Key Set for its owner alone, replaced whole, each key with the instant it begins to sign."""

import fcntl
import json
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from services.identity.domain.cles import Cle

ALGORITHM = "ES256"
SIGNE_DES = "signe_des"
"""Seconds since 1970; a key that says nothing has always signed."""


@dataclass(frozen=True)
class Paire(Cle):
    """A key with its secret half."""

    paire: ECKey

    @classmethod
    def nouvelle(cls, signe_des: datetime) -> "Paire":
        paire = ECKey.generate_key("P-256", auto_kid=True)
        return cls(kid=str(paire.kid), signe_des=signe_des, paire=paire)

    @classmethod
    def lue(cls, jwk: dict[str, Any]) -> "Paire":
        signe_des = datetime.fromtimestamp(jwk.get(SIGNE_DES, 0), UTC)
        paire = ECKey.import_key({nom: valeur for nom, valeur in jwk.items() if nom != SIGNE_DES})
        paire.ensure_kid()
        return cls(kid=str(paire.kid), signe_des=signe_des, paire=paire)

    def ecrite(self) -> dict[str, Any]:
        return {**self.paire.as_dict(private=True, alg=ALGORITHM, use="sig"), SIGNE_DES: int(self.signe_des.timestamp())}


def lire(fichier: Path) -> tuple[Paire, ...]:
    """The keys, in the order of the file. ValueError when it holds none that can sign."""
    try:
        cles = tuple(Paire.lue(jwk) for jwk in json.loads(fichier.read_text(encoding="utf-8"))["keys"])
    except (JoseError, ValueError, LookupError, TypeError, AttributeError) as erreur:
        raise ValueError(f"{fichier} ne contient aucune clé de signature utilisable.") from erreur
    if not cles or not all(cle.paire.is_private for cle in cles):
        raise ValueError(f"{fichier} ne contient aucune clé de signature utilisable.")
    return cles


def creer(fichier: Path) -> None:
    """Make the file with a first key. When several processes start at once, the first one's stays."""
    fichier.parent.mkdir(parents=True, exist_ok=True)
    with _brouillon(fichier, [Paire.nouvelle(datetime.fromtimestamp(0, UTC))]) as brouillon:
        # The link appears complete or not at all, and never replaces another's.
        try:
            os.link(brouillon.name, fichier)
        except FileExistsError:
            return


def remplacer(fichier: Path, changer: Callable[[Sequence[Paire]], Sequence[Paire]]) -> None:
    """Put other keys in the file, at once for whoever reads it; one change at a time, so that none is lost."""
    with _a_son_tour(fichier.parent), _brouillon(fichier, changer(lire(fichier))) as brouillon:
        # A second name, for the first goes with the draft.
        relais = Path(f"{brouillon.name}.relais")
        os.link(brouillon.name, relais)
        relais.replace(fichier)


@contextmanager
def _brouillon(fichier: Path, cles: Sequence[Paire]) -> Iterator[IO[str]]:
    """A file beside the other, already on the disk; made with mode 0600 by tempfile."""
    with tempfile.NamedTemporaryFile("w", dir=fichier.parent, prefix=fichier.name, encoding="utf-8") as brouillon:
        json.dump({"keys": [cle.ecrite() for cle in cles]}, brouillon)
        brouillon.flush()
        os.fsync(brouillon.fileno())
        yield brouillon


@contextmanager
def _a_son_tour(dossier: Path) -> Iterator[None]:
    verrou = os.open(dossier, os.O_RDONLY)
    try:
        fcntl.flock(verrou, fcntl.LOCK_EX)
        yield
    finally:
        os.close(verrou)
