"""Sessions: opaque, renewed once, kept when NATS is away."""

import asyncio
import json
from datetime import timedelta

import httpx
import pytest

from services.kit.clock import now
from services.kit.problems import Unavailable
from services.web import session as module
from services.web.client import Api
from services.web.clients.base import nouveau_client
from services.web.modeles import Jetons
from services.web.session import Sessions, SessionWeb
from tests.unit.web.reponses import ApiFactice, CoffreEnMemoire, acteur, probleme

RENOUVELLEMENT = "identity/v1/sessions/renouvellement"
NOUVEAUX = {"access_token": "acces-2", "refresh_token": "suite-2", "expires_in": 600, "acteur": acteur("agent")}


def une_session(*, dure: int = 600) -> SessionWeb:
    jetons = Jetons.model_validate({"access_token": "acces", "refresh_token": "suite", "expires_in": dure, "acteur": acteur("agent")})
    return SessionWeb.ouverte(jetons, "Ville de Rochebrune-sur-Vilaine")


@pytest.fixture
def api() -> ApiFactice:
    return ApiFactice(acteur("agent"))


def client(api: ApiFactice) -> Api:
    return Api(nouveau_client("https://api.example", api.transport()))


async def test_the_bucket_never_holds_the_cookie(coffre: CoffreEnMemoire) -> None:
    identifiant = await Sessions(coffre).ouvrir(une_session())
    (cle,) = coffre.contenu
    assert identifiant not in cle
    assert identifiant not in coffre.contenu[cle].decode()


async def test_another_process_reads_it(coffre: CoffreEnMemoire) -> None:
    session = une_session()
    identifiant = await Sessions(coffre).ouvrir(session)
    assert await Sessions(coffre).lire(identifiant) == session
    assert await Sessions(coffre).lire("inconnu") is None


async def test_people_keep_working_while_nats_is_away(coffre: CoffreEnMemoire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FRAICHEUR_SECONDES", 0)
    sessions = Sessions(coffre)
    session = une_session()
    identifiant = await sessions.ouvrir(session)
    coffre.absent = True
    assert await sessions.lire(identifiant) == session
    with pytest.raises(Unavailable):
        await Sessions(coffre).lire(identifiant)


async def test_what_was_opened_meanwhile_is_written_later(coffre: CoffreEnMemoire) -> None:
    sessions = Sessions(coffre)
    coffre.absent = True
    session = une_session()
    identifiant = await sessions.ouvrir(session)
    coffre.absent = False
    assert await sessions.lire(identifiant) == session
    assert await Sessions(coffre).lire(identifiant) == session


async def test_a_closed_session_is_closed_everywhere(coffre: CoffreEnMemoire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FRAICHEUR_SECONDES", 0)
    ici, ailleurs = Sessions(coffre), Sessions(coffre)
    identifiant = await ici.ouvrir(une_session())
    assert await ailleurs.lire(identifiant) is not None
    await ici.fermer(identifiant)
    assert await ici.lire(identifiant) is None
    assert await ailleurs.lire(identifiant) is None


async def test_memory_is_bounded(coffre: CoffreEnMemoire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "EN_MEMOIRE", 2)
    sessions = Sessions(coffre)
    premier, *_ = [await sessions.ouvrir(une_session()) for _ in range(3)]
    coffre.absent = True
    with pytest.raises(Unavailable):
        await sessions.lire(premier)


async def test_tokens_are_renewed_once_however_many_pages_ask(coffre: CoffreEnMemoire, api: ApiFactice) -> None:
    api.repondre("POST", RENOUVELLEMENT, NOUVEAUX)
    sessions = Sessions(coffre)
    identifiant = await sessions.ouvrir(une_session(dure=30))
    lues = await asyncio.gather(*(sessions.lire_vivante(identifiant, client(api)) for _ in range(20)))
    assert {lue.acces for lue in lues if lue} == {"acces-2"}
    assert api.corps("POST", RENOUVELLEMENT) == [{"refresh_token": "suite"}]
    assert json.loads(next(iter(coffre.contenu.values())))["renouvellement"] == "suite-2"


async def test_a_renewal_keeps_the_token_of_open_forms(coffre: CoffreEnMemoire, api: ApiFactice) -> None:
    api.repondre("POST", RENOUVELLEMENT, NOUVEAUX)
    sessions = Sessions(coffre)
    ancienne = une_session(dure=30)
    nouvelle = await sessions.lire_vivante(await sessions.ouvrir(ancienne), client(api))
    assert nouvelle is not None
    assert nouvelle.csrf == ancienne.csrf


async def test_a_refused_renewal_ends_the_session(coffre: CoffreEnMemoire, api: ApiFactice) -> None:
    api.repondre("POST", RENOUVELLEMENT, probleme(401, "connexion-terminee", "Votre connexion a pris fin."))
    sessions = Sessions(coffre)
    identifiant = await sessions.ouvrir(une_session(dure=30))
    assert await sessions.lire_vivante(identifiant, client(api)) is None
    assert coffre.contenu == {}


async def test_a_silent_identity_is_waited_for_as_long_as_the_token_lasts(coffre: CoffreEnMemoire, api: ApiFactice) -> None:
    api.repondre("POST", RENOUVELLEMENT, httpx.Response(502))
    sessions = Sessions(coffre)
    encore_bonne = une_session(dure=30)
    assert await sessions.lire_vivante(await sessions.ouvrir(encore_bonne), client(api)) == encore_bonne
    perimee = encore_bonne.model_copy(update={"expire_le": now() - timedelta(seconds=1)})
    with pytest.raises(Unavailable):
        await sessions.lire_vivante(await sessions.ouvrir(perimee), client(api))
