"""A certificate authority of one's own, for HTTPS on this machine; `ca.pem` may be added to a browser."""

import ipaddress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from deploy.local.files import writable_folder, write_private

LIVE = timedelta(days=825)
"""The longest that browsers accept of a certificate."""
RENEW_BEFORE = timedelta(days=30)


@dataclass(frozen=True)
class Certificates:
    """Files of one folder: `certificate` and `key` are the gateway's, `authority` signed them."""

    folder: Path

    @property
    def authority(self) -> Path:
        return self.folder / "ca.pem"

    @property
    def certificate(self) -> Path:
        return self.folder / "gateway.pem"

    @property
    def key(self) -> Path:
        return self.folder / "gateway-key.pem"

    def ensure(self) -> None:
        """Make them at the first start, and again when they are about to end."""
        writable_folder(self.folder)
        if not self._valid():
            self._make()

    def _valid(self) -> bool:
        if not (self.certificate.exists() and self.key.exists()):
            return False
        end = x509.load_pem_x509_certificate(self.certificate.read_bytes()).not_valid_after_utc
        return end - datetime.now(UTC) > RENEW_BEFORE

    def _make(self) -> None:
        # The authority's key is thrown away: nobody can sign another certificate that this browser would believe.
        ca_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
        ca_name = _name("Autorité locale d’Inscription en ligne")
        ca = (
            _builder(ca_name, ca_name, ca_key.public_key())
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .sign(ca_key, hashes.SHA256())
        )
        names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
        leaf = (
            _builder(_name("localhost"), ca_name, key.public_key())
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .sign(ca_key, hashes.SHA256())
        )
        self.authority.write_bytes(_pem(ca))
        write_private(self.key, _private_pem(key))
        self.certificate.write_bytes(_pem(leaf) + _pem(ca))


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _builder(subject: x509.Name, issuer: x509.Name, public_key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + LIVE)
    )


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _private_pem(key: ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()).decode()
