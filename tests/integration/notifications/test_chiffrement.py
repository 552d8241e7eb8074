"""How the mail server is reached: in clear, ciphered, with a password. What is asked for is what is done."""

from pathlib import Path

import pytest

from deploy.local.certificates import Certificates
from services.notifications.envoi import envoyer_le_suivant
from tests.integration.notifications.conftest import Boite, contexte, deposer, qui_verifie, tls_du_serveur
from tests.integration.notifications.test_envoi import gestionnaire, lus
from tests.servers import PostgresServer


@pytest.fixture
def certificats(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Certificates:
    """Those of a server that this process trusts."""
    certificats = Certificates(tmp_path)
    certificats.ensure()
    monkeypatch.setenv("SSL_CERT_FILE", str(certificats.authority))
    return certificats


@pytest.mark.parametrize("protocole", ["smtp", "starttls", "smtps"])
async def test_a_server_that_ciphers_is_spoken_to_so(
    postgres: PostgresServer, boite: Boite, certificats: Certificates, protocole: str
) -> None:
    tls = tls_du_serveur(str(certificats.certificate), str(certificats.key))
    boite.fermer()
    boite.ouvrir(**({"ssl_context": tls} if protocole == "smtps" else {"tls_context": tls}))
    async with contexte(postgres.database_for("notifications"), f"{protocole}://localhost:{boite.port}") as context:
        await deposer(context)
        await envoyer_le_suivant(context)
    assert len(boite.recus) == 1
    assert boite.chiffres == [True]


@pytest.mark.parametrize("protocole", ["starttls", "smtps"])
async def test_nothing_leaves_in_clear_when_ciphering_is_asked_for(postgres: PostgresServer, boite: Boite, protocole: str) -> None:
    async with contexte(postgres.database_for("notifications"), f"{protocole}://127.0.0.1:{boite.port}") as context:
        await deposer(context)
        await envoyer_le_suivant(context)
        assert (await lus(context, gestionnaire()))[0].etat == "reessaye"
    assert boite.recus == []


@pytest.mark.parametrize(("mot_de_passe", "etat"), [("sesame", "envoye"), ("faux", "reessaye")])
async def test_a_wrong_password_gives_nothing_up(
    postgres: PostgresServer, boite: Boite, certificats: Certificates, mot_de_passe: str, etat: str
) -> None:
    tls = tls_du_serveur(str(certificats.certificate), str(certificats.key))
    boite.fermer()
    boite.ouvrir(authenticator=qui_verifie, auth_required=True, tls_context=tls)
    async with contexte(postgres.database_for("notifications"), f"starttls://iel:{mot_de_passe}@localhost:{boite.port}") as context:
        await deposer(context)
        await envoyer_le_suivant(context)
        assert (await lus(context, gestionnaire()))[0].etat == etat
