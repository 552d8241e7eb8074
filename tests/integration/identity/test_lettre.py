"""The letter of the code: asked of documents over the real bus, with identity's own allow-list; refused once it would mislead."""

import base64
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import text

from services.contracts.documents import ComposerLettre, DocumentLu
from services.kit.bus import Bus
from services.kit.clock import now
from services.kit.context import Context
from services.kit.database import Database
from tests.integration.identity.conftest import GWENAELLE, SOLENE, Lecteur
from tests.integration.identity.test_ouvertures import Ouvreur
from tests.servers import NatsServer
from tests.voisins import reglages, voisin

RECUES: list[ComposerLettre] = []
POSTALE = {"adresse": "1, place de l’Église", "code_postal": "35950", "ville": "Lanvaux"}


async def composer(_: Context, demande: ComposerLettre) -> DocumentLu:
    RECUES.append(demande)
    return DocumentLu(nom_fichier="lettre.pdf", type_mime="application/pdf", contenu_base64=base64.b64encode(b"%PDF-1.4").decode())


@pytest.fixture
async def bus(nats_server: NatsServer, client: httpx.AsyncClient) -> AsyncIterator[Bus]:
    """Identity's connection to NATS, for the time of a test."""
    contexte: Context = client._transport.app.state.context  # type: ignore[attr-defined]
    avant, contexte.bus = contexte.bus, Bus(reglages(nats_server, "identity"))
    await contexte.bus.connect()
    yield contexte.bus
    await contexte.bus.close()
    contexte.bus = avant


@pytest.fixture
async def ouvreur(client: httpx.AsyncClient, database: Database) -> Ouvreur:
    ouvreur = Ouvreur(client, database, await Lecteur.nomme(client, GWENAELLE))
    assert (await ouvreur.remettre(**POSTALE)).status_code == 201
    return ouvreur


async def demander(ouvreur: Ouvreur, qui: Lecteur | None = None) -> httpx.Response:
    return await (qui or ouvreur.conseillere).get(f"/ouvertures/{ouvreur.ouverture['id']}/lettre")


async def test_the_letter_carries_the_code_and_never_the_password(ouvreur: Ouvreur, bus: Bus, nats_server: NatsServer) -> None:
    async with voisin(nats_server, "documents", {ComposerLettre: composer}):
        reponse = await demander(ouvreur)
    assert (reponse.status_code, reponse.headers["content-type"], reponse.content) == (200, "application/pdf", b"%PDF-1.4")
    assert reponse.headers["cache-control"] == "no-store"
    (demande,) = [recue for recue in RECUES if recue.siret == ouvreur.siret]
    assert (demande.code, demande.delegation_ville) == (ouvreur.ouverture["code"], "Rennes")
    assert demande.adresse == ("1, place de l’Église", "35950 Lanvaux")
    assert await ouvreur.mot_de_passe() not in demande.model_dump_json()


async def test_documents_silent_is_told(ouvreur: Ouvreur, bus: Bus) -> None:
    reponse = await demander(ouvreur)
    assert (reponse.status_code, reponse.json()["type"].rpartition(":")[2]) == (503, "indisponible")
    assert "retry-after" in reponse.headers


async def test_no_letter_for_codes_that_open_nothing(ouvreur: Ouvreur) -> None:
    async with ouvreur.database.transaction() as session:
        hier = {"hier": now() - timedelta(days=1), "id": ouvreur.ouverture["id"]}
        await session.execute(text("update ouvertures set codes_expirent_le = :hier where id = :id"), hier)
    expires = await demander(ouvreur)
    assert (expires.status_code, expires.json()["title"]) == (409, "Ces codes ont expiré.")
    assert (await ouvreur.conseillere.post(f"/ouvertures/{ouvreur.ouverture['id']}/mot-de-passe", {})).is_success
    await ouvreur.entrer()
    await ouvreur.deposer()
    utilises = await demander(ouvreur)
    assert (utilises.status_code, utilises.json()["title"]) == (409, "Ces codes ont déjà servi.")


async def test_it_is_for_the_delegation_of_the_collectivite(ouvreur: Ouvreur, client: httpx.AsyncClient) -> None:
    assert (await demander(ouvreur, await Lecteur.nomme(client, "camille.rochette"))).status_code == 404
    assert (await demander(ouvreur, await Lecteur.nomme(client, SOLENE))).status_code == 403
