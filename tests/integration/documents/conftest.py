"""The service documents on real servers, beside a responder of nats.micro that stands where inscriptions would."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet
from sqlalchemy import text

from services.contracts.acteur import Acteur, Role
from services.contracts.documents import DocumentProduit, ProduireConvocation
from services.contracts.inscriptions import Dossier, Etat, LireDossier
from services.documents.main import create_app
from services.documents.settings import Settings
from services.kit import clock
from services.kit.auth import AUDIENCE, ISSUER, Verifier
from services.kit.bus import Bus
from services.kit.context import Context
from services.kit.database import Database
from services.kit.problems import NotFound
from tests.acteurs import un_acteur
from tests.dossiers import dossier
from tests.servers import NatsLogin, NatsServer, PostgresServer
from tests.voisins import voisin

PATIENCE = 15.0
NULLE_PART = "http://127.0.0.1:1"
PUBLIC = "http://localhost:8080"


def acteur(*, roles: Sequence[Role], **champs: Any) -> Acteur:
    return un_acteur(*roles, **champs)


@dataclass
class Inscriptions:
    """Answers the dossiers it is given, and counts how often it is asked."""

    dossiers: dict[UUID, Dossier] = field(default_factory=dict)
    demandes: int = 0

    def accepte(self, **autrement: Any) -> UUID:
        """A new accepted request."""
        inscription_id = uuid4()
        self.dossiers[inscription_id] = dossier(**{"inscription_id": inscription_id, "etat": Etat.ACCEPTEE} | autrement)
        return inscription_id

    async def lire(self, _: Context, request: LireDossier) -> Dossier:
        self.demandes += 1
        if request.inscription_id not in self.dossiers:
            raise NotFound("Cette demande n’existe pas.", slug="demande-introuvable")
        return self.dossiers[request.inscription_id]


@dataclass
class Maison:
    """What a test holds: the service, its neighbours, and its archive."""

    app: FastAPI
    database: Database
    inscriptions: Inscriptions
    workflows: Bus
    dossier_archive: Path
    cle: ECKey

    async def produire(self, inscription_id: UUID) -> DocumentProduit:
        return await self.workflows.request(ProduireConvocation(inscription_id=inscription_id))

    def client(self, qui: Acteur | None = None) -> httpx.AsyncClient:
        """The HTTP of the service as someone, or as nobody."""
        headers = {"Authorization": f"Bearer {self._jeton(qui)}"} if qui else {}
        return httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url="http://documents/api/documents/v1", headers=headers)

    def archives(self) -> list[Path]:
        return sorted(chemin for chemin in self.dossier_archive.rglob("*") if chemin.is_file())

    async def compte(self, table: str) -> int:
        async with self.database.transaction() as session:
            return int((await session.execute(text(f"select count(*) from {table}"))).scalar_one())

    def _jeton(self, qui: Acteur) -> str:
        maintenant = int(clock.now().timestamp())
        claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": str(qui.compte_id), "iat": maintenant, "exp": maintenant + 60}
        return jwt.encode({"alg": "ES256", "kid": "test"}, claims | {"acteur": qui.model_dump(mode="json")}, self.cle)


def _application(database_url: str, login: NatsLogin, archive: Path, cle: ECKey) -> FastAPI:
    settings = Settings.model_validate(
        {
            "port": 1,
            "database_url": database_url,
            "jwks_url": NULLE_PART,
            "public_url": PUBLIC,
            "documents_url": archive.as_uri(),
            "log_level": "CRITICAL",
            **vars(login),
        }
    )
    app = create_app(settings)
    verifier = Verifier(settings.jwks_url)
    verifier._keys._keys = KeySet([cle])
    verifier._keys._fetched_at = float("inf")
    app.state.verifier = verifier
    return app


async def jusqu_a(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not await condition():  # noqa: ASYNC110 -- what is waited for happens in another process
            await asyncio.sleep(0.02)


async def _est_prete(app: FastAPI) -> bool:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://documents") as client:
        return (await client.get("/health/ready")).status_code == httpx.codes.OK


@pytest.fixture
async def maison(postgres: PostgresServer, nats_server: NatsServer, tmp_path: Path) -> AsyncIterator[Maison]:
    inscriptions = Inscriptions()
    cle = ECKey.generate_key("P-256", {"kid": "test"})
    url = postgres.database_for("documents")
    async with AsyncExitStack() as pile:
        await pile.enter_async_context(voisin(nats_server, "inscriptions", {LireDossier: inscriptions.lire}))
        database = Database(url)
        pile.push_async_callback(database.dispose)
        app = _application(url, nats_server.login("documents"), tmp_path / "archive", cle)
        await pile.enter_async_context(app.router.lifespan_context(app))
        await jusqu_a(lambda: _est_prete(app))
        yield Maison(
            app, database, inscriptions, await pile.enter_async_context(voisin(nats_server, "workflows", {})), tmp_path / "archive", cle
        )
