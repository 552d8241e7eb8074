"""The service whole: asked over NATS, it reads the dossier and the paper from those who own them, sends, and says so over HTTP."""

import asyncio
import base64
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from icalendar import Calendar
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from services.contracts.acteur import Role
from services.contracts.base import Fait
from services.contracts.documents import DocumentLu, LireDocument
from services.contracts.inscriptions import Dossier, LireDossier
from services.contracts.notifications import DeposerMessage, Gabarit
from services.kit import clock, wake
from services.kit.auth import AUDIENCE, ISSUER, Verifier
from services.kit.bus import Bus
from services.kit.context import Context
from services.kit.french import NBSP
from services.kit.problems import NotFound, Problem
from services.notifications.main import create_app
from tests.acteurs import un_acteur
from tests.dossiers import COLLECTIVITE, INSCRIPTION, dossier
from tests.integration.notifications.conftest import Boite, reglages
from tests.servers import NatsServer, PostgresServer
from tests.voisins import voisin

PDF = b"%PDF-1.7 convocation"
COPIE = {"nom": "Accueil", "email": "accueil@commune.example", "gabarits": ["acceptee"]}
LISTE = f"/api/notifications/v1/messages?inscription_id={INSCRIPTION}"


@dataclass
class Maison:
    """The service, and the two that it asks; `papiers` are those that documents has."""

    http: httpx.AsyncClient
    circuits: Bus
    cle: ECKey
    papiers: dict[UUID, bytes] = field(default_factory=dict)

    async def demande(self, gabarit: Gabarit, cle: str = "cle", **autrement: Any) -> Fait:
        demande = DeposerMessage.model_validate({"cle": cle, "gabarit": gabarit, "inscription_id": INSCRIPTION} | autrement)
        fait: Fait = await self.circuits.request(demande)
        return fait

    async def liste(self, *roles: Role, **champs: Any) -> httpx.Response:
        qui = un_acteur(*roles, **champs)
        instant = int(clock.now().timestamp())
        claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": str(qui.compte_id), "iat": instant, "exp": instant + 60}
        jeton = jwt.encode({"alg": "ES256", "kid": "test"}, claims | {"acteur": qui.model_dump(mode="json")}, self.cle)
        return await self.http.get(LISTE, headers={"Authorization": f"Bearer {jeton}"})

    async def etats(self) -> list[str]:
        reponse = await self.liste(Role.GESTIONNAIRE, collectivite_id=COLLECTIVITE)
        return [message["etat"] for message in reponse.json()["elements"]]


