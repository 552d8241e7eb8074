"""The keys that sign access tokens: a JSON Web Key Set in a file that only this service reads.

To rotate: add a new key last and start the service again, so that all may fetch it; then put it first and start again; then
remove the old one once the tokens it signed have expired (ten minutes).
"""

import json
import os
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet, KeySetSerialization

from services.contracts.acteur import Acteur
from services.kit.auth import AUDIENCE, ISSUER

ALGORITHM = "ES256"


class Trousseau:
    """Signs with its first key, publishes the public half of all."""

    def __init__(self, keys: KeySet, duree_acces: timedelta) -> None:
        self._keys = keys
        self.duree_acces = duree_acces

    @classmethod
    def ouvrir(cls, fichier: Path, duree_acces: timedelta) -> "Trousseau":
        """Read the keys, made on the spot if the file is not there yet. ValueError when it holds no usable key."""
        if not fichier.exists():
            _creer(fichier)
        try:
            keys = KeySet.import_key_set(json.loads(fichier.read_text(encoding="utf-8")))
        except (JoseError, ValueError, LookupError) as erreur:
            raise ValueError(f"{fichier} ne contient aucune clé de signature utilisable.") from erreur
        return cls(keys, duree_acces)

    def signer(self, acteur: Acteur, maintenant: datetime) -> str:
        cle = self._keys.keys[0]
        emis = int(maintenant.timestamp())
        claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": str(acteur.compte_id),
            "iat": emis,
            "exp": emis + int(self.duree_acces.total_seconds()),
            "acteur": acteur.model_dump(mode="json"),
        }
        return jwt.encode({"alg": ALGORITHM, "kid": cle.kid}, claims, cle, algorithms=[ALGORITHM])

    def jwks(self) -> KeySetSerialization:
        """What everybody may know of the keys."""
        return {"keys": [cle.as_dict(private=False, alg=ALGORITHM, use="sig") for cle in self._keys.keys]}


def _creer(fichier: Path) -> None:
    """Write a new key set, readable by its owner alone. When several processes start at once, the first one's stays."""
    cle = ECKey.generate_key("P-256", auto_kid=True)
    fichier.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=fichier.parent, prefix=fichier.name, encoding="utf-8") as brouillon:
        # Made with mode 0600 by tempfile; the link appears complete or not at all, and never replaces another's.
        json.dump({"keys": [cle.as_dict(private=True, alg=ALGORITHM, use="sig")]}, brouillon)
        brouillon.flush()
        os.fsync(brouillon.fileno())
        try:
            os.link(brouillon.name, fichier)
        except FileExistsError:
            return
