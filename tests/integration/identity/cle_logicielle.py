"""A passkey in software: what a browser would answer, so that its counter and its signature can be falsified."""

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import bytes_to_base64url

ORIGINE = "http://localhost"
PRESENT, VERIFIE, ATTESTE = 0x01, 0x04, 0x40


@dataclass
class CleLogicielle:
    compteur: int = 0
    verifie: bool = True
    reference: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    _privee: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def creer(self, options: dict[str, Any]) -> dict[str, Any]:
        point = self._privee.public_key().public_numbers()
        publique = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")})
        atteste = bytes(16) + len(self.reference).to_bytes(2, "big") + self.reference + publique
        objet = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": self._donnees(ATTESTE) + atteste})
        return self._reponse(attestationObject=objet, clientDataJSON=_client("webauthn.create", options))

    def signer(self, options: dict[str, Any]) -> dict[str, Any]:
        donnees, client = self._donnees(), _client("webauthn.get", options)
        signature = self._privee.sign(donnees + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._reponse(authenticatorData=donnees, signature=signature, clientDataJSON=client)

    def _donnees(self, atteste: int = 0) -> bytes:
        drapeaux = PRESENT | atteste | (VERIFIE if self.verifie else 0)
        return hashlib.sha256(b"localhost").digest() + bytes([drapeaux]) + self.compteur.to_bytes(4, "big")

    def _reponse(self, **dites: bytes) -> dict[str, Any]:
        identifiant = bytes_to_base64url(self.reference)
        reponse = {nom: bytes_to_base64url(octets) for nom, octets in dites.items()}
        return {"id": identifiant, "rawId": identifiant, "type": "public-key", "response": reponse, "clientExtensionResults": {}}


def _client(sorte: str, options: dict[str, Any]) -> bytes:
    return json.dumps({"type": sorte, "challenge": options["challenge"], "origin": ORIGINE, "crossOrigin": False}).encode()