@pytest.fixture
async def maison(postgres: PostgresServer, nats_server: NatsServer, boite: Boite, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Maison]:
    # So long that what leaves within the test was woken by its NOTIFY.
    monkeypatch.setattr(wake, "LOOK_AGAIN_SECONDS", 300)
    papiers: dict[UUID, bytes] = {}

    async def lire_dossier(_: Context, demande: LireDossier) -> Dossier:
        if demande.inscription_id != INSCRIPTION:
            raise NotFound("Cette demande n’existe pas.")
        return dossier(copies=[COPIE])

    async def lire_document(_: Context, demande: LireDocument) -> DocumentLu:
        if demande.document_id not in papiers:
            raise NotFound("Ce document n’existe pas.")
        contenu = base64.b64encode(papiers[demande.document_id]).decode()
        return DocumentLu(nom_fichier="convocation-2026-000042.pdf", type_mime="application/pdf", contenu_base64=contenu)

    cle = ECKey.generate_key("P-256", {"kid": "test"})
    url = postgres.database_for("notifications")
    app = create_app(reglages(url, f"smtp://127.0.0.1:{boite.port}", **nats_server.login("notifications").__dict__))
    app.state.verifier = qui_croit(cle)
    async with AsyncExitStack() as pile:
        await pile.enter_async_context(voisin(nats_server, "inscriptions", {LireDossier: lire_dossier}))
        await pile.enter_async_context(voisin(nats_server, "documents", {LireDocument: lire_document}))
        circuits = await pile.enter_async_context(voisin(nats_server, "workflows", {}))
        await pile.enter_async_context(app.router.lifespan_context(app))
        http = await pile.enter_async_context(httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://notifications"))
        await jusqu_a(lambda: pret(http))
        yield Maison(http, circuits, cle, papiers)


def qui_croit(cle: ECKey) -> Verifier:
    """The keys stand where identity would publish them."""
    verifier = Verifier("http://127.0.0.1:1")
    verifier._keys._keys = KeySet([cle])
    verifier._keys._fetched_at = float("inf")
    return verifier


async def pret(http: httpx.AsyncClient) -> bool:
    return (await http.get("/health/ready")).status_code == 200


async def jusqu_a(condition: Callable[[], Awaitable[bool]]) -> None:
    for _ in range(400):
        if await condition():
            return
        await asyncio.sleep(0.05)
    pytest.fail("waited in vain")


async def test_a_convocation_leaves_at_once_with_its_paper_and_its_calendar(maison: Maison, boite: Boite) -> None:
    document_id = uuid4()
    maison.papiers[document_id] = PDF
    assert not (await maison.demande(Gabarit.CONVOCATION, document_id=document_id)).deja_fait
    await jusqu_a(lambda: tous(maison, "envoye", 3))
    assert {mail["To"].addresses[0].addr_spec for mail in boite.recus} == {
        "anne.lebihan@commune.example",
        "eric.rault@commune.example",
        "soizic.kervella@commune.example",
    }
    for mail in boite.recus:
        pdf, ics = list(mail.iter_attachments())
        assert (pdf.get_content_type(), pdf.get_filename(), pdf.get_content()) == ("application/pdf", "convocation-2026-000042.pdf", PDF)
        assert (ics.get_content_type(), ics.get_content_charset(), ics.get_param("method")) == ("text/calendar", "utf-8", "PUBLISH")
        assert len(list(Calendar.from_ical(ics.get_content()).walk("VEVENT"))) == 3


async def tous(maison: Maison, etat: str, nombre: int) -> bool:
    return await maison.etats() == [etat] * nombre


async def test_the_same_key_sends_once(maison: Maison, boite: Boite) -> None:
    reponses = await asyncio.gather(*(maison.demande(Gabarit.A_VALIDER) for _ in range(5)))
    assert sorted(reponse.deja_fait for reponse in reponses) == [False] + [True] * 4
    await jusqu_a(lambda: tous(maison, "envoye", 2))
    assert len(boite.recus) == 2


async def test_a_paper_that_is_not_there_yet_is_waited_for(maison: Maison, boite: Boite) -> None:
    await maison.demande(Gabarit.CONVOCATION, document_id=uuid4())
    await jusqu_a(lambda: tous(maison, "reessaye", 3))
    reponse = await maison.liste(Role.GESTIONNAIRE, collectivite_id=COLLECTIVITE)
    assert {message["erreur"] for message in reponse.json()["elements"]} == {
        f"La pièce jointe n’est pas disponible{NBSP}: Ce document n’existe pas."
    }
    assert boite.recus == []


async def test_a_message_about_an_unknown_request_is_refused_and_nothing_is_written(maison: Maison) -> None:
    with pytest.raises(Problem, match="introuvable"):
        await maison.demande(Gabarit.TRANSMISE, inscription_id=uuid4())
    assert await maison.etats() == []


async def test_the_list_is_for_who_logs_in_and_never_gives_the_link(maison: Maison) -> None:
    await maison.demande(Gabarit.AVIS_DEMANDE)
    await jusqu_a(lambda: tous(maison, "envoye", 1))
    reponse = await maison.liste(Role.GESTIONNAIRE, collectivite_id=COLLECTIVITE)
    (message,) = reponse.json()["elements"]
    assert (message["libelle"], message["role"], message["etat_libelle"]) == ("Demande d’avis", "superieur", "Envoyé")
    assert message["envoye_le"] is not None
    assert "/avis/" not in reponse.text
    assert "jeton" not in reponse.text
    sans_jeton = await maison.http.get(LISTE)
    assert (sans_jeton.status_code, sans_jeton.headers["content-type"]) == (401, "application/problem+json")


async def test_another_collectivite_sees_nothing(maison: Maison) -> None:
    await maison.demande(Gabarit.AVIS_DEMANDE)
    assert (await maison.liste(Role.GESTIONNAIRE, collectivite_id=uuid4())).json() == {"elements": []}
    assert (await maison.liste(Role.CONSEILLER, structure="BRE")).json() == {"elements": []}


async def test_a_copy_is_sent_and_followed_as_the_others(maison: Maison, boite: Boite) -> None:
    await maison.demande(Gabarit.ACCEPTEE)
    await jusqu_a(lambda: tous(maison, "envoye", 4))
    assert "accueil@commune.example" in {mail["To"].addresses[0].addr_spec for mail in boite.recus}
    reponse = await maison.liste(Role.GESTIONNAIRE, collectivite_id=COLLECTIVITE)
    copie = next(message for message in reponse.json()["elements"] if message["role"] == "copie")
    assert (copie["libelle"], copie["adresse"], copie["etat"]) == ("Demande acceptée (copie)", "accueil@commune.example", "envoye")
