"""The keys that sign access tokens, as the process uses them: it takes up a changed file by itself. `cles` changes the file."""

from datetime import datetime, timedelta
from pathlib import Path

from joserfc import jwt
from joserfc.jwk import KeySetSerialization

from services.contracts.acteur import Acteur
from services.identity.domain.cles import signataire
from services.identity.fichier_de_cles import ALGORITHM, Paire, creer, lire
from services.kit.auth import AUDIENCE, ISSUER
from services.kit.logs import get_logger

log = get_logger(__name__)


class Trousseau:
    """Signs with the key whose turn it is, publishes the public half of all."""

    def __init__(self, fichier: Path, duree_acces: timedelta) -> None:
        self._fichier = fichier
        self._etat = _etat(fichier)
        self._cles = lire(fichier)
        self.duree_acces = duree_acces

    @classmethod
    def ouvrir(cls, fichier: Path, duree_acces: timedelta) -> "Trousseau":
        """Read the keys, made on the spot if the file is not there yet. ValueError when it holds no usable key."""
        if not fichier.exists():
            creer(fichier)
        return cls(fichier, duree_acces)

    def signer(self, acteur: Acteur, maintenant: datetime) -> str:
        cle = signataire(self._a_jour(), maintenant)
        emis = int(maintenant.timestamp())
        claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": str(acteur.compte_id),
            "iat": emis,
            "exp": emis + int(self.duree_acces.total_seconds()),
            "acteur": acteur.model_dump(mode="json"),
        }
        return jwt.encode({"alg": ALGORITHM, "kid": cle.kid}, claims, cle.paire, algorithms=[ALGORITHM])

    def jwks(self) -> KeySetSerialization:
        """What everybody may know of the keys."""
        return {"keys": [cle.paire.as_dict(private=False, alg=ALGORITHM, use="sig") for cle in self._a_jour()]}

    def _a_jour(self) -> tuple[Paire, ...]:
        """The keys of the file as it is now: one look at its date costs a microsecond. A file that cannot be read changes nothing."""
        try:
            etat = _etat(self._fichier)
            if etat != self._etat:
                # Noted first: a file that is wrong is told once, and read again when it changes.
                self._etat = etat
                self._cles = lire(self._fichier)
                log.info("trousseau.relu", cles=[cle.kid for cle in self._cles])
        except (OSError, ValueError) as erreur:
            log.warning("trousseau.illisible", error=repr(erreur))
        return self._cles


def _etat(fichier: Path) -> tuple[int, int]:
    """What changes whenever the file is replaced."""
    lu = fichier.stat()
    return lu.st_ino, lu.st_mtime_ns
